"""How it comes about: steps and signatures, the work plan, indicators."""

from django.conf import settings
from django.db import migrations, models

from audit.migrations._shapes import ID, VERSION, audited, counted, final
from deliverables.fields.columns import DayField, NumberField, PartialDateField
from deliverables.migrations._shapes import (
    IN_ACTIVITY, IN_COMPONENT, IN_DELIVERABLE, IN_PROJECT, OR_NONE, OWN, choice, code,
    code_is_its_own, code_order, date_is_one, evidence, foreign, given, in_both_languages,
    not_before, notes_change, once, one_of, pair, project, refused, rule, same_project, text, title,
)
from exchange.migrations._search import search_text

STEP_VERB = {
    "start": "Start work", "deliver": "Report as delivered", "document": "Confirm the evidence",
    "accept": "Accept for the beneficiary", "confirm": "Confirm for the steering committee",
    "send_back": "Send back", "drop": "Take out of the plan", "reopen": "Reopen",
}
STEP_BEGINS = {
    "planned": "Planned", "in_progress": "In progress", "delivered": "Reported delivered",
    "documented": "Documented", "accepted": "Accepted by the beneficiary",
    "confirmed": "Confirmed by the steering committee",
    "partially_delivered": "Partially delivered", "not_delivered": "Not delivered",
    "dropped": "Dropped",
}
SIGN_OFF_SIDE = {"ms": "Member State", "bc": "Beneficiary"}
WORK_PLAN_KIND = {
    "contract": "Work plan of the contract", "amended": "As amended by a side letter or addendum",
    "initial": "Initial work plan", "rolling": "Rolling work plan",
}
WORK_PLAN_STATE = {"draft": "Draft", "approved": "Approved"}
ACTIVITY_KIND = {
    "mission": "Missions of experts", "training": "Training", "study_visit": "Study visit",
    "drafting": "Drafting", "event": "Event", "meeting": "Steering committee meeting",
}
ACTIVITY_STATUS = {
    "planned": "Planned", "ongoing": "Ongoing", "completed": "Completed", "postponed": "Postponed",
    "cancelled": "Cancelled",
}
INDICATOR_UNIT = {"number": "Number", "percent": "Per cent", "yes_no": "Yes or no", "text": "Text"}


