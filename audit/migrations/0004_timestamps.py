"""What a time-stamping service says of a head."""

import django.db.models.deletion
from django.db import migrations, models

REFUSED = """
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_timestamp
  FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse();
ALTER TABLE audit_timestamp ENABLE ALWAYS TRIGGER append_only;
"""


class Migration(migrations.Migration):
    dependencies = [("audit", "0003_trail_indexes")]

    operations = [
        migrations.CreateModel(
            name="Timestamp",
            fields=[
                (
                    "seal",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        serialize=False,
                        to="audit.seal",
                    ),
                ),
                ("service", models.CharField(max_length=255, verbose_name="service")),
                ("at", models.DateTimeField(verbose_name="at")),
                ("answer", models.BinaryField(verbose_name="answer")),
            ],
            options={
                "verbose_name": "timestamp",
                "verbose_name_plural": "timestamps",
                "default_permissions": (),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("service", ""), _negated=True),
                        name="timestamp_names_its_service",
                    )
                ],
            },
        ),
        migrations.RunSQL(REFUSED, "DROP TRIGGER append_only ON audit_timestamp"),
    ]
