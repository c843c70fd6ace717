"""What it costs: rules and rates of the contract, headings, lines, entries, contract changes."""

from django.contrib.postgres.fields import ArrayField
from django.db import migrations, models

from audit.migrations._shapes import ID, VERSION, audited, counted, trigger
from deliverables.fields.columns import DayField, NumberField, PartialDateField
from deliverables.migrations._shapes import (
    IN_PROJECT, OR_NONE, OWN, WITH_ITS_PROJECT, choice, code, code_is_its_own, code_order,
    date_is_one, evidence, foreign, in_both_languages, notes_change, once, one_of, pair, project,
    refused, rule, same_project, text, title,
)

# A claimed day with a fee has its amount: a first rate of another kind would change it, too.
PRICES = """
CREATE FUNCTION budget_prices_claimed_days(p bigint, k text, g text, f date)
RETURNS boolean LANGUAGE sql STABLE AS $$
  SELECT k IN ('fee', 'support', 'per_diem') AND EXISTS (
    SELECT FROM experts_expertday d
    JOIN experts_mission m ON m.id = d.mission_id AND m.state IN ('claimed', 'settled')
    JOIN experts_missionexpert e ON e.mission_id = m.id AND e.expert_id = d.expert_id
    WHERE d.project_id = p AND d.kind = 'country' AND d."on" >= f AND g IN ('', e.grade)
      AND NOT EXISTS (
        SELECT FROM budget_rate r WHERE r.project_id = p AND r.kind = k AND r.grade = g
          AND r.from_on > f AND r.from_on <= d."on")
      AND EXISTS (
        SELECT FROM budget_rate r WHERE r.project_id = p AND r.kind = 'fee'
          AND r.grade IN ('', CASE k WHEN 'fee' THEN g ELSE e.grade END)
          AND r.from_on <= d."on"))
$$
"""
RULESET_EDITION = {
    "2012": "Common Twinning Manual 2012, update 2013–2014",
    "2017": "Twinning Manual 2017, update 2022", "other": "Another edition",
}
RULESET_FEE_SCHEME = {
    "by_class": "Daily fee by the class of the expert", "flat": "One daily fee for all experts",
}
RULESET_UNVERIFIED = {
    "fee_scheme": "fee scheme", "reporting_months": "months between reports",
    "interim_due_days": "days for an interim report",
    "final_due_months": "months for the final report",
    "reallocation_limit": "limit of reallocation, per cent of a heading",
    "reallocation_warning": "warn at, per cent of the limit",
    "retention_years": "years of keeping records",
}
TERM_FUNCTION = {
    "ms_project_leader": "Member State Project Leader",
    "beneficiary_project_leader": "Beneficiary Project Leader",
    "rta": "Resident Twinning Adviser (RTA)", "rta_counterpart": "RTA Counterpart",
    "component_leader": "Component Leader",
    "component_institution": "Institution that leads the component",
    "experts_institution": "Institution that provides experts", "short_term_expert": "Expert",
    "lead": "Lead Member State partner", "national_lead": "Leads its country's side",
    "junior": "Junior Member State partner", "experts": "Provides experts",
    "contributing": "Contributing Member State partner", "beneficiary": "Beneficiary institution",
    "contracting_authority": "Contracting authority", "named": "Named in the results",
}
RATE_KIND = {
    "fee": "Daily fee", "support": "Support or management costs, per cent of the fee",
    "per_diem": "Per diem", "indirect": "Indirect costs, per cent",
    "flat": "Flat rate of a month or journey",
}
CONTRACT_CHANGE_KIND = {"side_letter": "Side letter", "addendum": "Addendum"}
CONTRACT_CHANGE_STATE = {"draft": "Draft", "signed": "Signed"}
LINE_COST_BASIS = {"actual": "Actual cost", "unit_cost": "Unit cost", "flat_rate": "Flat rate"}
LINE_PRICED_BY = {
    "fee": "Daily fee", "support": "Support or management costs, per cent of the fee",
    "per_diem": "Per diem",
}
ENTRY_KIND = {
    "planned": "Planned", "committed": "Committed", "spent": "Spent", "forecast": "Forecast",
}


