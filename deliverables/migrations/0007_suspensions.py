"""When a project was suspended, and why."""

import deliverables.fields.columns
import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('deliverables', '0006_entered_from_a_source'),
    ]

    operations = [
        migrations.CreateModel(
            name='Suspension',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('from_on', deliverables.fields.columns.DayField(verbose_name='suspended from')),
                ('to_on', deliverables.fields.columns.DayField(blank=True, help_text='Empty while it lasts.', null=True, verbose_name='suspended until')),
                ('reason_lv', models.CharField(blank=True, default='', max_length=10000, verbose_name='reason in Latvian')),
                ('reason_en', models.CharField(blank=True, default='', max_length=10000, verbose_name='reason in English')),
                ('version', models.PositiveIntegerField(default=1, editable=False, verbose_name='version')),
                ('evidence', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='deliverables.evidence', verbose_name='evidence')),
                ('project', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='suspensions', to='deliverables.project', verbose_name='project')),
            ],
            options={
                'verbose_name': 'suspension',
                'verbose_name_plural': 'suspensions',
                'ordering': ['project', 'from_on'],
                'constraints': [models.UniqueConstraint(fields=('project', 'from_on'), name='suspension_begins_once_a_day', violation_error_message='The project has a suspension from this day already.'), models.UniqueConstraint(condition=models.Q(('to_on', None)), fields=('project',), name='suspension_lasts_one_at_a_time', violation_error_message='Another suspension of the project has no end yet. Say when it ended.'), models.CheckConstraint(condition=models.Q(('to_on', None), ('to_on__gte', models.F('from_on')), _connector='OR'), name='suspension_is_not_over_before_it_begins', violation_error_message='It ends before it begins.'), models.CheckConstraint(condition=models.Q(models.Q(('reason_lv', ''), _negated=True), models.Q(('reason_en', ''), _negated=True), _connector='OR'), name='suspension_speaks_a_language', violation_error_message='Give each text in Latvian or in English; the other may follow.')],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='suspension',
            trigger=pgtrigger.compiler.Trigger(name='version_counts', sql=pgtrigger.compiler.UpsertTriggerSql(func="NEW.version = OLD.version + (to_jsonb(NEW) - ARRAY['version'] IS DISTINCT FROM to_jsonb(OLD) - ARRAY['version'])::int; RETURN NEW;", hash='bbb08b45fea6d1211490afdc44c1d4e87ddabf88', operation='UPDATE', pgid='pgtrigger_version_counts_cb38e', table='deliverables_suspension', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='suspension',
            trigger=pgtrigger.compiler.Trigger(name='notes_change', sql=pgtrigger.compiler.UpsertTriggerSql(func="IF TG_OP = 'UPDATE' AND OLD IS NOT DISTINCT FROM NEW THEN RETURN NULL; END IF; IF TG_OP <> 'DELETE' THEN INSERT INTO deliverables_change (project_id, transaction, at) SELECT id, txid_current(), now() FROM (SELECT NEW.project_id) p (id) WHERE id IS NOT NULL ON CONFLICT DO NOTHING; END IF; IF TG_OP <> 'INSERT' THEN INSERT INTO deliverables_change (project_id, transaction, at) SELECT id, txid_current(), now() FROM (SELECT OLD.project_id) p (id) WHERE id IS NOT NULL ON CONFLICT DO NOTHING; END IF; RETURN NULL;", hash='569efa578179f98ec4f2ac156c491b125acc533e', operation='INSERT OR UPDATE OR DELETE', pgid='pgtrigger_notes_change_5f03f', table='deliverables_suspension', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='suspension',
            trigger=pgtrigger.compiler.Trigger(name='audited', sql=pgtrigger.compiler.UpsertTriggerSql(func="PERFORM audit_note(TG_TABLE_NAME::text, lower(TG_OP), to_jsonb(OLD), to_jsonb(NEW), ARRAY[]::text[], ARRAY[]::text[], ARRAY[]::text[], ARRAY(SELECT DISTINCT ref FROM (VALUES ('deliverables_suspension:' || NEW.id), ('deliverables_suspension:' || OLD.id), ('deliverables_project:' || (NEW.project_id)), ('deliverables_project:' || (OLD.project_id))) AS refs (ref) WHERE ref IS NOT NULL ORDER BY 1)); RETURN NULL;", hash='20cd9f281c634ab669bd77ced317a1d4942162c4', operation='INSERT OR UPDATE OR DELETE', pgid='pgtrigger_audited_e9778', table='deliverables_suspension', when='AFTER')),
        ),
        migrations.RunSQL(
            "ALTER TABLE deliverables_suspension ADD CONSTRAINT "
            "suspension_evidence_is_of_its_project FOREIGN KEY (evidence_id, project_id) "
            "REFERENCES deliverables_evidence (id, project_id)",
            "ALTER TABLE deliverables_suspension "
            "DROP CONSTRAINT suspension_evidence_is_of_its_project",
        ),
    ]
