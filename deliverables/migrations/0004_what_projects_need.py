"""What real projects need: codes as their sources print them, sub-results, and more."""

import django.core.validators
import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models

from audit.events.baseline import record_state


def _record(apps, schema_editor):
    for table in (
        "deliverables_component",
        "deliverables_deliverable",
        "deliverables_project",
    ):
        record_state(altered=table)


class Migration(migrations.Migration):
    dependencies = [
        ("deliverables", "0003_drafts"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="activity",
            name="activity_code_begins_with_a_letter",
        ),
        migrations.RemoveConstraint(
            model_name="deliverable",
            name="deliverable_code_begins_with_a_letter",
        ),
        migrations.RemoveConstraint(
            model_name="evidence",
            name="evidence_code_begins_with_a_letter",
        ),
        migrations.RemoveConstraint(
            model_name="indicator",
            name="indicator_code_begins_with_a_letter",
        ),
        migrations.RemoveConstraint(
            model_name="item",
            name="item_code_begins_with_a_letter",
        ),
        migrations.RemoveConstraint(
            model_name="project",
            name="project_reference_is_unique",
        ),
        migrations.RemoveConstraint(
            model_name="project",
            name="project_beneficiary_country_is_known",
        ),
        migrations.RemoveConstraint(
            model_name="source",
            name="source_code_begins_with_a_letter",
        ),
        migrations.RemoveConstraint(
            model_name="statement",
            name="statement_code_begins_with_a_letter",
        ),
        migrations.RemoveConstraint(
            model_name="workplan",
            name="workplan_code_begins_with_a_letter",
        ),
        migrations.AddField(
            model_name="component",
            name="code",
            field=models.CharField(
                blank=True,
                default="",
                help_text="Where the source prints another one than the number, as 1.2 or A.",
                max_length=20,
                verbose_name="code in the source",
            ),
        ),
        migrations.AddField(
            model_name="component",
            name="numbered",
            field=models.BooleanField(
                default=True,
                help_text="Switch off where the source gives it neither number nor code.",
                verbose_name="the source numbers it",
            ),
        ),
        migrations.AddField(
            model_name="deliverable",
            name="parent",
            field=models.ForeignKey(
                blank=True,
                help_text="The result of the same component that it is a part of; else empty.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="parts",
                to="deliverables.deliverable",
                verbose_name="sub-result of",
            ),
        ),
        migrations.AddField(
            model_name="project",
            name="execution_months",
            field=models.PositiveSmallIntegerField(
                blank=True,
                help_text="How long the contract is in force: the implementation, and what comes before and after it. Empty where it is not stated.",
                null=True,
                verbose_name="months of execution",
            ),
        ),
        migrations.AddField(
            model_name="project",
            name="implementation_months",
            field=models.PositiveSmallIntegerField(
                blank=True,
                help_text="How long the work plan runs, by the contract. Empty where it is not stated.",
                null=True,
                verbose_name="months of implementation",
            ),
        ),
        migrations.AddField(
            model_name="project",
            name="kind",
            field=models.CharField(
                choices=[("twinning", "Twinning"), ("twinning_light", "Twinning Light")],
                default="twinning",
                max_length=20,
                verbose_name="kind",
            ),
        ),
        migrations.AlterField(
            model_name="activity",
            name="code",
            field=models.CharField(
                db_collation="C",
                help_text="As A1.2.",
                max_length=20,
                validators=[
                    django.core.validators.RegexValidator(
                        "^[A-Z]{1,3}(-[A-Z]{1,3})?[- ]?\\d{1,4}(\\.\\d{1,4}){0,3}$",
                        "A code begins with capital letters and goes on with numbers, as D1.2 or MR 4.1. Without the letter a spreadsheet turns 2.10 into 2.1.",
                    )
                ],
                verbose_name="code",
            ),
        ),
        migrations.AlterField(
            model_name="deliverable",
            name="code",
            field=models.CharField(
                db_collation="C",
                help_text="As D1.2 or MR 4.1. It is never changed and never used again.",
                max_length=20,
                validators=[
                    django.core.validators.RegexValidator(
                        "^[A-Z]{1,3}(-[A-Z]{1,3})?[- ]?\\d{1,4}(\\.\\d{1,4}){0,3}$",
                        "A code begins with capital letters and goes on with numbers, as D1.2 or MR 4.1. Without the letter a spreadsheet turns 2.10 into 2.1.",
                    )
                ],
                verbose_name="code",
            ),
        ),
        migrations.AlterField(
            model_name="evidence",
            name="code",
            field=models.CharField(
                db_collation="C",
                help_text="As L15 for line 15, or E3. Unique in the project.",
                max_length=20,
                validators=[
                    django.core.validators.RegexValidator(
                        "^[A-Z]{1,3}(-[A-Z]{1,3})?[- ]?\\d{1,4}(\\.\\d{1,4}){0,3}$",
                        "A code begins with capital letters and goes on with numbers, as D1.2 or MR 4.1. Without the letter a spreadsheet turns 2.10 into 2.1.",
                    )
                ],
                verbose_name="code",
            ),
        ),
        migrations.AlterField(
            model_name="indicator",
            name="code",
            field=models.CharField(
                db_collation="C",
                help_text="As I1.2; the OPSYS sheet follows this order.",
                max_length=20,
                validators=[
                    django.core.validators.RegexValidator(
                        "^[A-Z]{1,3}(-[A-Z]{1,3})?[- ]?\\d{1,4}(\\.\\d{1,4}){0,3}$",
                        "A code begins with capital letters and goes on with numbers, as D1.2 or MR 4.1. Without the letter a spreadsheet turns 2.10 into 2.1.",
                    )
                ],
                verbose_name="code",
            ),
        ),
        migrations.AlterField(
            model_name="item",
            name="code",
            field=models.CharField(
                db_collation="C",
                help_text="As D1.2.10.",
                max_length=20,
                validators=[
                    django.core.validators.RegexValidator(
                        "^[A-Z]{1,3}(-[A-Z]{1,3})?[- ]?\\d{1,4}(\\.\\d{1,4}){0,3}$",
                        "A code begins with capital letters and goes on with numbers, as D1.2 or MR 4.1. Without the letter a spreadsheet turns 2.10 into 2.1.",
                    )
                ],
                verbose_name="code",
            ),
        ),
        migrations.AlterField(
            model_name="project",
            name="reference",
            field=models.CharField(
                blank=True,
                default="",
                help_text="Exactly as the source prints it, as KS 14 JB JH 04; empty where it has none.",
                max_length=60,
                verbose_name="reference",
            ),
        ),
        migrations.AlterField(
            model_name="source",
            name="code",
            field=models.CharField(
                db_collation="C",
                max_length=20,
                validators=[
                    django.core.validators.RegexValidator(
                        "^[A-Z]{1,3}(-[A-Z]{1,3})?[- ]?\\d{1,4}(\\.\\d{1,4}){0,3}$",
                        "A code begins with capital letters and goes on with numbers, as D1.2 or MR 4.1. Without the letter a spreadsheet turns 2.10 into 2.1.",
                    )
                ],
                verbose_name="code",
            ),
        ),
        migrations.AlterField(
            model_name="statement",
            name="code",
            field=models.CharField(
                db_collation="C",
                max_length=20,
                validators=[
                    django.core.validators.RegexValidator(
                        "^[A-Z]{1,3}(-[A-Z]{1,3})?[- ]?\\d{1,4}(\\.\\d{1,4}){0,3}$",
                        "A code begins with capital letters and goes on with numbers, as D1.2 or MR 4.1. Without the letter a spreadsheet turns 2.10 into 2.1.",
                    )
                ],
                verbose_name="code",
            ),
        ),
        migrations.AlterField(
            model_name="workplan",
            name="code",
            field=models.CharField(
                db_collation="C",
                help_text="As P1.",
                max_length=20,
                validators=[
                    django.core.validators.RegexValidator(
                        "^[A-Z]{1,3}(-[A-Z]{1,3})?[- ]?\\d{1,4}(\\.\\d{1,4}){0,3}$",
                        "A code begins with capital letters and goes on with numbers, as D1.2 or MR 4.1. Without the letter a spreadsheet turns 2.10 into 2.1.",
                    )
                ],
                verbose_name="code",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="deliverable",
            trigger=pgtrigger.compiler.Trigger(
                name="sub_result_stands_under_a_whole_result",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="IF (TG_OP <> 'INSERT' AND (OLD.parent_id IS NOT NULL AND EXISTS (SELECT FROM deliverables_deliverable o WHERE OLD.parent_id = OLD.id OR o.parent_id = OLD.id OR (o.id = OLD.parent_id AND o.parent_id IS NOT NULL)))) OR (TG_OP <> 'DELETE' AND (NEW.parent_id IS NOT NULL AND EXISTS (SELECT FROM deliverables_deliverable o WHERE NEW.parent_id = NEW.id OR o.parent_id = NEW.id OR (o.id = NEW.parent_id AND o.parent_id IS NOT NULL)))) THEN RAISE EXCEPTION 'sub_result_stands_under_a_whole_result' USING ERRCODE = 'check_violation', CONSTRAINT = 'sub_result_stands_under_a_whole_result'; END IF; IF TG_OP = 'DELETE' THEN RETURN OLD; END IF; RETURN NEW;",
                    hash="9fc7e027e3fb8a401ba6b40d825c52a511886f30",
                    operation="INSERT OR UPDATE",
                    pgid="pgtrigger_sub_result_stands_under_a_whole_result_e4271",
                    table="deliverables_deliverable",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="activity",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("code__regex", "^[A-Z]{1,3}(-[A-Z]{1,3})?[- ]?\\d{1,4}(\\.\\d{1,4}){0,3}$")
                ),
                name="activity_code_begins_with_a_letter",
                violation_error_message="A code begins with capital letters, as D1.2 or MR 4.1.",
            ),
        ),
        migrations.AddConstraint(
            model_name="component",
            constraint=models.UniqueConstraint(
                condition=models.Q(("code", ""), _negated=True),
                fields=("project", "code"),
                name="component_code_is_unique_in_its_project",
                violation_error_message="This project already has a component of this code.",
            ),
        ),
        migrations.AddConstraint(
            model_name="component",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("code", ""),
                    ("code__regex", "^[0-9A-Za-z]+([. -][0-9A-Za-z]+)*$"),
                    _connector="OR",
                ),
                name="component_code_is_letters_and_numbers",
                violation_error_message="A component’s code is made of letters and numbers with points, hyphens or spaces between them, as 1.2 or A.",
            ),
        ),
        migrations.AddConstraint(
            model_name="component",
            constraint=models.CheckConstraint(
                condition=models.Q(("numbered", True), ("code", ""), _connector="OR"),
                name="component_without_a_number_has_no_code",
                violation_error_message="There is a code, so the source does number it. Remove the code, or say that the source numbers it.",
            ),
        ),
        migrations.AddConstraint(
            model_name="deliverable",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("code__regex", "^[A-Z]{1,3}(-[A-Z]{1,3})?[- ]?\\d{1,4}(\\.\\d{1,4}){0,3}$")
                ),
                name="deliverable_code_begins_with_a_letter",
                violation_error_message="A code begins with capital letters, as D1.2 or MR 4.1.",
            ),
        ),
        migrations.AddConstraint(
            model_name="deliverable",
            constraint=models.CheckConstraint(
                condition=models.Q(("parent", None), ("kind", "sub_result"), _connector="OR"),
                name="deliverable_under_a_result_is_a_sub_result",
                violation_error_message="Only a sub-result stands under another result. Choose the kind “Sub-result”, or leave the other result empty.",
            ),
        ),
        migrations.AddConstraint(
            model_name="evidence",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("code__regex", "^[A-Z]{1,3}(-[A-Z]{1,3})?[- ]?\\d{1,4}(\\.\\d{1,4}){0,3}$")
                ),
                name="evidence_code_begins_with_a_letter",
                violation_error_message="A code begins with capital letters, as D1.2 or MR 4.1.",
            ),
        ),
        migrations.AddConstraint(
            model_name="indicator",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("code__regex", "^[A-Z]{1,3}(-[A-Z]{1,3})?[- ]?\\d{1,4}(\\.\\d{1,4}){0,3}$")
                ),
                name="indicator_code_begins_with_a_letter",
                violation_error_message="A code begins with capital letters, as D1.2 or MR 4.1.",
            ),
        ),
        migrations.AddConstraint(
            model_name="item",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("code__regex", "^[A-Z]{1,3}(-[A-Z]{1,3})?[- ]?\\d{1,4}(\\.\\d{1,4}){0,3}$")
                ),
                name="item_code_begins_with_a_letter",
                violation_error_message="A code begins with capital letters, as D1.2 or MR 4.1.",
            ),
        ),
        migrations.AddConstraint(
            model_name="project",
            constraint=models.UniqueConstraint(
                condition=models.Q(("reference", ""), _negated=True),
                fields=("reference",),
                name="project_reference_is_unique",
                violation_error_message="Another project already has this reference.",
            ),
        ),
        migrations.AddConstraint(
            model_name="project",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "beneficiary_country__in",
                        [
                            "AL",
                            "AM",
                            "AT",
                            "AZ",
                            "BA",
                            "BE",
                            "BG",
                            "BY",
                            "CY",
                            "CZ",
                            "DE",
                            "DK",
                            "DO",
                            "DZ",
                            "EE",
                            "EG",
                            "ES",
                            "ET",
                            "EU",
                            "FI",
                            "FR",
                            "GB",
                            "GE",
                            "GR",
                            "HR",
                            "HU",
                            "IE",
                            "IL",
                            "IT",
                            "JO",
                            "KG",
                            "KH",
                            "KZ",
                            "LB",
                            "LT",
                            "LU",
                            "LV",
                            "LY",
                            "MA",
                            "MD",
                            "ME",
                            "MG",
                            "MK",
                            "MN",
                            "MT",
                            "MW",
                            "NA",
                            "NL",
                            "PL",
                            "PS",
                            "PT",
                            "RO",
                            "RS",
                            "RW",
                            "SE",
                            "SI",
                            "SK",
                            "SV",
                            "SY",
                            "TN",
                            "TR",
                            "TZ",
                            "UA",
                            "UZ",
                            "XK",
                            "ZM",
                            "ZZ",
                            "QM",
                            "QN",
                        ],
                    )
                ),
                name="project_beneficiary_country_is_known",
                violation_error_message="This country is not one of the list. Choose it from the list.",
            ),
        ),
        migrations.AddConstraint(
            model_name="project",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["twinning", "twinning_light"])),
                name="project_kind_is_known",
                violation_error_message="This value is not one that the register knows. Choose one from the list.",
            ),
        ),
        migrations.AddConstraint(
            model_name="project",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("implementation_months__gte", 1), ("implementation_months__lte", 240)
                ),
                name="project_implementation_months_are_1_to_240",
                violation_error_message="A duration is a whole number of months, 1 to 240.",
            ),
        ),
        migrations.AddConstraint(
            model_name="project",
            constraint=models.CheckConstraint(
                condition=models.Q(("execution_months__gte", 1), ("execution_months__lte", 240)),
                name="project_execution_months_are_1_to_240",
                violation_error_message="A duration is a whole number of months, 1 to 240.",
            ),
        ),
        migrations.AddConstraint(
            model_name="project",
            constraint=models.CheckConstraint(
                condition=models.Q(("execution_months__gte", models.F("implementation_months"))),
                name="project_is_executed_as_long_as_implemented",
                violation_error_message="The execution holds the implementation, so it is not shorter.",
            ),
        ),
        migrations.AddConstraint(
            model_name="source",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("code__regex", "^[A-Z]{1,3}(-[A-Z]{1,3})?[- ]?\\d{1,4}(\\.\\d{1,4}){0,3}$")
                ),
                name="source_code_begins_with_a_letter",
                violation_error_message="A code begins with capital letters, as D1.2 or MR 4.1.",
            ),
        ),
        migrations.AddConstraint(
            model_name="statement",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("code__regex", "^[A-Z]{1,3}(-[A-Z]{1,3})?[- ]?\\d{1,4}(\\.\\d{1,4}){0,3}$")
                ),
                name="statement_code_begins_with_a_letter",
                violation_error_message="A code begins with capital letters, as D1.2 or MR 4.1.",
            ),
        ),
        migrations.AddConstraint(
            model_name="workplan",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("code__regex", "^[A-Z]{1,3}(-[A-Z]{1,3})?[- ]?\\d{1,4}(\\.\\d{1,4}){0,3}$")
                ),
                name="workplan_code_begins_with_a_letter",
                violation_error_message="A code begins with capital letters, as D1.2 or MR 4.1.",
            ),
        ),
        migrations.RunSQL(
            "ALTER TABLE deliverables_deliverable "
            "ADD CONSTRAINT deliverable_and_its_component UNIQUE (id, component_id); "
            "ALTER TABLE deliverables_deliverable "
            "ADD CONSTRAINT deliverable_parent_is_of_its_component FOREIGN KEY "
            "(parent_id, component_id) REFERENCES deliverables_deliverable (id, component_id)",
            "ALTER TABLE deliverables_deliverable "
            "DROP CONSTRAINT deliverable_parent_is_of_its_component; "
            "ALTER TABLE deliverables_deliverable DROP CONSTRAINT deliverable_and_its_component",
        ),
        migrations.RunPython(_record, migrations.RunPython.noop),
    ]
