"""What lists read of a release: the SHA-256 of its summary, and how many rows it changed."""

import pgtrigger
from django.db import migrations, models

from audit.baseline import record_state
from audit.triggers import audited_tables
from releases.changes import counts
from releases.document import digest, summary
from releases.older import completed
from releases.schema import shape


def fill(apps, schema_editor):
    release = apps.get_model("releases", "Release")
    with pgtrigger.ignore("releases.Release:release_is_immutable"):
        for row in release.objects.order_by("pk").iterator(chunk_size=1):
            before = release.objects.filter(project=row.project_id, number__lt=row.number)
            last = before.order_by("-number").first()
            row.summary = summary(row.document)
            old = completed(last.document, shape()) if last else None
            row.changed = counts(old, completed(row.document, shape()))
            row.files_digest = digest({"files": row.files})
            row.save(update_fields=["summary", "changed", "files_digest"])


def record_all(apps, schema_editor):
    """Each row is recorded once as it is now, in the book of its project: audit 0002."""
    for table in {"releases_release", *(model._meta.db_table for model in audited_tables())}:
        record_state(altered=table)


class Migration(migrations.Migration):
    dependencies = [
        ("releases", "0004_pack"),
        ("experts", "0010_steps_are_final"),
        ("deliverables", "0014_steps_are_final"),
        ("budget", "0013_whole_projects_may_go"),
    ]

    operations = [
        migrations.AddField(
            "release",
            "summary",
            models.CharField(default="", max_length=64, verbose_name="SHA-256 of the summary"),
            preserve_default=False,
        ),
        migrations.AddField(
            "release",
            "changed",
            models.JSONField(
                blank=True,
                default=dict,
                help_text="How many rows are new, changed and gone.",
                verbose_name="changed",
            ),
        ),
        migrations.AddField(
            "release",
            "files_digest",
            models.CharField(
                default="", max_length=64, verbose_name="SHA-256 of the list of files"
            ),
            preserve_default=False,
        ),
        migrations.RunPython(record_all, migrations.RunPython.noop),
        migrations.RunPython(fill, migrations.RunPython.noop),
        migrations.AddConstraint(
            "release",
            models.CheckConstraint(
                condition=models.Q(("summary__regex", "^[0-9a-f]{64}$")),
                name="release_summary_is_a_sha256",
            ),
        ),
        migrations.AddConstraint(
            "release",
            models.CheckConstraint(
                condition=models.Q(("files_digest__regex", "^[0-9a-f]{64}$")),
                name="release_files_digest_is_a_sha256",
            ),
        ),
    ]
