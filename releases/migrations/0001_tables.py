"""Releases, and the record of audit packs."""

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.db import migrations, models

from audit.migrations._shapes import ID, audited, final, is_a_sha256
from deliverables.migrations._shapes import IN_PROJECT


class Migration(migrations.Migration):
    initial = True
    replaces = [
        ("releases", "0001_initial"), ("releases", "0002_trail"), ("releases", "0003_files"),
        ("releases", "0004_pack"), ("releases", "0005_summary"),
    ]
    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL), ("deliverables", "0002_plans"),
    ]

    operations = [
        migrations.CreateModel(
            "Release",
            fields=[
                ("id", ID),
                ("project", models.ForeignKey("deliverables.project", models.PROTECT,
                    verbose_name="project", related_name="releases")),
                ("slug", models.SlugField("address", max_length=60)),
                ("number", models.PositiveIntegerField("number")),
                ("made_at", models.DateTimeField("made at")),
                ("made_by", models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT,
                    verbose_name="made by", null=True, related_name="+")),
                ("digest", models.CharField("SHA-256", max_length=64)),
                ("summary", models.CharField("SHA-256 of the summary", max_length=64)),
                ("changed", models.JSONField("changed", blank=True, default=dict,
                    help_text="How many rows are new, changed and gone.")),
                ("document", models.JSONField("document")),
                ("files_digest", models.CharField("SHA-256 of the list of files", max_length=64)),
                ("files", models.JSONField("files", default=list,
                    help_text="Each download and its SHA-256, in every format.")),
            ],
            options={
                "verbose_name": "release", "verbose_name_plural": "releases",
                "ordering": ["slug", "-number"],
                "indexes": [
                    models.Index(name="release_in_force", fields=["slug", "-made_at"]),
                    models.Index(name="release_digest", fields=["digest"]),
                    GinIndex(name="release_files", fields=["files"], opclasses=["jsonb_path_ops"]),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("project", "number"),
                        name="release_number_is_unique_in_its_project"),
                    models.UniqueConstraint(fields=("slug", "number"),
                        name="release_address_is_unique"),
                    models.CheckConstraint(condition=models.Q(number__gte=1),
                        name="release_numbers_begin_at_one"),
                    is_a_sha256("release_digest_is_a_sha256", "digest"),
                    is_a_sha256("release_summary_is_a_sha256", "summary"),
                    is_a_sha256("release_files_digest_is_a_sha256", "files_digest"),
                ],
            },
        ),
        audited("releases.Release", IN_PROJECT, left_out=("document", "files")),
        final("releases.Release", "release_is_immutable"),

        migrations.CreateModel(
            "Pack",
            fields=[
                ("id", ID),
                ("book", models.CharField("book", max_length=100)),
                ("period", models.CharField("period", max_length=21, blank=True)),
                ("files", models.CharField("SHA-256 of the list of files", max_length=64)),
            ],
            options={
                "verbose_name": "audit pack", "verbose_name_plural": "audit packs",
                "default_permissions": (),
                "constraints": [
                    models.UniqueConstraint(fields=("book", "period", "files"),
                        name="pack_is_recorded_once"),
                    is_a_sha256("pack_digest_is_a_sha256", "files"),
                ],
            },
        ),
        audited("releases.Pack"),
        final("releases.Pack", "pack_is_immutable"),
    ]
