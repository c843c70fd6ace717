"""What real projects need of money."""

import django.core.validators
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("budget", "0002_drafts"),
        ("deliverables", "0004_what_projects_need"),
        ("experts", "0003_what_projects_need"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="contractchange",
            name="contractchange_code_begins_with_a_letter",
        ),
        migrations.RemoveConstraint(
            model_name="entry",
            name="entry_code_begins_with_a_letter",
        ),
        migrations.RemoveConstraint(
            model_name="heading",
            name="heading_code_begins_with_a_letter",
        ),
        migrations.RemoveConstraint(
            model_name="line",
            name="line_code_begins_with_a_letter",
        ),
        migrations.RemoveConstraint(
            model_name="move",
            name="move_code_begins_with_a_letter",
        ),
        migrations.RemoveConstraint(
            model_name="term",
            name="term_function_is_known",
        ),
        migrations.AlterField(
            model_name="contractchange",
            name="code",
            field=models.CharField(
                db_collation="C",
                help_text="As SL1 for a side letter, AD1 for an addendum.",
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
            model_name="entry",
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
            model_name="heading",
            name="code",
            field=models.CharField(
                db_collation="C",
                help_text="As in the contract's Annex A3, beginning with a letter: H1.",
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
            model_name="line",
            name="code",
            field=models.CharField(
                db_collation="C",
                help_text="As in the contract's budget, beginning with a letter: B1.2.",
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
            model_name="move",
            name="code",
            field=models.CharField(
                db_collation="C",
                help_text="As V1.",
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
            model_name="term",
            name="function",
            field=models.CharField(
                choices=[
                    ("ms_project_leader", "Member State Project Leader"),
                    ("beneficiary_project_leader", "Beneficiary Project Leader"),
                    ("rta", "Resident Twinning Adviser (RTA)"),
                    ("rta_counterpart", "RTA Counterpart"),
                    ("component_leader", "Component Leader"),
                    ("component_institution", "Institution that leads the component"),
                    ("experts_institution", "Institution that provides experts"),
                    ("short_term_expert", "Expert"),
                    ("lead", "Lead Member State partner"),
                    ("national_lead", "Leads its country's side"),
                    ("junior", "Junior Member State partner"),
                    ("experts", "Provides experts"),
                    ("contributing", "Contributing Member State partner"),
                    ("beneficiary", "Beneficiary institution"),
                    ("contracting_authority", "Contracting authority"),
                    ("administrative_office", "Administrative Office"),
                    ("financial_management", "Financial management body"),
                    ("named", "Named in the results"),
                ],
                max_length=30,
                verbose_name="function or part",
            ),
        ),
        migrations.AddConstraint(
            model_name="contractchange",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("code__regex", "^[A-Z]{1,3}(-[A-Z]{1,3})?[- ]?\\d{1,4}(\\.\\d{1,4}){0,3}$")
                ),
                name="contractchange_code_begins_with_a_letter",
                violation_error_message="A code begins with capital letters, as D1.2 or MR 4.1.",
            ),
        ),
        migrations.AddConstraint(
            model_name="entry",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("code__regex", "^[A-Z]{1,3}(-[A-Z]{1,3})?[- ]?\\d{1,4}(\\.\\d{1,4}){0,3}$")
                ),
                name="entry_code_begins_with_a_letter",
                violation_error_message="A code begins with capital letters, as D1.2 or MR 4.1.",
            ),
        ),
        migrations.AddConstraint(
            model_name="heading",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("code__regex", "^[A-Z]{1,3}(-[A-Z]{1,3})?[- ]?\\d{1,4}(\\.\\d{1,4}){0,3}$")
                ),
                name="heading_code_begins_with_a_letter",
                violation_error_message="A code begins with capital letters, as D1.2 or MR 4.1.",
            ),
        ),
        migrations.AddConstraint(
            model_name="line",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("code__regex", "^[A-Z]{1,3}(-[A-Z]{1,3})?[- ]?\\d{1,4}(\\.\\d{1,4}){0,3}$")
                ),
                name="line_code_begins_with_a_letter",
                violation_error_message="A code begins with capital letters, as D1.2 or MR 4.1.",
            ),
        ),
        migrations.AddConstraint(
            model_name="move",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("code__regex", "^[A-Z]{1,3}(-[A-Z]{1,3})?[- ]?\\d{1,4}(\\.\\d{1,4}){0,3}$")
                ),
                name="move_code_begins_with_a_letter",
                violation_error_message="A code begins with capital letters, as D1.2 or MR 4.1.",
            ),
        ),
        migrations.AddConstraint(
            model_name="term",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "function__in",
                        [
                            "ms_project_leader",
                            "beneficiary_project_leader",
                            "rta",
                            "rta_counterpart",
                            "component_leader",
                            "component_institution",
                            "experts_institution",
                            "short_term_expert",
                            "lead",
                            "national_lead",
                            "junior",
                            "experts",
                            "contributing",
                            "beneficiary",
                            "contracting_authority",
                            "administrative_office",
                            "financial_management",
                            "named",
                        ],
                    )
                ),
                name="term_function_is_known",
                violation_error_message="This value is not one that the register knows. Choose one from the list.",
            ),
        ),
    ]
