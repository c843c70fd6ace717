"""A book is found by the unique index over it and a number: the index over it alone is not read."""

from django.db import migrations, models


def book(name: str) -> models.ForeignKey:
    return models.ForeignKey("audit.book", models.PROTECT, related_name=name, db_index=False)


class Migration(migrations.Migration):
    dependencies = [("audit", "0002_notices")]

    operations = [
        migrations.AlterField("balance", "book", book("balances")),
        migrations.AlterField("line", "book", book("lines")),
    ]
