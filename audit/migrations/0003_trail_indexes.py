"""What the trail is asked for by moment, person, way in, table and transaction."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('audit', '0002_books'),
    ]

    operations = [
        migrations.AddIndex(
            model_name='balance',
            index=models.Index(fields=['book', 'lines'], name='balance_lines'),
        ),
        migrations.AddIndex(
            model_name='event',
            index=models.Index(fields=['at', 'id'], name='event_at'),
        ),
        migrations.AddIndex(
            model_name='event',
            index=models.Index(fields=['who', 'at', 'id'], name='event_who'),
        ),
        migrations.AddIndex(
            model_name='event',
            index=models.Index(fields=['through', 'at', 'id'], name='event_through'),
        ),
        migrations.AddIndex(
            model_name='event',
            index=models.Index(fields=['table', 'at', 'id'], name='event_table'),
        ),
        migrations.AddIndex(
            model_name='event',
            index=models.Index(fields=['transaction'], name='event_transaction'),
        ),
    ]
