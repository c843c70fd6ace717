"""Who works on it: institutions, partners, experts and functions; missions and their days."""

from django.conf import settings
from django.db import migrations, models
from django.db.models.functions import Cast, Concat

from audit.migrations._shapes import AUDIT_KEY, ID, VERSION, audited, counted, final, trigger
from deliverables.fields import countries
from deliverables.fields.columns import DayField, PartialDateField
from deliverables.migrations._shapes import (
    IN_ACTIVITY, IN_PROJECT, OR_NONE, OWN, choice, code, code_is_its_own, code_order,
    country_is_known, date_is_one, evidence, foreign, in_both_languages, not_before, notes_change,
    once, one_of, pair, project, refused, rule, same_project, text, title,
)
from exchange.migrations._search import search_text

PARTNERSHIP_ROLE = {
    "lead": "Lead Member State partner", "national_lead": "Leads its country's side",
    "junior": "Junior Member State partner", "experts": "Provides experts",
    "contributing": "Contributing Member State partner", "beneficiary": "Beneficiary institution",
    "contracting_authority": "Contracting authority", "named": "Named in the results",
}
ASSIGNMENT_FUNCTION = {
    "ms_project_leader": "Member State Project Leader",
    "beneficiary_project_leader": "Beneficiary Project Leader",
    "rta": "Resident Twinning Adviser (RTA)", "rta_counterpart": "RTA Counterpart",
    "component_leader": "Component Leader",
    "component_institution": "Institution that leads the component",
    "experts_institution": "Institution that provides experts", "short_term_expert": "Expert",
}
MISSION_STATE = {
    "draft": "Draft", "approved": "Terms approved", "confirmed": "Confirmed by the host",
    "done": "Done, report awaited", "reported": "Report received", "accepted": "Report accepted",
    "claimed": "Claimed", "settled": "Settled", "cancelled": "Cancelled",
}
EXPERT_DAY_KIND = {"country": "In the beneficiary country", "travel": "Travel"}
MISSION_STEP_VERB = {
    "approve": "Approve the terms", "confirm": "Confirm for the host",
    "finish": "Record that it took place", "report": "Hand in the report",
    "accept": "Accept the report", "claim": "Claim the days", "settle": "Settle",
    "send_back": "Send back", "cancel": "Cancel",
}
GO_ON_COUNTING = (
    "NEW.name_edition = 1 + COALESCE((SELECT max((before ->> 'name_edition')::int) FROM "
    "audit_event WHERE \"table\" = TG_TABLE_NAME AND operation = 'delete' AND before ->> 'code' = "
    "NEW.code AND \"row\" <> NEW.id), NEW.name_edition - 1); RETURN NEW;"
)


def name_key(table, may_be_shown, name):
    """By what a document means the name, while that may be shown."""
    text = models.CharField(max_length=60)
    edition = Cast(models.F("name_edition"), models.CharField(max_length=10))
    key = Concat(
        models.Value(f"{table} "), models.F("code"), models.Value(" "), edition, output_field=text
    )
    shown = models.When(models.Q((may_be_shown, True), ~models.Q((name, ""))), then=key)
    return models.GeneratedField(
        expression=models.Case(shown, default=models.Value(""), output_field=text),
        output_field=text, db_persist=True,
    )


