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
            model_name="institution",
            name="institution_code_begins_with_a_letter",
        ),
        migrations.RemoveConstraint(
            model_name="mission",
            name="mission_code_begins_with_a_letter",
        ),
        migrations.RemoveConstraint(
            model_name="partnership",
            name="partnership_code_begins_with_a_letter",
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
    ]
