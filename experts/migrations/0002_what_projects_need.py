"""What real projects need of those who work on them."""

import django.core.validators
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("deliverables", "0003_what_projects_need"),
        ("experts", "0001_tables"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="assignment",
            name="assignment_code_begins_with_a_letter",
        ),
        migrations.RemoveConstraint(
            model_name="expert",
            name="expert_code_begins_with_a_letter",
        ),
        migrations.RemoveConstraint(
            model_name="expert",
            name="expert_country_is_known",
        ),
        migrations.RemoveConstraint(
            model_name="institution",
            name="institution_code_begins_with_a_letter",
        ),
        migrations.RemoveConstraint(
            model_name="institution",
            name="institution_country_is_known",
        ),
        migrations.RemoveConstraint(
            model_name="mission",
            name="mission_code_begins_with_a_letter",
        ),
        migrations.RemoveConstraint(
            model_name="partnership",
            name="partnership_code_begins_with_a_letter",
        ),
        migrations.RemoveConstraint(
            model_name="partnership",
            name="partnership_country_is_known",
        ),
        migrations.RemoveConstraint(
            model_name="partnership",
            name="partnership_role_is_known",
        ),
        migrations.RemoveConstraint(
            model_name="partnership",
            name="partnership_has_one_lead_per_project",
        ),
        migrations.RemoveConstraint(
            model_name="partnership",
            name="partnership_lists_a_partner_once",
        ),
        migrations.AlterField(
            model_name="assignment",
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
            model_name="expert",
            name="code",
            field=models.CharField(
                db_collation="C",
                help_text="As LV-E01. It stands for the person in public.",
                max_length=20,
                unique=True,
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
            model_name="institution",
            name="code",
            field=models.CharField(
                db_collation="C",
                help_text="Country and number, as LV-1.",
                max_length=20,
                unique=True,
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
            model_name="mission",
            name="code",
            field=models.CharField(
                db_collation="C",
                help_text="As M14; the register numbers missions one after another.",
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
            model_name="partnership",
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
            model_name="partnership",
            name="role",
            field=models.CharField(
                choices=[
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
                verbose_name="role",
            ),
        ),
        migrations.AddConstraint(
            model_name="assignment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("code__regex", "^[A-Z]{1,3}(-[A-Z]{1,3})?[- ]?\\d{1,4}(\\.\\d{1,4}){0,3}$")
                ),
                name="assignment_code_begins_with_a_letter",
                violation_error_message="A code begins with capital letters, as D1.2 or MR 4.1.",
            ),
        ),
        migrations.AddConstraint(
            model_name="expert",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("code__regex", "^[A-Z]{1,3}(-[A-Z]{1,3})?[- ]?\\d{1,4}(\\.\\d{1,4}){0,3}$")
                ),
                name="expert_code_begins_with_a_letter",
                violation_error_message="A code begins with capital letters, as D1.2 or MR 4.1.",
            ),
        ),
        migrations.AddConstraint(
            model_name="expert",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "country__in",
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
                            "DZ",
                            "EE",
                            "EG",
                            "ES",
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
                            "LB",
                            "LT",
                            "LU",
                            "LV",
                            "LY",
                            "MA",
                            "MD",
                            "ME",
                            "MK",
                            "MT",
                            "NL",
                            "PL",
                            "PS",
                            "PT",
                            "RO",
                            "RS",
                            "SE",
                            "SI",
                            "SK",
                            "TN",
                            "TR",
                            "UA",
                            "XK",
                            "ZZ",
                            "QM",
                            "QN",
                        ],
                    )
                ),
                name="expert_country_is_known",
                violation_error_message="This country is not one of the list. Choose it from the list.",
            ),
        ),
        migrations.AddConstraint(
            model_name="institution",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("code__regex", "^[A-Z]{1,3}(-[A-Z]{1,3})?[- ]?\\d{1,4}(\\.\\d{1,4}){0,3}$")
                ),
                name="institution_code_begins_with_a_letter",
                violation_error_message="A code begins with capital letters, as D1.2 or MR 4.1.",
            ),
        ),
        migrations.AddConstraint(
            model_name="institution",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "country__in",
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
                            "DZ",
                            "EE",
                            "EG",
                            "ES",
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
                            "LB",
                            "LT",
                            "LU",
                            "LV",
                            "LY",
                            "MA",
                            "MD",
                            "ME",
                            "MK",
                            "MT",
                            "NL",
                            "PL",
                            "PS",
                            "PT",
                            "RO",
                            "RS",
                            "SE",
                            "SI",
                            "SK",
                            "TN",
                            "TR",
                            "UA",
                            "XK",
                            "ZZ",
                            "QM",
                            "QN",
                        ],
                    )
                ),
                name="institution_country_is_known",
                violation_error_message="This country is not one of the list. Choose it from the list.",
            ),
        ),
        migrations.AddConstraint(
            model_name="mission",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("code__regex", "^[A-Z]{1,3}(-[A-Z]{1,3})?[- ]?\\d{1,4}(\\.\\d{1,4}){0,3}$")
                ),
                name="mission_code_begins_with_a_letter",
                violation_error_message="A code begins with capital letters, as D1.2 or MR 4.1.",
            ),
        ),
        migrations.AddConstraint(
            model_name="partnership",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("code__regex", "^[A-Z]{1,3}(-[A-Z]{1,3})?[- ]?\\d{1,4}(\\.\\d{1,4}){0,3}$")
                ),
                name="partnership_code_begins_with_a_letter",
                violation_error_message="A code begins with capital letters, as D1.2 or MR 4.1.",
            ),
        ),
        migrations.AddConstraint(
            model_name="partnership",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "country__in",
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
                            "DZ",
                            "EE",
                            "EG",
                            "ES",
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
                            "LB",
                            "LT",
                            "LU",
                            "LV",
                            "LY",
                            "MA",
                            "MD",
                            "ME",
                            "MK",
                            "MT",
                            "NL",
                            "PL",
                            "PS",
                            "PT",
                            "RO",
                            "RS",
                            "SE",
                            "SI",
                            "SK",
                            "TN",
                            "TR",
                            "UA",
                            "XK",
                            "ZZ",
                            "QM",
                            "QN",
                        ],
                    )
                ),
                name="partnership_country_is_known",
                violation_error_message="This country is not one of the list. Choose it from the list.",
            ),
        ),
        migrations.AddConstraint(
            model_name="partnership",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "role__in",
                        [
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
                name="partnership_role_is_known",
                violation_error_message="This value is not one that the register knows. Choose one from the list.",
            ),
        ),
        migrations.AddConstraint(
            model_name="partnership",
            constraint=models.UniqueConstraint(
                fields=("project", "country", "institution", "role"),
                name="partnership_lists_a_partner_once_in_each_role",
                nulls_distinct=False,
                violation_error_message="This partner is already listed in this role.",
            ),
        ),
    ]