class Migration(migrations.Migration):
    initial = True
    replaces = [
        ("experts", "0001_initial"), ("experts", "0002_rows_stay_in_their_project"),
        ("experts", "0003_trail"), ("experts", "0004_missions"), ("experts", "0005_terms_stay"),
        ("experts", "0006_words_of_rules"),
        ("experts", "0007_search_does_not_care_how_it_is_typed"),
        ("experts", "0008_whole_projects_may_go"), ("experts", "0009_keys_of_names"),
        ("experts", "0010_steps_are_final"),
    ]
    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL), ("deliverables", "0002_plans"),
    ]

    operations = [
        migrations.CreateModel(
            "Institution",
            fields=[
                ("id", ID),
                ("code", code(help_text="Country and number, as LV-1.", unique=True)),
                ("name_lv", models.CharField("name in Latvian", max_length=200)),
                ("name_en", models.CharField("name in English", max_length=200)),
                ("abbreviation", models.CharField("abbreviation", max_length=20, blank=True,
                    default="", help_text="As PMLP.")),
                ("country", models.CharField("country", max_length=2, choices=countries.choices)),
                ("note_lv", text("note in Latvian")),
                ("note_en", text("note in English")),
                ("code_order", code_order()),
                ("search_text", search_text("code", "abbreviation", "name_lv", "name_en")),
                ("version", VERSION),
            ],
            options={
                "verbose_name": "institution", "verbose_name_plural": "institutions",
                "ordering": ["country", "code_order", "code"],
                "constraints": [
                    rule("institution_code_begins_with_a_letter",
                        models.Q(code__regex=r"^[A-Z]{1,3}(-[A-Z]{1,3})?-?\d{1,4}(\.\d{1,4}){0,3}$"),
                        "A code begins with capital letters, as D1.2 or E14."),
                    country_is_known("institution"),
                    in_both_languages("institution", "name"),
                    once("institution_is_listed_once", ("country", "name_en"),
                        "This country already has an institution of this name."),
                ],
            },
        ),
        counted("experts.Institution", "code_order", "search_text"),
        notes_change("experts.Institution",
            "p.project_id FROM (SELECT project_id FROM experts_partnership WHERE institution_id = "
            "{row}.id UNION SELECT project_id FROM experts_assignment WHERE institution_id = "
            "{row}.id UNION SELECT a.project_id FROM experts_assignment a JOIN experts_expert e "
            "ON a.expert_id = e.id WHERE e.institution_id = {row}.id) p"),
        audited("experts.Institution", left_out=("code_order", "search_text")),

        migrations.CreateModel(
            "Partnership",
            fields=[
                ("id", ID),
                ("project", project("partnerships")),
                ("code", code()),
                ("country", models.CharField("country", max_length=2, choices=countries.choices)),
                ("institution", foreign("experts.institution", "institution", "partnerships",
                    help_text="Empty where the source names only the country.", **OR_NONE)),
                ("role", choice("role", 30, PARTNERSHIP_ROLE)),
                ("detail_lv", title("what it does, in Latvian", blank=True, default="")),
                ("detail_en", title("what it does, in English", blank=True, default="")),
                ("note_lv", text("note in Latvian")),
                ("note_en", text("note in English")),
                ("evidence", evidence()),
                ("code_order", code_order()),
                ("version", VERSION),
            ],
            options={
                "verbose_name": "partnership", "verbose_name_plural": "partnerships",
                "ordering": ["project", "code_order"],
                "constraints": [
                    *code_is_its_own("partnership",
                        "This project already has a partnership with this code."),
                    country_is_known("partnership"),
                    one_of("partnership", "role", PARTNERSHIP_ROLE),
                    once("partnership_has_one_lead_per_project", ("project",),
                        "This project already has a lead partner.",
                        condition=models.Q(role="lead")),
                    once("partnership_lists_a_partner_once", ("project", "country", "institution"),
                        "This partner is already listed in the project.", nulls_distinct=False),
                ],
            },
        ),
        counted("experts.Partnership", "code_order"),
        notes_change("experts.Partnership", OWN),
        audited("experts.Partnership", IN_PROJECT, left_out=("code_order",)),

        migrations.CreateModel(
            "Expert",
            fields=[
                ("id", ID),
                ("code", code(help_text="As LV-E01. It stands for the person in public.",
                    unique=True)),
                ("country", models.CharField("country", max_length=2, choices=countries.choices)),
                ("institution", foreign("experts.institution", "institution", "experts",
                    help_text="Empty where it is not stated.", **OR_NONE)),
                ("name", models.CharField("full name", max_length=200, blank=True, default="",
                    help_text="Personal data: never exported, and shown in public only with "
                        "consent.")),
                ("name_consent", models.BooleanField("agrees to be named in public", default=False,
                    help_text="When this is switched off, the name leaves every public page at "
                        "once.")),
                ("consent_on", PartialDateField("agreed on")),
                ("consent_basis", models.CharField("agreed how", max_length=200, blank=True,
                    default="", help_text="Where the consent is found: a signed form, an e-mail.")),
                ("consent_withdrawn_on", PartialDateField("withdrawn on")),
                ("erased_as", models.CharField("erased as", max_length=20, blank=True, default="",
                    editable=False)),
                ("name_edition", models.IntegerField(db_default=1, editable=False)),
                ("name_key", name_key("expert", "name_consent", "name")),
                ("audit_key", AUDIT_KEY),
                ("code_order", code_order()),
                ("search_text", search_text("code", "name")),
                ("version", VERSION),
            ],
            options={
                "verbose_name": "expert", "verbose_name_plural": "experts",
                "ordering": ["country", "code_order"],
                "constraints": [
                    rule("expert_code_begins_with_a_letter",
                        models.Q(code__regex=r"^[A-Z]{1,3}(-[A-Z]{1,3})?-?\d{1,4}(\.\d{1,4}){0,3}$"),
                        "A code begins with capital letters, as D1.2 or E14."),
                    country_is_known("expert"),
                    rule("expert_who_consents_has_a_name",
                        models.Q(name_consent=False) | ~models.Q(name=""),
                        "Give the name that the expert agrees to show."),
                    *date_is_one("expert", "consent_on", "consent_withdrawn_on"),
                    rule("expert_consent_has_a_date_and_a_basis",
                        models.Q(name_consent=False)
                        | (
                            ~models.Q(consent_on="") & ~models.Q(consent_basis="")
                            & models.Q(consent_withdrawn_on="")
                        ),
                        "Say when and how the expert agreed, and leave the day of withdrawal "
                        "empty."),
                    rule("expert_consent_ends_on_a_day",
                        models.Q(name_consent=True) | models.Q(consent_on="")
                        | ~models.Q(consent_withdrawn_on=""),
                        "Say on which day the expert withdrew the consent."),
                ],
            },
        ),
        counted("experts.Expert", "name_key", "code_order", "search_text"),
        notes_change("experts.Expert",
            "p.project_id FROM (SELECT DISTINCT project_id FROM experts_assignment WHERE "
            "expert_id = {row}.id) p"),
        audited("experts.Expert", personal=("name",),
            left_out=("audit_key", "name_key", "code_order", "search_text")),
        trigger("experts.Expert", "counts_the_name", "BEFORE UPDATE",
            "NEW.name_edition = OLD.name_edition + 1; RETURN NEW;",
            condition='OLD."name" IS DISTINCT FROM (NEW."name")'),
        trigger("experts.Expert", "goes_on_counting_names", "BEFORE INSERT",
            GO_ON_COUNTING),

        migrations.CreateModel(
            "Assignment",
            fields=[
                ("id", ID),
                ("project", project("assignments")),
                ("code", code()),
                ("function", choice("function", 30, ASSIGNMENT_FUNCTION)),
                ("expert", foreign("experts.expert", "expert", "assignments", **OR_NONE)),
                ("component", foreign("deliverables.component", "component", "assignments",
                    **OR_NONE)),
                ("institution", foreign("experts.institution", "institution", "assignments",
                    help_text="Empty where it is not stated.", **OR_NONE)),
                ("from_on", PartialDateField("from")),
                ("to_on", PartialDateField("to")),
                ("holder_name", models.CharField("name of the holder", max_length=200, blank=True,
                    default="",
                    help_text="Personal data. Only for a function that is published with its "
                        "holder.")),
                ("name_published", models.BooleanField("the name is published", default=False,
                    help_text="When this is switched off, the name leaves every public page at "
                        "once.")),
                ("note_lv", text("note in Latvian")),
                ("note_en", text("note in English")),
                ("evidence", evidence()),
                ("name_edition", models.IntegerField(db_default=1, editable=False)),
                ("name_key", name_key("assignment", "name_published", "holder_name")),
                ("audit_key", AUDIT_KEY),
                ("code_order", code_order()),
                ("version", VERSION),
            ],
            options={
                "verbose_name": "assignment", "verbose_name_plural": "assignments",
                "ordering": ["project", "code_order"],
                "constraints": [
                    *code_is_its_own("assignment",
                        "This project already has an assignment with this code."),
                    one_of("assignment", "function", ASSIGNMENT_FUNCTION),
                    *date_is_one("assignment", "from_on", "to_on"),
                    not_before("assignment", "from_on", "to_on", "It ends before it begins."),
                    rule("assignment_of_an_expert_names_the_expert",
                        ~models.Q(function="short_term_expert") | models.Q(expert__isnull=False),
                        "The function “Expert” is held by somebody of the list of experts. Choose "
                        "the expert, or another function."),
                    rule("assignment_of_an_institution_names_it",
                        ~models.Q(function__in=("component_institution", "experts_institution"))
                        | models.Q(institution__isnull=False),
                        "This function is held by an institution. Choose the institution, or "
                        "another function."),
                    rule("assignment_with_published_name_has_a_name",
                        models.Q(name_published=False) | ~models.Q(holder_name=""),
                        "Give the name of the holder, or switch off “the name is published”."),
                ],
            },
        ),
        counted("experts.Assignment", "name_key", "code_order"),
        notes_change("experts.Assignment", OWN),
        audited("experts.Assignment", {
            **IN_PROJECT, "deliverables_component": "{row}.component_id",
            "experts_expert": "{row}.expert_id",
        }, personal=("holder_name",), left_out=("audit_key", "name_key", "code_order")),
        trigger("experts.Assignment", "counts_the_name", "BEFORE UPDATE",
            "NEW.name_edition = OLD.name_edition + 1; RETURN NEW;",
            condition='OLD."holder_name" IS DISTINCT FROM (NEW."holder_name")'),
        trigger("experts.Assignment", "goes_on_counting_names", "BEFORE INSERT",
            GO_ON_COUNTING),

        migrations.CreateModel(
            "Mission",
            fields=[
                ("id", ID),
                ("project", project("missions")),
                ("activity", foreign("deliverables.activity", "activity", "missions")),
                ("code", code(
                    help_text="As M14; the register numbers missions one after another.")),
                ("state", choice("state", 10, MISSION_STATE, default="draft",
                    help_text="It is moved by a step, not typed.")),
                ("terms_lv", text("terms of reference in Latvian")),
                ("terms_en", text("terms of reference in English",
                    help_text="What the experts are to do and to leave.")),
                ("place", models.CharField("place", max_length=200, blank=True, default="")),
                ("from_on", DayField("first day")),
                ("to_on", DayField("last day")),
                ("report_on", DayField("report received on", **OR_NONE)),
                ("report", evidence("report")),
                ("time_sheet", evidence("time sheet")),
                ("boarding_passes", evidence("boarding passes")),
                ("attendance_list", evidence("attendance list")),
                ("papers_note", text("why a paper is missing",
                    help_text="As “on-line, nobody travelled”. Else each paper that is missing "
                        "is reported.")),
                ("code_order", code_order()),
                ("search_text", search_text("code", "place", "terms_lv", "terms_en")),
                ("version", VERSION),
            ],
            options={
                "verbose_name": "mission", "verbose_name_plural": "missions",
                "ordering": ["project", "code_order", "code"],
                "constraints": [
                    *code_is_its_own("mission",
                        "This project already has a mission with this code."),
                    one_of("mission", "state", MISSION_STATE),
                    rule("mission_ends_after_it_begins", models.Q(to_on__gte=models.F("from_on")),
                        "The last day is before the first day."),
                    rule("mission_reported_has_the_day_of_its_report",
                        ~models.Q(state__in=["reported", "accepted", "claimed", "settled"])
                        | models.Q(report_on__isnull=False),
                        "Say on which day the report was received."),
                ],
            },
        ),
        counted("experts.Mission", "code_order", "search_text"),
        notes_change("experts.Mission", OWN),
        audited("experts.Mission", IN_ACTIVITY, left_out=("code_order", "search_text")),
        refused("experts.Mission", "mission_is_changed_as_a_draft", "UPDATE",
            "OLD.state <> 'draft' AND NEW.state <> 'draft' AND (OLD.activity_id, OLD.from_on, "
            "OLD.to_on, OLD.terms_lv, OLD.terms_en) IS DISTINCT FROM (NEW.activity_id, "
            "NEW.from_on, NEW.to_on, NEW.terms_lv, NEW.terms_en)"),

        migrations.CreateModel(
            "MissionExpert",
            fields=[
                ("id", ID),
                ("project", project("+")),
                ("mission", models.ForeignKey("experts.mission", models.CASCADE,
                    verbose_name="mission", related_name="experts")),
                ("expert", foreign("experts.expert", "expert", "missions")),
                ("days", models.PositiveSmallIntegerField("days planned",
                    help_text="Working days in the beneficiary country, without travel.")),
                ("travel_days", models.PositiveSmallIntegerField("travel days planned", default=0)),
                ("grade", models.CharField("class", max_length=10, blank=True, default="",
                    help_text="Of the rate card, where fees depend on the class of the expert.")),
                ("version", VERSION),
            ],
            options={
                "verbose_name": "expert on a mission",
                "verbose_name_plural": "experts on missions",
                "ordering": ["project", "mission__code_order", "expert__code_order"],
                "constraints": [
                    once("missionexpert_goes_once", ("mission", "expert"),
                        "This expert is already on the mission."),
                    rule("missionexpert_days_are_plausible",
                        models.Q(days__gte=1, days__lte=92, travel_days__lte=14),
                        "An expert is planned for 1 to 92 days on a mission, and for 0 to 14 of "
                        "travel."),
                ],
            },
        ),
        counted("experts.MissionExpert"),
        notes_change("experts.MissionExpert", OWN),
        audited("experts.MissionExpert", {
            **IN_PROJECT, "experts_mission": "{row}.mission_id",
            "deliverables_component": (
                "SELECT a.component_id FROM deliverables_activity a JOIN experts_mission m ON "
                "m.activity_id = a.id WHERE m.id = {row}.mission_id"
            ),
            "experts_expert": "{row}.expert_id",
        }),
        refused("experts.MissionExpert", "mission_keeps_its_experts_once_approved",
            "INSERT OR UPDATE OR DELETE",
            "(SELECT state FROM experts_mission WHERE id = {row}.mission_id FOR SHARE) <> 'draft'"),

        migrations.CreateModel(
            "ExpertDay",
            fields=[
                ("id", ID),
                ("project", project("+")),
                ("mission", models.ForeignKey("experts.mission", models.CASCADE,
                    verbose_name="mission", related_name="days")),
                ("expert", foreign("experts.expert", "expert", "days")),
                ("on", DayField("day")),
                ("kind", choice("kind of day", 10, EXPERT_DAY_KIND, default="country")),
                ("version", VERSION),
            ],
            options={
                "verbose_name": "expert-day", "verbose_name_plural": "expert-days",
                "ordering": ["project", "mission__code_order", "expert__code_order", "on"],
                "constraints": [
                    once("expertday_counts_an_expert_once_a_day", ("expert", "on"),
                        "This expert already has this day on a mission. A day counts once."),
                    one_of("expertday", "kind", EXPERT_DAY_KIND),
                ],
            },
        ),
        counted("experts.ExpertDay"),
        notes_change("experts.ExpertDay", OWN),
        audited("experts.ExpertDay", {
            **IN_PROJECT, "experts_mission": "{row}.mission_id",
            "deliverables_component": (
                "SELECT a.component_id FROM deliverables_activity a JOIN experts_mission m ON "
                "m.activity_id = a.id WHERE m.id = {row}.mission_id"
            ),
            "experts_expert": "{row}.expert_id",
        }),
        refused("experts.ExpertDay", "time_sheet_is_filled_in_before_the_report",
            "INSERT OR UPDATE OR DELETE",
            "(SELECT state FROM experts_mission WHERE id = {row}.mission_id FOR SHARE) NOT IN "
            "('confirmed', 'done')"),

        migrations.CreateModel(
            "MissionStep",
            fields=[
                ("id", ID),
                ("project", project("+")),
                ("mission", foreign("experts.mission", "mission", "steps")),
                ("verb", choice("step", 10, MISSION_STEP_VERB)),
                ("ends", choice("to", 10, MISSION_STATE)),
                ("reason", text("reason")),
                ("by", foreign(settings.AUTH_USER_MODEL, "by")),
                ("at", models.DateTimeField("at")),
            ],
            options={
                "verbose_name": "step of a mission", "verbose_name_plural": "steps of missions",
                "ordering": ["mission", "pk"],
                "constraints": [
                    one_of("missionstep", "verb", MISSION_STEP_VERB),
                    one_of("missionstep", "ends", MISSION_STATE),
                ],
            },
        ),
        audited("experts.MissionStep", {
            **IN_PROJECT, "experts_mission": "{row}.mission_id",
            "deliverables_component": (
                "SELECT a.component_id FROM deliverables_activity a JOIN experts_mission m ON "
                "m.activity_id = a.id WHERE m.id = {row}.mission_id"
            ),
        }),
        final("experts.MissionStep", "missionstep_is_final"),

        pair("experts_partnership"),
        pair("experts_mission"),
        same_project("experts_partnership", "evidence", "deliverables_evidence"),
        same_project("experts_assignment", "component", "deliverables_component"),
        same_project("experts_assignment", "evidence", "deliverables_evidence"),
        same_project("experts_mission", "activity", "deliverables_activity"),
        same_project("experts_mission", "report", "deliverables_evidence"),
        same_project("experts_mission", "time_sheet", "deliverables_evidence"),
        same_project("experts_mission", "boarding_passes", "deliverables_evidence"),
        same_project("experts_mission", "attendance_list", "deliverables_evidence"),
        same_project("experts_missionexpert", "mission", "experts_mission"),
        same_project("experts_expertday", "mission", "experts_mission"),
        same_project("experts_missionstep", "mission", "experts_mission"),
    ]