class Migration(migrations.Migration):
    initial = True
    replaces = [
        ("budget", "0001_initial"), ("budget", "0002_trail"), ("budget", "0003_rules_and_changes"),
        ("budget", "0004_holidays"), ("budget", "0005_terms_of_partners"),
        ("budget", "0006_units_with_a_rate"), ("budget", "0007_lines_keep_their_heading"),
        ("budget", "0008_first_rates_of_claimed_days"), ("budget", "0009_things_are_moved_once"),
        ("budget", "0010_every_rule_may_be_unverified"),
        ("budget", "0011_line_keeps_what_it_pays"),
        ("budget", "0012_states_of_changes_are_known_by_their_day"),
        ("budget", "0013_whole_projects_may_go"),
    ]
    dependencies = [("experts", "0001_tables")]

    operations = [
        migrations.CreateModel(
            "Ruleset",
            fields=[
                ("id", ID),
                ("project", project("rulesets")),
                ("edition", choice("edition of the Manual", 10, RULESET_EDITION)),
                ("fee_scheme", choice("fee scheme", 10, RULESET_FEE_SCHEME, blank=True,
                    default="")),
                ("reporting_months", models.PositiveSmallIntegerField("months between reports",
                    blank=True, null=True)),
                ("interim_due_days", models.PositiveSmallIntegerField("days for an interim report",
                    blank=True, null=True, help_text="After the end of the period.")),
                ("final_due_months", models.PositiveSmallIntegerField("months for the final report",
                    blank=True, null=True, help_text="After the implementation period.")),
                (
                    "reallocation_limit",
                    models.PositiveSmallIntegerField("limit of reallocation, per cent of a heading",
                        blank=True, null=True,
                        help_text="What side letters may move of a main heading, added up; "
                            "beyond: an addendum."),
                ),
                (
                    "reallocation_warning",
                    models.PositiveSmallIntegerField("warn at, per cent of the limit", default=80),
                ),
                ("retention_years", models.PositiveSmallIntegerField("years of keeping records",
                    blank=True, null=True, help_text="After the payment of the balance.")),
                (
                    "unverified",
                    ArrayField(
                        models.CharField(max_length=20, choices=list(RULESET_UNVERIFIED.items())),
                        verbose_name="check with your contract", blank=True, default=list,
                        help_text="Figures of the preset that nobody has compared with the "
                            "contract yet."),
                ),
                ("holidays", text("holidays",
                    help_text="Days on which nobody works in the beneficiary's country, as "
                        "2026-11-28, comma between them.")),
                ("note_lv", text("note in Latvian")),
                ("note_en", text("note in English")),
                ("version", VERSION),
            ],
            options={
                "verbose_name": "ruleset", "verbose_name_plural": "rulesets",
                "ordering": ["project"],
                "constraints": [
                    once("ruleset_is_one_in_a_project", ("project",),
                        "This project already has its ruleset. Change that one."),
                    one_of("ruleset", "edition", RULESET_EDITION),
                    one_of("ruleset", "fee_scheme", [*RULESET_FEE_SCHEME, ""]),
                    rule("ruleset_limits_are_percentages",
                        (
                            models.Q(reallocation_limit__isnull=True)
                            | models.Q(reallocation_limit__range=(1, 100))
                        )
                        & models.Q(reallocation_warning__range=(1, 100)),
                        "A limit and its warning are 1 to 100 per cent."),
                    rule("ruleset_periods_are_plausible",
                        (
                            models.Q(reporting_months__isnull=True)
                            | models.Q(reporting_months__range=(1, 24))
                        )
                        & (
                            models.Q(interim_due_days__isnull=True)
                            | models.Q(interim_due_days__lte=366)
                        )
                        & (
                            models.Q(final_due_months__isnull=True)
                            | models.Q(final_due_months__lte=36)
                        )
                        & (
                            models.Q(retention_years__isnull=True)
                            | models.Q(retention_years__lte=50)
                        ),
                        "Reports come every 1 to 24 months, an interim one within 366 days, the "
                        "final one within 36 months; records are kept for at most 50 years."),
                    rule("ruleset_unverified_are_known",
                        models.Q(unverified__contained_by=list(RULESET_UNVERIFIED)),
                        "Choose the figures from the list."),
                ],
            },
        ),
        counted("budget.Ruleset"),
        notes_change("budget.Ruleset", OWN),
        audited("budget.Ruleset", IN_PROJECT),

        migrations.CreateModel(
            "Term",
            fields=[
                ("id", ID),
                ("project", project("terms")),
                ("function", choice("function or part", 30, TERM_FUNCTION)),
                ("label_lv", title("in Latvian")),
                ("label_en", title("in English")),
                ("version", VERSION),
            ],
            options={
                "verbose_name": "term of the edition",
                "verbose_name_plural": "terms of the edition", "ordering": ["project", "function"],
                "constraints": [
                    once("term_is_said_once", ("project", "function"),
                        "This project already has a term for the function."),
                    in_both_languages("term", "label"),
                    one_of("term", "function", TERM_FUNCTION),
                ],
            },
        ),
        counted("budget.Term"),
        notes_change("budget.Term", OWN),
        audited("budget.Term", IN_PROJECT),

        migrations.CreateModel(
            "Rate",
            fields=[
                ("id", ID),
                ("project", project("rates")),
                ("kind", choice("kind", 10, RATE_KIND)),
                ("grade", models.CharField("class", max_length=10, blank=True, default="",
                    help_text="Of the expert, where the fee depends on it; empty: for all.")),
                ("from_on", DayField("in force from")),
                ("amount", models.DecimalField("rate",
                    help_text="EUR; for support and indirect costs per cent.", max_digits=9,
                    decimal_places=2)),
                ("verified", models.BooleanField("checked with the contract", default=False,
                    help_text="Rates of a preset are to be checked with your contract.")),
                ("source_lv", text("source in Latvian")),
                ("source_en", text("source in English")),
                ("version", VERSION),
            ],
            options={
                "verbose_name": "rate", "verbose_name_plural": "rate card",
                "ordering": ["project", "kind", "grade", "from_on"],
                "constraints": [
                    once("rate_begins_once_a_day", ("project", "kind", "grade", "from_on"),
                        "There is already a rate of this kind and class from this day."),
                    one_of("rate", "kind", RATE_KIND),
                    rule("rate_is_not_negative", models.Q(amount__gte=0),
                        "A rate is zero or more."),
                    rule("rate_by_class_is_a_fee", models.Q(grade="") | models.Q(kind="fee"),
                        "Only the daily fee depends on the class."),
                ],
            },
        ),
        counted("budget.Rate"),
        notes_change("budget.Rate", OWN),
        audited("budget.Rate", IN_PROJECT),
        trigger(
            "budget.Rate", "rate_of_claimed_days_is_kept", "BEFORE INSERT OR UPDATE OR DELETE",
            "IF TG_OP = 'UPDATE' AND (OLD.project_id, OLD.kind, OLD.grade, OLD.from_on, "
            "OLD.amount) IS NOT DISTINCT FROM (NEW.project_id, NEW.kind, NEW.grade, NEW.from_on, "
            "NEW.amount) THEN RETURN NEW; END IF; "
            + WITH_ITS_PROJECT
            + "IF (TG_OP <> 'INSERT' AND budget_prices_claimed_days(OLD.project_id, OLD.kind, "
            "OLD.grade, OLD.from_on)) OR (TG_OP <> 'DELETE' AND "
            "budget_prices_claimed_days(NEW.project_id, NEW.kind, NEW.grade, NEW.from_on)) THEN "
            "RAISE EXCEPTION 'rate_of_claimed_days_is_kept' USING ERRCODE = 'check_violation', "
            "CONSTRAINT = 'rate_of_claimed_days_is_kept'; END IF; IF TG_OP = 'DELETE' THEN RETURN "
            "OLD; END IF; RETURN NEW;",
        ),

        migrations.CreateModel(
            "Heading",
            fields=[
                ("id", ID),
                ("project", project("headings")),
                (
                    "code",
                    code(help_text="As in the contract's Annex A3, beginning with a letter: H1."),
                ),
                ("title_lv", title("title in Latvian")),
                ("title_en", title("title in English")),
                ("code_order", code_order()),
                ("version", VERSION),
            ],
            options={
                "verbose_name": "budget heading", "verbose_name_plural": "budget headings",
                "ordering": ["project", "code_order", "code"],
                "constraints": [
                    *code_is_its_own("heading",
                        "This project already has a budget heading with this code."),
                    in_both_languages("heading", "title"),
                ],
            },
        ),
        counted("budget.Heading", "code_order"),
        notes_change("budget.Heading", OWN),
        audited("budget.Heading", IN_PROJECT, left_out=("code_order",)),

        migrations.CreateModel(
            "ContractChange",
            fields=[
                ("id", ID),
                ("project", project("contract_changes")),
                ("code", code(help_text="As SL1 for a side letter, AD1 for an addendum.")),
                ("kind", choice("kind", 12, CONTRACT_CHANGE_KIND)),
                ("state", choice("state", 10, CONTRACT_CHANGE_STATE, default="draft",
                    help_text="It is signed on its page; then nothing in it changes any more.")),
                ("signed_on", DayField("signed on", **OR_NONE)),
                ("number", models.PositiveSmallIntegerField("order of signing", blank=True,
                    null=True, editable=False)),
                ("reason_lv", text("reason in Latvian")),
                ("reason_en", text("reason in English")),
                ("plan", foreign("deliverables.workplan", "version of the work plan",
                    editable=False, help_text="The version that its signature made.", **OR_NONE)),
                ("code_order", code_order()),
                ("version", VERSION),
            ],
            options={
                "verbose_name": "contract change", "verbose_name_plural": "contract changes",
                "ordering": ["project", "number", "code_order", "code"],
                "constraints": [
                    *code_is_its_own("contractchange",
                        "This project already has a contract change with this code."),
                    one_of("contractchange", "kind", CONTRACT_CHANGE_KIND),
                    in_both_languages("contractchange", "reason"),
                    rule("contractchange_is_signed_on_a_day",
                        models.Q(signed_on=None, state="draft")
                        | models.Q(signed_on__isnull=False, state="signed"),
                        "A signed change says on which day; a draft does not."),
                ],
            },
        ),
        counted("budget.ContractChange", "code_order"),
        notes_change("budget.ContractChange", OWN),
        audited("budget.ContractChange", IN_PROJECT, left_out=("code_order",)),
        refused("budget.ContractChange", "signed_change_is_final", "UPDATE OR DELETE",
            "OLD.state = 'signed'"),

        migrations.CreateModel(
            "Line",
            fields=[
                ("id", ID),
                ("project", project("budget_lines")),
                ("heading", foreign("budget.heading", "budget heading", "lines", **OR_NONE)),
                (
                    "code",
                    code(help_text="As in the contract's budget, beginning with a letter: B1.2."),
                ),
                ("title_lv", title("title in Latvian")),
                ("title_en", title("title in English")),
                ("cost_basis", choice("cost basis", 10, LINE_COST_BASIS, blank=True, default="",
                    help_text="Actual cost needs invoices; a unit cost or flat rate proof of "
                        "the event.")),
                ("priced_by", choice("priced by the rate", 10, LINE_PRICED_BY, blank=True,
                    default="",
                    help_text="For a unit cost of expert-days: it is compared with the accepted "
                        "days.")),
                ("component", foreign("deliverables.component", "component", "budget_lines",
                    **OR_NONE)),
                ("partner", foreign("experts.partnership", "partner", "budget_lines", **OR_NONE)),
                ("note_lv", text("note in Latvian")),
                ("note_en", text("note in English")),
                ("code_order", code_order()),
                ("version", VERSION),
            ],
            options={
                "verbose_name": "budget line", "verbose_name_plural": "budget lines",
                "ordering": ["project", "code_order", "code"],
                "constraints": [
                    *code_is_its_own("line",
                        "This project already has a budget line with this code."),
                    in_both_languages("line", "title"),
                    one_of("line", "cost_basis", [*LINE_COST_BASIS, ""]),
                    one_of("line", "priced_by", [*LINE_PRICED_BY, ""]),
                    rule("line_priced_by_a_rate_is_a_unit_cost",
                        models.Q(priced_by="") | models.Q(cost_basis="unit_cost"),
                        "Only a unit cost is priced by a rate. Choose “Unit cost”, or leave the "
                        "rate empty."),
                ],
            },
        ),
        counted("budget.Line", "code_order"),
        notes_change("budget.Line", OWN),
        audited("budget.Line", IN_PROJECT, left_out=("code_order",)),
        refused("budget.Line", "line_keeps_its_heading", "UPDATE",
            "OLD.heading_id IS DISTINCT FROM NEW.heading_id AND EXISTS (SELECT FROM budget_entry "
            "WHERE line_id = OLD.id) AND EXISTS (SELECT FROM budget_entry entry JOIN budget_line "
            "line ON line.id = entry.line_id WHERE line.project_id = OLD.project_id AND "
            "entry.change_id IS NOT NULL)"),
        refused("budget.Line", "line_keeps_its_cost_basis", "UPDATE",
            "((OLD.cost_basis <> '' AND OLD.cost_basis <> NEW.cost_basis) OR (OLD.priced_by <> '' "
            "AND (OLD.priced_by <> NEW.priced_by OR OLD.component_id IS DISTINCT FROM "
            "NEW.component_id OR OLD.partner_id IS DISTINCT FROM NEW.partner_id))) AND EXISTS "
            "(SELECT FROM budget_entry WHERE line_id = OLD.id AND kind = 'spent')"),

        migrations.CreateModel(
            "Entry",
            fields=[
                ("id", ID),
                ("line", foreign("budget.line", "budget line", "entries")),
                ("code", code()),
                ("kind", choice("kind", 10, ENTRY_KIND)),
                ("amount", models.DecimalField("amount, EUR", help_text="0.00 to 999 999 999.99",
                    max_digits=11, decimal_places=2)),
                ("rounded_to", models.DecimalField("rounded to, EUR", blank=True, null=True,
                    help_text="100000 where the source says “2.5 million”; empty where it is "
                        "exact.", max_digits=11, decimal_places=2)),
                ("units", NumberField("units",
                    help_text="Days, journeys or months of a unit cost; else empty.")),
                ("unit_rate", models.DecimalField("rate of a unit, EUR", blank=True, null=True,
                    max_digits=9, decimal_places=2)),
                ("on", PartialDateField("date",
                    help_text="A day or a month: the quarter of the amount follows from it.")),
                ("corrects", foreign("budget.entry", "corrects", "corrected_by",
                    help_text="The entry of this line and kind that this one replaces; the note "
                        "says why.", **OR_NONE)),
                ("change", foreign("budget.contractchange", "contract change", "entries",
                    editable=False, **OR_NONE)),
                ("ledger_ref", models.CharField("number in the ledger", max_length=60, blank=True,
                    default="",
                    help_text="Where the accounting system has it, so that an auditor finds the "
                        "voucher.")),
                ("note_lv", text("note in Latvian")),
                ("note_en", text("note in English")),
                ("evidence", evidence()),
                ("code_order", code_order()),
                ("version", VERSION),
            ],
            options={
                "verbose_name": "budget entry", "verbose_name_plural": "budget entries",
                "ordering": ["line", "code_order", "code"],
                "constraints": [
                    *code_is_its_own("entry",
                        "This budget line already has an entry with this code.", "line"),
                    *date_is_one("entry", "on"),
                    rule("entry_rounding_is_positive",
                        models.Q(rounded_to__isnull=True) | models.Q(rounded_to__gt=0),
                        "Rounding is more than zero; leave it empty if exact."),
                    one_of("entry", "kind", ENTRY_KIND),
                    rule("entry_amount_is_not_negative",
                        models.Q(amount__gte=0) | models.Q(change__isnull=False),
                        "An amount is zero or more."),
                    rule("entry_of_a_contract_change_is_planned",
                        models.Q(change__isnull=True) | models.Q(kind="planned"),
                        "A contract change moves what is planned, not spending."),
                    rule("entry_that_corrects_says_why",
                        models.Q(corrects__isnull=True)
                        | (~models.Q(note_lv="") & ~models.Q(note_en="")),
                        "A correction says why in its note, in Latvian and in English."),
                    once("entry_is_corrected_once", ("corrects",),
                        "That entry is corrected already. Correct the newer one instead."),
                    rule("entry_has_units_with_a_rate",
                        models.Q(("units__isnull", True), ("unit_rate__isnull", True))
                        | models.Q(unit_rate__gte=0, unit_rate__isnull=False, units__gte=0,
                            units__isnull=False),
                        "Give both the units and their rate, or neither."),
                ],
            },
        ),
        counted("budget.Entry", "code_order"),
        notes_change("budget.Entry",
            "(SELECT project_id FROM budget_line WHERE id = {row}.line_id)"),
        audited("budget.Entry", {
            "budget_line": "{row}.line_id",
            "deliverables_project": "SELECT project_id FROM budget_line WHERE id = {row}.line_id",
        }, left_out=("code_order",)),
        trigger("budget.Entry", "entry_of_a_contract_change_is_final", "BEFORE INSERT",
            "IF (SELECT change_id FROM budget_entry WHERE id = NEW.corrects_id) IS NOT NULL THEN "
            "RAISE EXCEPTION 'entry_of_a_contract_change_is_final' USING ERRCODE = "
            "'check_violation', CONSTRAINT = 'entry_of_a_contract_change_is_final'; END IF; "
            "RETURN NEW;"),
        trigger("budget.Entry", "entry_is_corrected_not_changed", "BEFORE UPDATE OR DELETE",
            'IF TG_OP = \'UPDATE\' AND (OLD."line_id", OLD."code", OLD."kind", OLD."amount", '
            'OLD."rounded_to", OLD."on", OLD."units", OLD."unit_rate", OLD."corrects_id", '
            'OLD."change_id") IS NOT DISTINCT FROM (NEW."line_id", NEW."code", NEW."kind", '
            'NEW."amount", NEW."rounded_to", NEW."on", NEW."units", NEW."unit_rate", '
            'NEW."corrects_id", NEW."change_id") THEN RETURN NEW; END IF; IF TG_OP = \'DELETE\' '
            "AND EXISTS (SELECT FROM budget_line l WHERE l.id = OLD.line_id AND NOT EXISTS "
            "(SELECT FROM deliverables_project WHERE id = l.project_id) AND NOT EXISTS (SELECT "
            "FROM releases_release WHERE project_id = l.project_id)) THEN RETURN OLD; END IF; "
            "RAISE EXCEPTION 'entry_is_corrected_not_changed' USING ERRCODE = 'check_violation', "
            "CONSTRAINT = 'entry_is_corrected_not_changed';"),

        migrations.CreateModel(
            "Move",
            fields=[
                ("id", ID),
                ("project", project("+")),
                ("change", models.ForeignKey("budget.contractchange", models.CASCADE,
                    verbose_name="contract change", related_name="moves")),
                ("code", code(help_text="As V1.")),
                ("deliverable", foreign("deliverables.deliverable", "deliverable", **OR_NONE)),
                ("activity", foreign("deliverables.activity", "activity", **OR_NONE)),
                ("line", foreign("budget.line", "budget line", **OR_NONE)),
                ("from_on", DayField("new first day", **OR_NONE)),
                ("to_on", PartialDateField("new date",
                    help_text="When it is due or ends; for money, the month in which it is "
                        "planned.")),
                ("days", models.PositiveIntegerField("new expert-days", blank=True, null=True)),
                ("amount", models.DecimalField("more or less, EUR", blank=True, null=True,
                    help_text="5000 adds, -5000 takes away.", max_digits=11, decimal_places=2)),
                ("old_from_on", DayField("old first day", editable=False, **OR_NONE)),
                ("old_to_on", PartialDateField("old date", editable=False)),
                ("old_days", models.PositiveIntegerField("old expert-days", blank=True, null=True,
                    editable=False)),
                ("old_amount", models.DecimalField("planned before, EUR", blank=True, null=True,
                    editable=False, max_digits=14, decimal_places=2)),
                ("code_order", code_order()),
                ("version", VERSION),
            ],
            options={
                "verbose_name": "what a contract change moves",
                "verbose_name_plural": "what contract changes move",
                "ordering": ["project", "change__code_order", "code_order", "code"],
                "constraints": [
                    *code_is_its_own("move", "This change already has a row with this code.",
                        "change"),
                    *date_is_one("move", "to_on", "old_to_on"),
                    rule("move_moves_one_thing",
                        (
                            models.Q(activity=None) & models.Q(amount=None) & models.Q(days=None)
                            & models.Q(deliverable__isnull=False) & models.Q(from_on=None)
                            & models.Q(line=None) & ~models.Q(to_on="")
                        )
                        | models.Q(("activity__isnull", False), ("amount", None),
                            ("deliverable", None), ("line", None), ("days__isnull", False),
                            ("from_on__isnull", False), ("to_on__regex", r"^\d{4}-\d{2}-\d{2}$"))
                        | (
                            models.Q(activity=None) & models.Q(days=None)
                            & models.Q(deliverable=None) & models.Q(from_on=None)
                            & models.Q(line__isnull=False) & models.Q(amount__isnull=False)
                            & ~models.Q(amount=0)
                        )
                        | (
                            models.Q(activity=None) & models.Q(amount=None) & models.Q(days=None)
                            & models.Q(deliverable=None) & models.Q(from_on=None)
                            & models.Q(line=None) & ~models.Q(to_on="")
                        ),
                        "A row moves one thing: a deliverable to a new date; an activity to a new "
                        "first day, last day and number of expert-days; a budget line by an "
                        "amount; or, naming none of them, the end of the project to a new date."),
                    once("move_is_the_only_one_of_its_deliverable_in_the_change",
                        ("change", "deliverable"),
                        "A change moves a deliverable, an activity or the end of the project "
                        "once: of two rows nobody could tell which holds. Money of a line may "
                        "stand in several rows, which add up."),
                    once("move_is_the_only_one_of_its_activity_in_the_change",
                        ("change", "activity"),
                        "A change moves a deliverable, an activity or the end of the project "
                        "once: of two rows nobody could tell which holds. Money of a line may "
                        "stand in several rows, which add up."),
                    once("move_of_the_end_is_one_in_the_change", ("change",),
                        "A change moves a deliverable, an activity or the end of the project "
                        "once: of two rows nobody could tell which holds. Money of a line may "
                        "stand in several rows, which add up.",
                        condition=models.Q(activity=None, deliverable=None, line=None)),
                ],
            },
        ),
        counted("budget.Move", "code_order"),
        notes_change("budget.Move", OWN),
        audited("budget.Move", {**IN_PROJECT, "budget_contractchange": "{row}.change_id"},
            left_out=("code_order",)),
        refused("budget.Move", "signed_change_keeps_its_moves", "INSERT OR UPDATE OR DELETE",
            "(SELECT state FROM budget_contractchange WHERE id = {row}.change_id FOR SHARE) = "
            "'signed'"),

        pair("budget_heading"),
        pair("budget_line"),
        pair("budget_contractchange"),
        same_project("budget_line", "heading", "budget_heading"),
        same_project("budget_line", "component", "deliverables_component"),
        same_project("budget_line", "partner", "experts_partnership"),
        same_project("budget_contractchange", "plan", "deliverables_workplan"),
        same_project("budget_move", "change", "budget_contractchange"),
        same_project("budget_move", "deliverable", "deliverables_deliverable"),
        same_project("budget_move", "activity", "deliverables_activity"),
        same_project("budget_move", "line", "budget_line"),
        migrations.RunSQL(
            "ALTER TABLE budget_entry ADD CONSTRAINT entry_and_its_line_and_kind "
            "UNIQUE (id, line_id, kind), "
            "ADD CONSTRAINT entry_corrects_one_of_its_line_and_kind "
            "FOREIGN KEY (corrects_id, line_id, kind) REFERENCES budget_entry (id, line_id, kind)",
            "ALTER TABLE budget_entry DROP CONSTRAINT entry_corrects_one_of_its_line_and_kind, "
            "DROP CONSTRAINT entry_and_its_line_and_kind",
        ),
        migrations.RunSQL(
            PRICES, "DROP FUNCTION budget_prices_claimed_days(bigint, text, text, date)"
        ),
    ]
