"""Reports on a project: when they were due, and when they were handed in."""

import deliverables.fields.columns
import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('budget', '0004_one_language_is_enough'),
        ('deliverables', '0006_entered_from_a_source'),
    ]

    operations = [
        migrations.CreateModel(
            name='Report',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveSmallIntegerField(help_text='Interim reports are 1, 2, 3 …; the final report is 0.', verbose_name='number')),
                ('from_on', deliverables.fields.columns.DayField(verbose_name='from')),
                ('to_on', deliverables.fields.columns.DayField(verbose_name='to')),
                ('due_on', deliverables.fields.columns.DayField(blank=True, null=True, verbose_name='due on')),
                ('handed_in_on', deliverables.fields.columns.DayField(blank=True, help_text='Empty while it is not handed in, or not known to be.', null=True, verbose_name='handed in on')),
                ('note_lv', models.CharField(blank=True, default='', max_length=10000, verbose_name='note in Latvian')),
                ('note_en', models.CharField(blank=True, default='', max_length=10000, verbose_name='note in English')),
                ('version', models.PositiveIntegerField(default=1, editable=False, verbose_name='version')),
                ('evidence', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='deliverables.evidence', verbose_name='evidence')),
                ('project', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='reports', to='deliverables.project', verbose_name='project')),
            ],
            options={
                'verbose_name': 'report',
                'verbose_name_plural': 'reports',
                'ordering': ['project', 'to_on', '-number'],
                'constraints': [models.UniqueConstraint(fields=('project', 'number'), name='report_is_one_of_its_number', violation_error_message='The project already has this report.'), models.CheckConstraint(condition=models.Q(('number__lte', 240)), name='report_number_is_at_most_240', violation_error_message='A project has at most 240 interim reports.'), models.CheckConstraint(condition=models.Q(('to_on__gte', models.F('from_on'))), name='report_period_is_not_over_before_it_begins', violation_error_message='The period ends before it begins.'), models.CheckConstraint(condition=models.Q(('due_on', None), ('due_on__gte', models.F('from_on')), _connector='OR'), name='report_is_not_due_before_its_period', violation_error_message='It is due before its period begins.'), models.CheckConstraint(condition=models.Q(('handed_in_on', None), ('handed_in_on__gte', models.F('from_on')), _connector='OR'), name='report_is_not_handed_in_before_its_period', violation_error_message='It is handed in before its period begins.')],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='report',
            trigger=pgtrigger.compiler.Trigger(name='version_counts', sql=pgtrigger.compiler.UpsertTriggerSql(func="NEW.version = OLD.version + (to_jsonb(NEW) - ARRAY['version'] IS DISTINCT FROM to_jsonb(OLD) - ARRAY['version'])::int; RETURN NEW;", hash='be2e2e8a836da399ef35aafd991defc5b0d8bd04', operation='UPDATE', pgid='pgtrigger_version_counts_cbd63', table='budget_report', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='report',
            trigger=pgtrigger.compiler.Trigger(name='notes_change', sql=pgtrigger.compiler.UpsertTriggerSql(func="IF TG_OP = 'UPDATE' AND OLD IS NOT DISTINCT FROM NEW THEN RETURN NULL; END IF; IF TG_OP <> 'DELETE' THEN INSERT INTO deliverables_change (project_id, transaction, at) SELECT id, txid_current(), now() FROM (SELECT NEW.project_id) p (id) WHERE id IS NOT NULL ON CONFLICT DO NOTHING; END IF; IF TG_OP <> 'INSERT' THEN INSERT INTO deliverables_change (project_id, transaction, at) SELECT id, txid_current(), now() FROM (SELECT OLD.project_id) p (id) WHERE id IS NOT NULL ON CONFLICT DO NOTHING; END IF; RETURN NULL;", hash='138f62a767978da885e00ddc0e7b680b64654428', operation='INSERT OR UPDATE OR DELETE', pgid='pgtrigger_notes_change_631e7', table='budget_report', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='report',
            trigger=pgtrigger.compiler.Trigger(name='audited', sql=pgtrigger.compiler.UpsertTriggerSql(func="PERFORM audit_note(TG_TABLE_NAME::text, lower(TG_OP), to_jsonb(OLD), to_jsonb(NEW), ARRAY[]::text[], ARRAY[]::text[], ARRAY[]::text[], ARRAY(SELECT DISTINCT ref FROM (VALUES ('budget_report:' || NEW.id), ('budget_report:' || OLD.id), ('deliverables_project:' || (NEW.project_id)), ('deliverables_project:' || (OLD.project_id))) AS refs (ref) WHERE ref IS NOT NULL ORDER BY 1)); RETURN NULL;", hash='73676e92fc25f17dcb64efec72eac2f58a4b3cff', operation='INSERT OR UPDATE OR DELETE', pgid='pgtrigger_audited_1d307', table='budget_report', when='AFTER')),
        ),
        migrations.RunSQL(
            "ALTER TABLE budget_report ADD CONSTRAINT report_evidence_is_of_its_project "
            "FOREIGN KEY (evidence_id, project_id) "
            "REFERENCES deliverables_evidence (id, project_id)",
            "ALTER TABLE budget_report DROP CONSTRAINT report_evidence_is_of_its_project",
        ),
    ]
