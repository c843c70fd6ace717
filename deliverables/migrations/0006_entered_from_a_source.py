"""Results that were entered from their source say so."""

import django.db.models.deletion
from django.db import migrations, models

from audit.events.baseline import record_state


def _record(apps, schema_editor):
    record_state(altered="deliverables_deliverable")


class Migration(migrations.Migration):

    dependencies = [
        ('deliverables', '0005_one_language_is_enough'),
    ]

    operations = [
        migrations.AddField(
            model_name='deliverable',
            name='entered_from',
            field=models.ForeignKey(blank=True, editable=False, help_text='The source that its rung was entered from, with no step taken here.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='deliverables.source', verbose_name='entered from the source'),
        ),
        migrations.AddConstraint(
            model_name='deliverable',
            constraint=models.CheckConstraint(condition=models.Q(('entered_from', None), models.Q(('rung__in', ('planned', 'in_progress')), _negated=True), _connector='OR'), name='deliverable_entered_from_a_source_is_reported_there', violation_error_message='Only a result that its source reports as delivered, in part at least, or as closed is marked as entered from it.'),
        ),
        migrations.RunSQL(
            "ALTER TABLE deliverables_deliverable "
            "ADD CONSTRAINT deliverable_entered_from_is_of_its_project FOREIGN KEY "
            "(entered_from_id, project_id) REFERENCES deliverables_source (id, project_id)",
            "ALTER TABLE deliverables_deliverable "
            "DROP CONSTRAINT deliverable_entered_from_is_of_its_project",
        ),
        migrations.RunPython(_record, migrations.RunPython.noop),
    ]