class Migration(migrations.Migration):
    replaces = [
        ("deliverables", "0004_work_plan"), ("deliverables", "0005_indicators"),
        ("deliverables", "0006_project_end_current"), ("deliverables", "0007_accepted_findings"),
        ("deliverables", "0008_plan_moved"),
        ("deliverables", "0009_activities_keep_their_component"),
        ("deliverables", "0010_states_of_plans_are_known_by_their_day"),
        ("deliverables", "0011_words_of_rules"),
        ("deliverables", "0012_search_does_not_care_how_it_is_typed"),
        ("deliverables", "0013_whole_projects_may_go"), ("deliverables", "0014_steps_are_final"),
    ]
    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL), ("deliverables", "0001_tables"),
    ]

    operations = [
        migrations.CreateModel(
            "Step",
            fields=[
                ("id", ID),
                ("deliverable", foreign("deliverables.deliverable", "deliverable", "steps")),
                ("verb", choice("step", 20, STEP_VERB)),
                ("begins", choice("from", 20, STEP_BEGINS)),
                ("ends", choice("to", 20, STEP_BEGINS)),
                ("on", PartialDateField("date")),
                ("reason", text("reason")),
                ("by", foreign(settings.AUTH_USER_MODEL, "by")),
                ("at", models.DateTimeField("at")),
            ],
            options={
                "verbose_name": "step", "verbose_name_plural": "steps",
                "ordering": ["deliverable", "pk"],
                "constraints": [
                    one_of("step", "verb", STEP_VERB),
                    one_of("step", "begins", STEP_BEGINS),
                    one_of("step", "ends", STEP_BEGINS),
                    *date_is_one("step", "on"),
                    rule("step_downwards_has_a_reason",
                        ~models.Q(verb__in=["send_back", "reopen"]) | ~models.Q(reason=""),
                        "Say why it is sent back or reopened."),
                ],
            },
        ),
        audited("deliverables.Step", IN_DELIVERABLE),
        final("deliverables.Step", "step_is_final"),

        migrations.CreateModel(
            "SignOff",
            fields=[
                ("id", ID),
                ("deliverable", foreign("deliverables.deliverable", "deliverable", "signatures")),
                ("side", choice("side", 2, SIGN_OFF_SIDE)),
                ("digest", models.CharField("SHA-256 of what was signed", max_length=64)),
                ("by", foreign(settings.AUTH_USER_MODEL, "by")),
                ("at", models.DateTimeField("at")),
                ("voided_at", models.DateTimeField("void since", blank=True, null=True)),
            ],
            options={
                "verbose_name": "signature", "verbose_name_plural": "signatures",
                "ordering": ["deliverable", "pk"],
                "constraints": [
                    one_of("signoff", "side", SIGN_OFF_SIDE),
                    rule("signoff_binds_a_sha256", models.Q(digest__regex="^[0-9a-f]{64}$"),
                        "A SHA-256 has 64 digits 0–9 and a–f."),
                    once("signoff_is_given_once_by_each_side", ("deliverable", "side"),
                        "This side has already signed.",
                        condition=models.Q(voided_at__isnull=True)),
                ],
            },
        ),
        audited("deliverables.SignOff", IN_DELIVERABLE),

        migrations.CreateModel(
            "Reminder",
            fields=[
                ("id", ID),
                ("user", models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE,
                    verbose_name="person", related_name="reminders")),
                ("on", models.DateField("day")),
            ],
            options={
                "constraints": [
                    once("reminder_goes_once_a_day", ("user", "on"),
                        "This person was reminded today."),
                ],
            },
        ),

        migrations.CreateModel(
            "AcceptedFinding",
            fields=[
                ("id", ID),
                ("project", project("accepted_findings")),
                ("key", models.CharField("finding", max_length=400)),
                ("reason", text("reason")),
                ("by", models.CharField("by", max_length=20)),
                ("at", models.DateTimeField("at")),
            ],
            options={
                "verbose_name": "accepted finding", "verbose_name_plural": "accepted findings",
                "ordering": ["project", "pk"],
                "constraints": [
                    once("acceptedfinding_is_accepted_once", ("project", "key"),
                        "This finding is accepted already."),
                    rule("acceptedfinding_says_who_and_why", given("reason", "by"),
                        "Say why the finding is right as it is."),
                ],
            },
        ),
        audited("deliverables.AcceptedFinding", IN_PROJECT),

        migrations.CreateModel(
            "WorkPlan",
            fields=[
                ("id", ID),
                ("project", project("work_plans")),
                ("code", code(help_text="As P1.")),
                ("kind", choice("kind", 10, WORK_PLAN_KIND)),
                ("state", choice("state", 10, WORK_PLAN_STATE, default="draft",
                    help_text="It is approved on its page; then nothing in it changes any more.")),
                ("approved_on", DayField("approved on",
                    help_text="The day of the signature or meeting.", **OR_NONE)),
                ("note_lv", text("note in Latvian")),
                ("note_en", text("note in English")),
                ("touched", models.PositiveIntegerField("moved", default=0, editable=False)),
                ("code_order", code_order()),
                ("version", VERSION),
            ],
            options={
                "verbose_name": "version of the work plan",
                "verbose_name_plural": "versions of the work plan",
                "ordering": ["project", "code_order"],
                "constraints": [
                    *code_is_its_own("workplan",
                        "This project already has a version with this code."),
                    one_of("workplan", "kind", WORK_PLAN_KIND),
                    rule("workplan_is_approved_on_a_day",
                        models.Q(approved_on=None, state="draft")
                        | models.Q(approved_on__isnull=False, state="approved"),
                        "An approved version says on which day it was approved; a draft has no "
                        "such day."),
                    once("workplan_has_one_contract", ("project",),
                        "This project already has the work plan of its contract. What changes it "
                        "is a version amended by a side letter or addendum.",
                        condition=models.Q(kind="contract")),
                ],
            },
        ),
        counted("deliverables.WorkPlan", "code_order"),
        notes_change("deliverables.WorkPlan", OWN),
        audited("deliverables.WorkPlan", IN_PROJECT, left_out=("code_order",)),
        refused("deliverables.WorkPlan", "approved_plan_is_final", "UPDATE OR DELETE",
            "OLD.state = 'approved'"),

        migrations.CreateModel(
            "Activity",
            fields=[
                ("id", ID),
                ("project", project("activities")),
                ("component", foreign("deliverables.component", "component", "activities")),
                ("code", code(help_text="As A1.2.")),
                ("kind", choice("kind", 12, ACTIVITY_KIND)),
                ("title_lv", title("title in Latvian")),
                ("title_en", title("title in English")),
                ("status", choice("status", 10, ACTIVITY_STATUS, default="planned")),
                ("started_on", PartialDateField("began on")),
                ("ended_on", PartialDateField("ended on")),
                ("participants", models.PositiveIntegerField("participants", blank=True, null=True,
                    help_text="How many came; empty: not stated.")),
                ("reason_lv", text("reason in Latvian")),
                ("reason_en", text("reason in English",
                    help_text="Why it is late, postponed or cancelled.")),
                ("code_order", code_order()),
                ("search_text", search_text("code", "title_lv", "title_en")),
                ("version", VERSION),
            ],
            options={
                "verbose_name": "activity", "verbose_name_plural": "activities",
                "ordering": ["project", "code_order", "code"],
                "constraints": [
                    *code_is_its_own("activity",
                        "This project already has an activity with this code."),
                    one_of("activity", "kind", ACTIVITY_KIND),
                    one_of("activity", "status", ACTIVITY_STATUS),
                    in_both_languages("activity", "title"),
                    *date_is_one("activity", "started_on", "ended_on"),
                    not_before("activity", "started_on", "ended_on", "It ends before it begins."),
                    rule("activity_put_off_says_why",
                        ~models.Q(status__in=["postponed", "cancelled"])
                        | (~models.Q(reason_lv="") & ~models.Q(reason_en="")),
                        "What is postponed or cancelled says why, in Latvian and in English."),
                    rule("activity_completed_ended_on_a_day",
                        ~models.Q(status="completed") | ~models.Q(ended_on=""),
                        "Say when it ended, or choose another status."),
                ],
            },
        ),
        counted("deliverables.Activity", "code_order", "search_text"),
        notes_change("deliverables.Activity", OWN),
        audited("deliverables.Activity", IN_COMPONENT, left_out=("code_order", "search_text")),
        refused("deliverables.Activity", "activity_keeps_its_component", "UPDATE",
            "OLD.component_id <> NEW.component_id AND EXISTS (SELECT FROM "
            "deliverables_plannedactivity line JOIN deliverables_workplan plan ON plan.id = "
            "line.plan_id WHERE line.activity_id = OLD.id AND plan.state = 'approved')"),

        migrations.CreateModel(
            "ActivityDeliverable",
            fields=[
                ("id", ID),
                ("project", project("+")),
                ("activity", models.ForeignKey("deliverables.activity", models.CASCADE,
                    verbose_name="activity", related_name="serves")),
                ("deliverable", foreign("deliverables.deliverable", "deliverable", "served_by")),
                ("version", VERSION),
            ],
            options={
                "verbose_name": "deliverable that an activity serves",
                "verbose_name_plural": "deliverables that activities serve",
                "ordering": ["project", "activity__code_order", "deliverable__code_order"],
                "constraints": [
                    once("activitydeliverable_is_named_once", ("activity", "deliverable"),
                        "The activity already serves this deliverable."),
                ],
            },
        ),
        counted("deliverables.ActivityDeliverable"),
        notes_change("deliverables.ActivityDeliverable", OWN),
        audited("deliverables.ActivityDeliverable", IN_ACTIVITY),

        migrations.CreateModel(
            "PlannedActivity",
            fields=[
                ("id", ID),
                ("project", project("+")),
                ("plan", models.ForeignKey("deliverables.workplan", models.CASCADE,
                    verbose_name="version of the work plan", related_name="lines")),
                ("activity", foreign("deliverables.activity", "activity", "planned")),
                ("from_on", DayField("from")),
                ("to_on", DayField("to")),
                ("days", models.PositiveIntegerField("expert-days", default=0,
                    help_text="Days of experts in the beneficiary country that it may take.")),
                ("participants", models.PositiveIntegerField("participants, planned", blank=True,
                    null=True, help_text="Empty: not stated.")),
                ("version", VERSION),
            ],
            options={
                "verbose_name": "activity in a version of the work plan",
                "verbose_name_plural": "activities in versions of the work plan",
                "ordering": ["project", "plan__code_order", "activity__code_order"],
                "constraints": [
                    once("plannedactivity_is_planned_once", ("plan", "activity"),
                        "This version already plans the activity."),
                    rule("plannedactivity_ends_after_it_begins",
                        models.Q(to_on__gte=models.F("from_on")), "It ends before it begins."),
                    rule("plannedactivity_days_are_plausible", models.Q(days__lte=100000),
                        "An activity takes at most 100,000 expert-days."),
                ],
            },
        ),
        counted("deliverables.PlannedActivity"),
        notes_change("deliverables.PlannedActivity", OWN),
        audited("deliverables.PlannedActivity", {
            **IN_PROJECT, "deliverables_activity": "{row}.activity_id",
            "deliverables_component": (
                "SELECT component_id FROM deliverables_activity WHERE id = {row}.activity_id"
            ),
            "deliverables_workplan": "{row}.plan_id",
        }),
        refused("deliverables.PlannedActivity", "approved_plan_keeps_its_lines",
            "INSERT OR UPDATE OR DELETE",
            "(SELECT state FROM deliverables_workplan WHERE id = {row}.plan_id FOR SHARE) = "
            "'approved'"),

        migrations.CreateModel(
            "Indicator",
            fields=[
                ("id", ID),
                ("project", project("indicators")),
                ("component", foreign("deliverables.component", "component", "indicators")),
                ("deliverable", foreign("deliverables.deliverable", "deliverable", "indicators",
                    help_text="Empty where it measures the component as a whole.", **OR_NONE)),
                ("code", code(help_text="As I1.2; the OPSYS sheet follows this order.")),
                ("title_lv", title("title in Latvian")),
                ("title_en", title("title in English")),
                ("unit", choice("unit", 10, INDICATOR_UNIT)),
                ("baseline", NumberField("baseline", help_text="Empty: not stated.")),
                ("baseline_on", PartialDateField("date of the baseline")),
                ("baseline_lv", title("baseline in words, Latvian", blank=True, default="")),
                ("baseline_en", title("baseline in words, English", blank=True, default="")),
                ("target", NumberField("target", help_text="Empty: not stated.")),
                ("target_on", PartialDateField("date of the target")),
                ("target_lv", title("target in words, Latvian", blank=True, default="")),
                ("target_en", title("target in words, English", blank=True, default="")),
                ("source_lv", title("source of verification, Latvian", blank=True, default="")),
                ("source_en", title("source of verification, English", blank=True, default="")),
                ("code_order", code_order()),
                ("search_text", search_text("code", "title_lv", "title_en")),
                ("version", VERSION),
            ],
            options={
                "verbose_name": "indicator", "verbose_name_plural": "indicators",
                "ordering": ["project", "code_order", "code"],
                "constraints": [
                    *code_is_its_own("indicator",
                        "This project already has an indicator with this code."),
                    one_of("indicator", "unit", INDICATOR_UNIT),
                    in_both_languages("indicator", "title"),
                    *date_is_one("indicator", "baseline_on", "target_on"),
                    rule("indicator_in_words_has_no_numbers",
                        ~models.Q(unit="text") | models.Q(baseline=None, target=None),
                        "This indicator is a text: write it in words, and leave the number empty."),
                    rule("indicator_in_per_cent_is_0_to_100",
                        ~models.Q(unit="percent")
                        | (
                            (models.Q(baseline=None) | models.Q(baseline__range=(0, 100)))
                            & (models.Q(target=None) | models.Q(target__range=(0, 100)))
                        ), "A percentage is between 0 and 100."),
                ],
            },
        ),
        counted("deliverables.Indicator", "code_order", "search_text"),
        notes_change("deliverables.Indicator", OWN),
        audited("deliverables.Indicator", IN_COMPONENT, left_out=("code_order", "search_text")),

        migrations.CreateModel(
            "Measurement",
            fields=[
                ("id", ID),
                ("project", project("+")),
                ("indicator", foreign("deliverables.indicator", "indicator", "values")),
                ("on", DayField("day")),
                ("applies", models.BooleanField("applies", default=True,
                    help_text="Switched off: the indicator did not apply on that day, and has "
                        "no value.")),
                ("value", NumberField("value")),
                ("words_lv", title("value in words, Latvian", blank=True, default="")),
                ("words_en", title("value in words, English", blank=True, default="")),
                ("source_lv", title("source, in Latvian")),
                ("source_en", title("source, in English")),
                ("evidence", evidence()),
                ("approved_by", models.CharField("approved by", max_length=20, blank=True,
                    default="",
                    help_text="The code of the person; somebody else than who entered the value.")),
                ("version", VERSION),
            ],
            options={
                "verbose_name": "value of an indicator",
                "verbose_name_plural": "values of indicators",
                "ordering": ["project", "indicator__code_order", "on"],
                "constraints": [
                    once("measurement_is_one_a_day", ("indicator", "on"),
                        "The indicator already has a value of this day."),
                    rule("measurement_that_does_not_apply_is_empty",
                        models.Q(applies=True) | models.Q(value=None, words_en="", words_lv=""),
                        "What does not apply has no value. Leave it empty."),
                    rule("measurement_says_something",
                        models.Q(applies=False) | models.Q(value__isnull=False)
                        | (~models.Q(words_lv="") & ~models.Q(words_en="")),
                        "Give the value, or say it in words in Latvian and in English, or switch "
                        "off “applies”."),
                ],
            },
        ),
        counted("deliverables.Measurement"),
        notes_change("deliverables.Measurement", OWN),
        audited("deliverables.Measurement", {
            **IN_PROJECT, "deliverables_indicator": "{row}.indicator_id",
            "deliverables_component": (
                "SELECT component_id FROM deliverables_indicator WHERE id = {row}.indicator_id"
            ),
        }),
        refused("deliverables.Measurement", "approved_value_never_changes", "UPDATE OR DELETE",
            "OLD.approved_by <> '' AND (TG_OP = 'DELETE' OR NEW.approved_by <> '')"),

        migrations.CreateModel(
            "Submission",
            fields=[
                ("id", ID),
                ("project", project("submissions")),
                ("on", DayField("submitted on")),
                ("by", models.CharField("by", max_length=20)),
                ("at", models.DateTimeField("at")),
                ("content", models.JSONField("what was submitted", default=list)),
                ("note", models.CharField("note", max_length=200, blank=True, default="")),
            ],
            options={
                "verbose_name": "submission to OPSYS",
                "verbose_name_plural": "submissions to OPSYS", "ordering": ["project", "pk"],
                "constraints": [
                    rule("submission_names_who_submitted", given("by"), "Say who submitted it."),
                ],
            },
        ),
        audited("deliverables.Submission", IN_PROJECT),
        final("deliverables.Submission", "submission_is_final"),

        pair("deliverables_activity"),
        pair("deliverables_workplan"),
        pair("deliverables_indicator"),
        same_project("deliverables_activity", "component", "deliverables_component"),
        same_project("deliverables_activitydeliverable", "activity", "deliverables_activity"),
        same_project("deliverables_activitydeliverable", "deliverable", "deliverables_deliverable"),
        same_project("deliverables_plannedactivity", "activity", "deliverables_activity"),
        same_project("deliverables_plannedactivity", "plan", "deliverables_workplan"),
        same_project("deliverables_indicator", "component", "deliverables_component"),
        same_project("deliverables_indicator", "deliverable", "deliverables_deliverable"),
        same_project("deliverables_measurement", "indicator", "deliverables_indicator"),
        same_project("deliverables_measurement", "evidence", "deliverables_evidence"),
    ]
