"""Imports, exports, and exports that are prepared for a person."""

import uuid

import django.utils.timezone
from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.db import migrations, models

from audit.migrations._shapes import ID, audited, final, is_a_sha256


class Migration(migrations.Migration):
    initial = True
    replaces = [
        ("exchange", "0001_trail"), ("exchange", "0002_prepared"), ("exchange", "0003_kept_plan"),
        ("exchange", "0004_exports_files_are_in_the_trail"),
    ]
    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL), ("audit", "0001_tables"),
    ]

    operations = [
        migrations.CreateModel(
            "Import",
            fields=[
                ("id", ID),
                ("token", models.UUIDField("token", unique=True, default=uuid.uuid4,
                    editable=False)),
                ("made_at", models.DateTimeField("uploaded at")),
                ("made_by", models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT,
                    verbose_name="uploaded by", related_name="+")),
                ("table", models.CharField("table", max_length=40)),
                ("name", models.CharField("file", max_length=150)),
                ("encoding", models.CharField("encoding", max_length=20, blank=True, default="")),
                ("sha256", models.CharField("SHA-256", max_length=64)),
                ("content", models.BinaryField("content", null=True)),
                ("plan", models.BinaryField("what it would do", null=True)),
                ("state", models.CharField("state", max_length=10, default="pending",
                    choices=[("pending", "waiting"), ("applied", "carried out"),
                        ("undone", "taken back"),
                        ("refused", "refused"), ("expired", "given up")])),
                ("applied_at", models.DateTimeField("carried out at", null=True)),
                ("transaction", models.BigIntegerField("transaction", null=True)),
                ("told", models.JSONField("outcome", default=dict)),
            ],
            options={
                "verbose_name": "import", "verbose_name_plural": "imports", "ordering": ["-pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            state__in=["pending", "applied", "undone", "refused", "expired"]),
                        name="import_state_is_known",
                        violation_error_message="This state of an import is not known."),
                    models.CheckConstraint(
                        condition=models.Q(state="pending") | models.Q(content=None, plan=None),
                        name="import_keeps_no_file_once_it_is_over",
                        violation_error_message="An import that is over keeps no file."),
                ],
            },
        ),
        audited("exchange.Import", left_out=("content", "plan", "token")),

        migrations.CreateModel(
            "Export",
            fields=[
                ("id", ID),
                ("kind", models.CharField("kind", max_length=10,
                    choices=[("table", "table"), ("project", "all tables of a project"),
                        ("pack", "audit pack")])),
                ("made_at", models.DateTimeField("made at")),
                ("made_by", models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT,
                    verbose_name="made by", null=True, related_name="+")),
                ("name", models.CharField("file", max_length=200)),
                ("table", models.CharField("table", max_length=40, blank=True, default="")),
                ("project", models.CharField("project", max_length=60, blank=True, default="")),
                ("filter", models.CharField("filter", max_length=10000, blank=True, default="")),
                ("rows", models.PositiveIntegerField("rows")),
                ("size", models.PositiveBigIntegerField("bytes")),
                ("sha256", models.CharField("SHA-256", max_length=64)),
                ("files", models.JSONField("files", default=list)),
            ],
            options={
                "verbose_name": "export", "verbose_name_plural": "exports", "ordering": ["-pk"],
                "indexes": [
                    GinIndex(name="export_files", fields=["files"], opclasses=["jsonb_path_ops"]),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(kind__in=["table", "project", "pack"]),
                        name="export_kind_is_known",
                        violation_error_message="This kind of export is not known."),
                    is_a_sha256("export_digest_is_a_sha256", "sha256",
                        violation_error_message="A SHA-256 has 64 digits 0–9 and a–f."),
                ],
            },
        ),
        audited("exchange.Export"),
        final("exchange.Export", "export_is_immutable"),

        migrations.CreateModel(
            "Prepared",
            fields=[
                ("id", ID),
                ("token", models.UUIDField("token", unique=True, default=uuid.uuid4,
                    editable=False)),
                ("asked_by", models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE,
                    verbose_name="asked for by", related_name="+")),
                ("asked_at", models.DateTimeField("asked for at",
                    default=django.utils.timezone.now)),
                ("language", models.CharField("language", max_length=2)),
                ("kind", models.CharField("kind", max_length=10)),
                ("given", models.JSONField("what of it", blank=True)),
                ("title", models.CharField("title", max_length=600)),
                ("scope", models.TextField("what the person could see")),
                ("told", models.CharField("why there is no file", max_length=600, blank=True,
                    default="")),
                ("export", models.OneToOneField("exchange.export", models.PROTECT,
                    verbose_name="export", blank=True, null=True, related_name="+")),
                ("media", models.CharField("media type", max_length=100, blank=True, default="")),
                ("key", models.CharField("key in the storage", max_length=100, blank=True,
                    default="")),
            ],
            options={
                "verbose_name": "prepared file", "verbose_name_plural": "prepared files",
                "constraints": [
                    models.CheckConstraint(condition=models.Q(export=None, key="")
                        | (models.Q(export__isnull=False) & models.Q(told="") & ~models.Q(key="")),
                        name="prepared_file_is_there_or_is_not",
                        violation_error_message="A prepared file has its export, and nothing is "
                            "wrong."),
                ],
            },
        ),
    ]
