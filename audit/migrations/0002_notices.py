"""What is public anyway has a leaf of its own under each seal that is made from now on."""

from django.db import migrations, models

REFUSED = """
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_notice
  FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse();
ALTER TABLE audit_notice ENABLE ALWAYS TRIGGER append_only;
"""


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_tables")]

    operations = [
        migrations.CreateModel(
            name="Notice",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("seal", models.BigIntegerField(db_index=True, verbose_name="seal")),
                ("word", models.CharField(max_length=20, verbose_name="what it is")),
                ("number", models.PositiveBigIntegerField(verbose_name="number")),
                ("sha256", models.CharField(max_length=64, verbose_name="SHA-256")),
            ],
            options={
                "verbose_name": "notice",
                "verbose_name_plural": "notices",
                "ordering": ["seal", "number"],
                "default_permissions": (),
                "constraints": [
                    models.UniqueConstraint(
                        fields=("word", "sha256", "number"), name="notice_is_posted_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("sha256__regex", "^[0-9a-f]{64}$")),
                        name="notice_is_of_a_sha256",
                    ),
                ],
            },
        ),
        migrations.RunSQL(REFUSED, "DROP TRIGGER append_only ON audit_notice"),
    ]
