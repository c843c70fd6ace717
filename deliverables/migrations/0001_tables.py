"""What was promised: projects, components, deliverables, their items, and what proves them."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.validators import MinValueValidator
from django.db import migrations, models

from audit.migrations._shapes import ID, VERSION, audited, counted, trigger
from deliverables.fields import countries
from deliverables.fields.columns import PartialDateField
from deliverables.migrations._shapes import (
    IN_COMPONENT, IN_DELIVERABLE, IN_ITEM, IN_PROJECT, OR_NONE, OWN, VIA_DELIVERABLE, choice, code,
    code_is_its_own, code_order, country_is_known, date_is_one, evidence, foreign, given,
    in_both_languages, not_before, notes_change, once, one_of, pair, project, rule, same_project,
    text, title, voids_signatures, web_address,
)
from exchange.migrations._search import search_text

PROJECT_STATUS = {
    "planned": "Planned", "running": "Running", "suspended": "Suspended", "concluded": "Concluded",
    "cancelled": "Cancelled",
}
PROJECT_RESULTS_BASIS = {
    "contract": "The full list of the contract", "published": "Only what a publication lists",
}
PROJECT_PUBLISHING = {"at_once": "At once", "by_hand": "By hand"}
MEMBERSHIP_ROLE = {
    "coordinator": "Coordinator", "ms_leader": "Project Leader, Member State",
    "bc_leader": "Project Leader, beneficiary", "auditor": "Auditor",
}
FILE_KIND = {
    "pdf": "PDF document", "png": "PNG image", "jpeg": "JPEG image", "docx": "Word document",
    "xlsx": "Excel workbook", "ods": "OpenDocument spreadsheet", "csv": "CSV table",
    "eml": "E-mail",
}
DELIVERABLE_KIND = {
    "main_result": "Main result", "mandatory_result": "Mandatory result",
    "sub_result": "Sub-result",
}
DELIVERABLE_RUNG = {
    "planned": "Planned", "in_progress": "In progress", "delivered": "Reported delivered",
    "documented": "Documented", "accepted": "Accepted by the beneficiary",
    "confirmed": "Confirmed by the steering committee",
    "partially_delivered": "Partially delivered", "not_delivered": "Not delivered",
    "dropped": "Dropped",
}
DELIVERABLE_ACHIEVEMENTS = {
    "developed": "Developed", "adopted": "Adopted", "contributed": "Contributed to",
    "updated": "Updated", "supported": "Supported", "trained": "Training given",
    "established": "Established", "piloted": "Piloted", "implemented": "Implemented",
}
EVIDENCE_KIND = {"publication": "Publication", "link": "Link", "file": "File"}
STATEMENT_KIND = {
    "objective": "Objective", "unknown": "Not known",
    "contradiction": "Contradiction of the source", "note": "Note",
}
ITEM_KIND = {
    "regulated_area": "Regulated area", "campaign_activity": "Campaign activity",
    "output": "Output",
}


def if_public(column, kind, label, empty="", **kwargs):
    """A column of a file, or nothing where that is not public."""
    public = models.When(models.Q(public=True), then=models.F(column))
    nothing = models.Value(empty, output_field=kind)
    return models.GeneratedField(
        expression=models.Case(public, default=nothing, output_field=kind),
        output_field=kind, db_persist=True, verbose_name=label, **kwargs,
    )


class Migration(migrations.Migration):
    initial = True
    replaces = [
        ("deliverables", "0001_initial"), ("deliverables", "0002_rows_stay_in_their_project"),
        ("deliverables", "0003_trail"),
    ]
    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL), ("accounts", "0001_tables"),
        ("audit", "0001_tables"),
    ]

    operations = [
        migrations.CreateModel(
            "Project",
            fields=[
                ("id", ID),
                ("slug", models.SlugField("address", max_length=60, unique=True,
                    help_text="The project's part of its public address; it never changes.")),
                ("reference", models.CharField("reference", max_length=60,
                    help_text="Exactly as the source prints it, as KS 14 JB JH 04.")),
                ("reference_alias", models.CharField("other reference", max_length=60, blank=True,
                    default="", help_text="Another form under which people may look for it.")),
                ("contract_number", models.CharField("contract number", max_length=60, blank=True,
                    default="",
                    help_text="The grant contract, as IPA/2016/377-270: another thing than the "
                        "reference.")),
                ("title_lv", title("title in Latvian")),
                ("title_en", title("title in English")),
                ("summary_lv", text("summary in Latvian",
                    help_text="One or two sentences shown under the title.")),
                ("summary_en", text("summary in English")),
                ("beneficiary_country", models.CharField("beneficiary country", max_length=2,
                    choices=countries.choices)),
                ("fund", models.CharField("fund", max_length=100, blank=True, default="",
                    help_text="The programme that pays, as IPA II. Leave empty where it is not "
                        "stated.")),
                ("start_planned", PartialDateField("planned start")),
                ("start_actual", PartialDateField("actual start")),
                ("end_planned", PartialDateField("planned end",
                    help_text="By the contract as it was first signed.")),
                ("end_current", PartialDateField("planned end now",
                    help_text="By the last contract change that moved it; empty where none did.")),
                ("end_actual", PartialDateField("actual end")),
                ("status", choice("status", 20, PROJECT_STATUS, default="planned")),
                ("results_basis", choice("the list of results is", 20, PROJECT_RESULTS_BASIS,
                    default="contract",
                    help_text="Percentages of completion are shown only for the full list of "
                        "the contract.")),
                ("funding_statement_lv", title("funding statement in Latvian", blank=True,
                    default="")),
                ("funding_statement_en", title("funding statement in English", blank=True,
                    default="",
                    help_text="Stands beside the EU emblem on each page of the project.")),
                ("disclaimer_lv", text("disclaimer in Latvian")),
                ("disclaimer_en", text("disclaimer in English")),
                ("footnote_lv", text("footnote to the country in Latvian")),
                ("footnote_en", text("footnote to the country in English",
                    help_text="Shown once on each page that names the country; the asterisk is "
                        "added.")),
                ("publishing", choice("publishing", 10, PROJECT_PUBLISHING, default="at_once",
                    help_text="At once: each saved change is public. By hand: changes wait for "
                        "the Publish button.")),
                ("retention_until", PartialDateField("records are kept until",
                    help_text="By the contract: no person is erased from them before. Unknown: "
                        "leave empty.")),
                ("legal_hold", text("legal hold",
                    help_text="Why nothing may be erased now, an audit or a claim for instance; "
                        "else empty.")),
                ("fictitious", models.BooleanField("fictitious", default=False,
                    help_text="An invented sample: each of its pages says so.")),
                ("search_text", search_text("reference", "reference_alias", "contract_number",
                    "title_lv", "title_en", "summary_lv", "summary_en")),
                ("version", VERSION),
            ],
            options={
                "verbose_name": "project", "verbose_name_plural": "projects",
                "ordering": ["fictitious", "reference"],
                "constraints": [
                    rule("project_slug_is_lower_case",
                        models.Q(slug__regex="^[a-z0-9]+(-[a-z0-9]+)*$"),
                        "An address has small letters, numbers and single hyphens, as "
                        "ks-14-jb-jh-04."),
                    once("project_reference_is_unique", ("reference",),
                        "Another project already has this reference."),
                    country_is_known("project", "beneficiary_country"),
                    one_of("project", "status", PROJECT_STATUS),
                    one_of("project", "results_basis", PROJECT_RESULTS_BASIS),
                    one_of("project", "publishing", PROJECT_PUBLISHING),
                    *date_is_one("project", "start_planned", "start_actual", "end_planned",
                        "end_actual", "retention_until", "end_current"),
                    not_before("project", "start_planned", "end_planned",
                        "The planned end is before the planned start."),
                    not_before("project", "start_actual", "end_actual",
                        "The actual end is before the actual start."),
                    rule("project_has_both_titles", given("title_lv", "title_en"),
                        "A project has a title in Latvian and in English."),
                ],
            },
        ),
        counted("deliverables.Project", "search_text"),
        notes_change("deliverables.Project", "{row}.id"),
        audited("deliverables.Project", left_out=("search_text",)),

        migrations.CreateModel(
            "Change",
            fields=[
                ("id", ID),
                ("project", models.ForeignKey("deliverables.project", models.DO_NOTHING,
                    related_name="changes", db_constraint=False)),
                ("transaction", models.BigIntegerField()),
                ("at", models.DateTimeField()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("project", "transaction"),
                        name="change_is_noted_once_per_transaction"),
                ],
            },
        ),

        migrations.CreateModel(
            "Component",
            fields=[
                ("id", ID),
                ("project", project("components")),
                ("number", models.PositiveSmallIntegerField("number",
                    help_text="As in the contract; 0 is management and visibility.")),
                ("title_lv", title("title in Latvian")),
                ("title_en", title("title in English")),
                ("note_lv", text("note in Latvian")),
                ("note_en", text("note in English")),
                ("search_text", search_text("title_lv", "title_en")),
                ("version", VERSION),
            ],
            options={
                "verbose_name": "component", "verbose_name_plural": "components",
                "ordering": ["project", "number"],
                "constraints": [
                    once("component_number_is_unique_in_its_project", ("project", "number"),
                        "This project already has a component of this number."),
                    rule("component_number_is_at_most_99", models.Q(number__lte=99),
                        "A component has a number from 0 to 99."),
                    rule("component_has_both_titles", given("title_lv", "title_en"),
                        "A component has a title in Latvian and in English."),
                ],
            },
        ),
        counted("deliverables.Component", "search_text"),
        notes_change("deliverables.Component", OWN),
        audited("deliverables.Component", IN_PROJECT, left_out=("search_text",)),

        migrations.CreateModel(
            "Membership",
            fields=[
                ("id", ID),
                ("user", foreign(settings.AUTH_USER_MODEL, "person", "memberships")),
                ("project", project("memberships")),
                ("role", choice("role", 20, MEMBERSHIP_ROLE)),
                ("component", foreign("deliverables.component", "component", "memberships",
                    help_text="For a coordinator: the component. One row for each; empty for "
                        "other roles.", **OR_NONE)),
                ("version", VERSION),
            ],
            options={
                "verbose_name": "role in a project", "verbose_name_plural": "roles in projects",
                "ordering": ["project", "role", "component__number", "user"],
                "constraints": [
                    once("membership_is_given_once", ("user", "project", "role", "component"),
                        "This person already has this role here.", nulls_distinct=False),
                    rule("membership_role_is_known",
                        models.Q(role__in=["coordinator", "ms_leader", "bc_leader", "auditor"]),
                        "This role is not known. Choose one from the list."),
                    rule("membership_of_a_coordinator_names_a_component",
                        models.Q(("role", "coordinator"), ("component__isnull", False))
                        | (~models.Q(role="coordinator") & models.Q(component__isnull=True)),
                        "A coordinator has one component; the other roles are for the whole "
                        "project and leave the component empty."),
                    once("membership_leads_for_one_side_or_audits", ("user", "project"),
                        "This person already leads or audits this project. One person leads for "
                        "one side only, and who leads does not audit.",
                        condition=models.Q(role__in=["ms_leader", "bc_leader", "auditor"])),
                ],
            },
        ),
        counted("deliverables.Membership"),
        audited("deliverables.Membership", {
            **IN_PROJECT, "deliverables_component": "{row}.component_id",
            "accounts_user": "{row}.user_id",
        }),

        migrations.CreateModel(
            "Source",
            fields=[
                ("id", ID),
                ("project", project("sources")),
                ("code", code()),
                ("title_lv", title("title in Latvian")),
                ("title_en", title("title in English")),
                ("publisher_lv", models.CharField("publisher in Latvian", max_length=200)),
                ("publisher_en", models.CharField("publisher in English", max_length=200)),
                ("publisher_short", models.CharField("publisher, short", max_length=40,
                    help_text="As in “reported by PMLP”.")),
                ("published_on", PartialDateField("published on")),
                ("language", models.CharField("language", max_length=2,
                    help_text="Of the publication: lv, en, …")),
                ("url", web_address("address, as printed")),
                ("url_alternative", web_address("address, probable")),
                ("sha256", models.CharField("SHA-256 of the copy read", max_length=64, blank=True,
                    default="")),
                ("note_lv", text("note in Latvian")),
                ("note_en", text("note in English")),
                ("version", VERSION),
            ],
            options={
                "verbose_name": "source", "verbose_name_plural": "sources",
                "ordering": ["project", "code"],
                "constraints": [
                    *code_is_its_own("source", "This project already has a source with this code."),
                    in_both_languages("source", "title", "publisher"),
                    *date_is_one("source", "published_on"),
                    rule("source_sha256_is_64_hexadecimal_digits",
                        models.Q(sha256="") | models.Q(sha256__regex="^[0-9a-f]{64}$"),
                        "A SHA-256 has 64 digits 0–9 and a–f."),
                ],
            },
        ),
        counted("deliverables.Source"),
        notes_change("deliverables.Source", OWN),
        audited("deliverables.Source", IN_PROJECT),

        migrations.CreateModel(
            "File",
            fields=[
                ("id", ID),
                ("project", project("files")),
                ("name", models.CharField("name", max_length=150,
                    help_text="As uploaded. It is seen in the back office only.")),
                ("kind", choice("kind", 4, FILE_KIND)),
                ("size", models.PositiveIntegerField("size, bytes")),
                ("sha256", models.CharField("SHA-256", max_length=64)),
                ("key", models.CharField("key in the storage", max_length=80, unique=True,
                    editable=False)),
                ("public", models.BooleanField("public", default=False,
                    help_text="Anyone may download it, once a release lists it. Switched off, "
                        "at once none.")),
                ("added_by", foreign(settings.AUTH_USER_MODEL, "added by", null=True)),
                ("added_at", models.DateTimeField("added at")),
                ("public_sha256", if_public("sha256", models.CharField(max_length=64),
                    "SHA-256 of the file")),
                ("public_kind", if_public("kind", models.CharField(max_length=4), "kind of file")),
                ("public_size", if_public("size", models.PositiveIntegerField(),
                    "size of the file, bytes", empty=None, null=True)),
                ("version", VERSION),
            ],
            options={
                "verbose_name": "file", "verbose_name_plural": "files",
                "ordering": ["project", "name", "pk"],
                "constraints": [
                    once("file_is_kept_once_in_its_project", ("project", "sha256"),
                        "This project already has this file."),
                    one_of("file", "kind", FILE_KIND),
                    rule("file_sha256_is_64_hexadecimal_digits",
                        models.Q(sha256__regex="^[0-9a-f]{64}$"),
                        "A SHA-256 has 64 digits 0–9 and a–f."),
                    rule("file_size_is_within_the_limit", models.Q(size__gte=1, size__lte=26214400),
                        "A file has at least 1 byte and at most 25 MB."),
                ],
            },
        ),
        counted("deliverables.File", "public_sha256", "public_kind", "public_size"),
        notes_change("deliverables.File", OWN),
        audited("deliverables.File", IN_PROJECT,
            left_out=("public_sha256", "public_kind", "public_size")),

        migrations.CreateModel(
            "Deliverable",
            fields=[
                ("id", ID),
                ("project", project("deliverables")),
                ("component", foreign("deliverables.component", "component", "deliverables")),
                ("code", code(help_text="As D1.2. It is never changed and never used again.")),
                ("kind", choice("kind", 20, DELIVERABLE_KIND, default="mandatory_result")),
                ("title_lv", title("title in Latvian")),
                ("title_en", title("title in English")),
                ("rung", choice("rung", 20, DELIVERABLE_RUNG, default="planned",
                    help_text="How far it has come. It is moved by a step, not typed.")),
                ("weight", models.PositiveSmallIntegerField("weight", default=1,
                    help_text="1, unless the work plan agreed on weights.",
                    validators=[MinValueValidator(1)])),
                ("due_original", PartialDateField("due, original",
                    help_text="As in the contract. A later plan never erases it.")),
                ("due_current", PartialDateField("due, current",
                    help_text="As re-planned last; empty where it was not re-planned.")),
                ("delivered_on", PartialDateField("delivered on")),
                ("accepted_on", PartialDateField("accepted on")),
                ("adopted_on", PartialDateField("adopted on",
                    help_text="By a third party, a parliament for instance.")),
                ("adopted_by_lv", models.CharField("adopted by, in Latvian", max_length=200,
                    blank=True, default="")),
                ("adopted_by_en", models.CharField("adopted by, in English", max_length=200,
                    blank=True, default="")),
                (
                    "achievements",
                    ArrayField(models.CharField(max_length=20,
                            choices=list(DELIVERABLE_ACHIEVEMENTS.items())),
                        verbose_name="what was done", blank=True, default=list,
                        help_text="The verbs of the source: developed, adopted, trained …"),
                ),
                ("items_intro_lv", title("introduces its items, in Latvian", blank=True,
                    default="")),
                ("items_intro_en", title("introduces its items, in English", blank=True,
                    default="")),
                ("note_lv", text("note in Latvian")),
                ("note_en", text("note in English")),
                ("reason_lv", text("reason in Latvian")),
                ("reason_en", text("reason in English",
                    help_text="Why only a part, or nothing, was delivered; names the contract "
                        "change.")),
                ("active", models.BooleanField("active", default=True,
                    help_text="Switch off what was entered by mistake; a deliverable is never "
                        "deleted.")),
                ("code_order", code_order()),
                ("search_text", search_text("code", "title_lv", "title_en", "note_lv", "note_en")),
                ("version", VERSION),
            ],
            options={
                "verbose_name": "deliverable", "verbose_name_plural": "deliverables",
                "ordering": ["project", "code_order", "code"],
                "constraints": [
                    *code_is_its_own("deliverable",
                        "This project already has a deliverable with this code."),
                    one_of("deliverable", "kind", DELIVERABLE_KIND),
                    one_of("deliverable", "rung", DELIVERABLE_RUNG),
                    rule("deliverable_achievements_are_known",
                        models.Q(achievements__contained_by=list(DELIVERABLE_ACHIEVEMENTS)),
                        "One of the verbs of what was done is not known. Choose them from the "
                        "list."),
                    rule("deliverable_weight_is_1_to_100", models.Q(weight__gte=1, weight__lte=100),
                        "A weight is a whole number from 1 to 100."),
                    *date_is_one("deliverable", "due_original", "due_current", "delivered_on",
                        "accepted_on", "adopted_on"),
                    rule("deliverable_delivery_date_needs_a_delivery",
                        models.Q(delivered_on="")
                        | models.Q(rung__in=["delivered", "documented", "accepted", "confirmed",
                                "partially_delivered"]),
                        "There is a date of delivery, but the deliverable is not delivered yet. "
                        "Remove the date, or mark it delivered first."),
                    rule("deliverable_acceptance_date_needs_an_acceptance",
                        models.Q(accepted_on="") | models.Q(rung__in=("accepted", "confirmed")),
                        "There is a date of acceptance, but the beneficiary has not accepted it "
                        "yet. Remove the date, or have it accepted first."),
                    rule("deliverable_adoption_date_names_who_adopted",
                        models.Q(adopted_on="") | ~models.Q(adopted_by_en=""),
                        "Say who adopted it, or remove the date of adoption."),
                    rule("deliverable_side_exit_has_a_reason",
                        ~models.Q(rung__in=("partially_delivered", "not_delivered", "dropped"))
                        | (~models.Q(reason_lv="") & ~models.Q(reason_en="")),
                        "What was delivered in part, not delivered or dropped needs a reason in "
                        "Latvian and in English."),
                    rule("deliverable_has_both_titles", given("title_lv", "title_en"),
                        "A deliverable has a title in Latvian and in English."),
                ],
            },
        ),
        counted("deliverables.Deliverable", "code_order", "search_text"),
        notes_change("deliverables.Deliverable", OWN),
        audited("deliverables.Deliverable", IN_COMPONENT, left_out=("code_order", "search_text")),
        trigger("deliverables.Deliverable", "voids_signatures", "AFTER UPDATE",
            "IF to_jsonb(NEW) - ARRAY['version', 'search_text', 'code_order', 'rung', "
            "'accepted_on'] IS DISTINCT FROM to_jsonb(OLD) - ARRAY['version', 'search_text', "
            "'code_order', 'rung', 'accepted_on'] OR NEW.rung NOT IN ('accepted', 'confirmed') "
            "THEN UPDATE deliverables_signoff SET voided_at = now() WHERE voided_at IS NULL AND "
            "deliverable_id IN (NEW.id); END IF; RETURN NULL;"),

        migrations.CreateModel(
            "Evidence",
            fields=[
                ("id", ID),
                ("project", project("evidence")),
                ("deliverable", foreign("deliverables.deliverable", "deliverable", "evidence",
                    help_text="Empty where it concerns the project or a component as a whole.",
                    **OR_NONE)),
                ("code", code(help_text="As L15 for line 15, or E3. Unique in the project.")),
                ("kind", choice("kind", 20, EVIDENCE_KIND, default="link")),
                ("source", foreign("deliverables.source", "source", "evidence",
                    help_text="The publication it is read in.", **OR_NONE)),
                ("line", models.PositiveIntegerField("line", blank=True, null=True,
                    help_text="Of the publication's text.")),
                ("quote", text("quotation",
                    help_text="Word for word, in the language of the source, without personal "
                        "names.")),
                ("title_lv", title("shows, in Latvian", help_text="What it is evidence of.")),
                ("title_en", title("shows, in English")),
                ("url", web_address("link")),
                ("file", foreign("deliverables.file", "file", "evidence",
                    help_text="One file can prove several deliverables.", **OR_NONE)),
                ("code_order", code_order()),
                ("version", VERSION),
            ],
            options={
                "verbose_name": "evidence", "verbose_name_plural": "pieces of evidence",
                "ordering": ["project", "code_order", "code"],
                "constraints": [
                    *code_is_its_own("evidence",
                        "This project already has evidence with this code."),
                    in_both_languages("evidence", "title"),
                    rule("evidence_from_a_publication_names_its_source",
                        ~models.Q(kind="publication") | models.Q(source__isnull=False),
                        "Evidence from a publication names its source. Choose the source, or "
                        "another kind of evidence."),
                    rule("evidence_that_is_a_link_has_an_address",
                        ~models.Q(kind="link") | ~models.Q(url=""),
                        "Give the address of the link, beginning with https://."),
                    one_of("evidence", "kind", EVIDENCE_KIND),
                    rule("evidence_that_is_a_file_names_it",
                        ~models.Q(kind="file") | models.Q(file__isnull=False),
                        "Choose the file, or attach it on the deliverable."),
                ],
            },
        ),
        counted("deliverables.Evidence", "code_order"),
        notes_change("deliverables.Evidence", OWN),
        audited("deliverables.Evidence", {
            "deliverables_deliverable": "{row}.deliverable_id",
            "deliverables_component": (
                "SELECT component_id FROM deliverables_deliverable WHERE id = {row}.deliverable_id"
            ),
            "deliverables_project": "{row}.project_id",
        }, left_out=("code_order",)),
        voids_signatures("deliverables.Evidence", "{row}.deliverable_id"),
        migrations.AddField("component", "evidence", evidence()),

        migrations.CreateModel(
            "Statement",
            fields=[
                ("id", ID),
                ("project", project("statements")),
                ("code", code()),
                ("kind", choice("kind", 20, STATEMENT_KIND)),
                ("text_lv", models.CharField("text in Latvian", max_length=10000)),
                ("text_en", models.CharField("text in English", max_length=10000)),
                ("evidence", evidence()),
                ("code_order", code_order()),
                ("version", VERSION),
            ],
            options={
                "verbose_name": "statement", "verbose_name_plural": "statements",
                "ordering": ["project", "kind", "code_order"],
                "constraints": [
                    *code_is_its_own("statement",
                        "This project already has a statement with this code."),
                    in_both_languages("statement", "text"),
                    one_of("statement", "kind", STATEMENT_KIND),
                ],
            },
        ),
        counted("deliverables.Statement", "code_order"),
        notes_change("deliverables.Statement", OWN),
        audited("deliverables.Statement", IN_PROJECT, left_out=("code_order",)),

        migrations.CreateModel(
            "Title",
            fields=[
                ("id", ID),
                ("project", project("titles")),
                ("component", foreign("deliverables.component", "component", "titles",
                    help_text="Empty where it is the project's own title.", **OR_NONE)),
                ("position", models.PositiveSmallIntegerField("position", default=1)),
                ("title_lv", title("title in Latvian", blank=True, default="")),
                ("title_en", title("title in English", blank=True, default="")),
                ("where_lv", title("where it is used, in Latvian")),
                ("where_en", title("where it is used, in English")),
                ("evidence", evidence()),
                ("version", VERSION),
            ],
            options={
                "verbose_name": "other title", "verbose_name_plural": "other titles",
                "ordering": [
                    "project", models.OrderBy(models.F("component__number"), nulls_first=True),
                    "position",
                ],
                "constraints": [
                    once("title_position_is_unique", ("project", "component", "position"),
                        "There is already another title in this position.", nulls_distinct=False),
                    rule("title_is_not_empty", ~models.Q(title_lv="") | ~models.Q(title_en=""),
                        "Give the other title in Latvian or in English."),
                ],
            },
        ),
        counted("deliverables.Title"),
        notes_change("deliverables.Title", OWN),
        audited("deliverables.Title", IN_COMPONENT),

        migrations.CreateModel(
            "Item",
            fields=[
                ("id", ID),
                ("deliverable", foreign("deliverables.deliverable", "deliverable", "items")),
                ("code", code(help_text="As D1.2.10.")),
                ("kind", choice("kind", 20, ITEM_KIND, default="output")),
                ("title_lv", title("title in Latvian")),
                ("title_en", title("title in English")),
                ("note_lv", text("note in Latvian")),
                ("note_en", text("note in English")),
                ("evidence", evidence()),
                ("code_order", code_order()),
                ("search_text", search_text("code", "title_lv", "title_en")),
                ("version", VERSION),
            ],
            options={
                "verbose_name": "item", "verbose_name_plural": "items",
                "ordering": ["deliverable", "code_order", "code"],
                "constraints": [
                    *code_is_its_own("item", "This deliverable already has an item with this code.",
                        "deliverable"),
                    in_both_languages("item", "title"),
                    one_of("item", "kind", ITEM_KIND),
                ],
            },
        ),
        counted("deliverables.Item", "code_order", "search_text"),
        notes_change("deliverables.Item", VIA_DELIVERABLE),
        audited("deliverables.Item", IN_DELIVERABLE, left_out=("code_order", "search_text")),
        voids_signatures("deliverables.Item", "{row}.deliverable_id"),

        migrations.CreateModel(
            "Figure",
            fields=[
                ("id", ID),
                ("item", models.ForeignKey("deliverables.item", models.CASCADE, verbose_name="item",
                    related_name="figures")),
                ("position", models.PositiveSmallIntegerField("position", default=1)),
                ("label_lv", models.CharField("what is counted, in Latvian", max_length=200)),
                ("label_en", models.CharField("what is counted, in English", max_length=200)),
                ("value", models.PositiveIntegerField("value")),
                ("version", VERSION),
            ],
            options={
                "verbose_name": "figure", "verbose_name_plural": "figures",
                "ordering": ["item", "position"],
                "constraints": [
                    once("figure_position_is_unique_in_its_item", ("item", "position"),
                        "This item already has a figure in this position."),
                    rule("figure_has_at_most_nine_digits", models.Q(value__lte=999999999),
                        "A figure has at most nine digits."),
                ],
            },
        ),
        counted("deliverables.Figure"),
        notes_change("deliverables.Figure",
            "(SELECT d.project_id FROM deliverables_deliverable d JOIN deliverables_item i ON "
            "i.deliverable_id = d.id WHERE i.id = {row}.item_id)"),
        audited("deliverables.Figure", IN_ITEM),
        voids_signatures("deliverables.Figure",
            "SELECT deliverable_id FROM deliverables_item WHERE id = {row}.item_id"),

        pair("deliverables_component"),
        pair("deliverables_deliverable"),
        pair("deliverables_source"),
        pair("deliverables_evidence"),
        migrations.AddConstraint("file", once("file_and_its_project", ("id", "project"),
            "This file belongs to another project.")),
        same_project("deliverables_deliverable", "component", "deliverables_component"),
        same_project("deliverables_evidence", "deliverable", "deliverables_deliverable"),
        same_project("deliverables_evidence", "source", "deliverables_source"),
        same_project("deliverables_evidence", "file", "deliverables_file"),
        same_project("deliverables_component", "evidence", "deliverables_evidence"),
        same_project("deliverables_title", "component", "deliverables_component"),
        same_project("deliverables_title", "evidence", "deliverables_evidence"),
        same_project("deliverables_statement", "evidence", "deliverables_evidence"),
        same_project("deliverables_membership", "component", "deliverables_component"),
    ]
