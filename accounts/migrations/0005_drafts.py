from __future__ import annotations

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0004_letters"),
    ]

    operations = [
        migrations.CreateModel(
            name="Draft",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("address", models.CharField(max_length=2000, verbose_name="address")),
                ("digest", models.CharField(max_length=64, verbose_name="digest")),
                ("sealed", models.BinaryField(verbose_name="what was typed, sealed")),
                ("kept_at", models.DateTimeField(verbose_name="kept at")),
                (
                    "owner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="person",
                    ),
                ),
            ],
            options={
                "verbose_name": "draft",
                "verbose_name_plural": "drafts",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("owner", "address", "digest"),
                        name="draft_is_kept_once",
                        violation_error_message="This draft is kept already.",
                    )
                ],
            },
        ),
    ]
