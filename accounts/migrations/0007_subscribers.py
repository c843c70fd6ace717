"""Addresses outside that heads are mailed to."""

import django.contrib.postgres.functions
import django.db.models.deletion
import django.utils.timezone
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models

from accounts.folding import folded


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0006_letters_say_what_failed'),
    ]

    operations = [
        migrations.CreateModel(
            name='Subscriber',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('email', models.EmailField(max_length=254, verbose_name='e-mail address')),
                ('language', models.CharField(choices=[('lv', 'Latviešu'), ('en', 'English')], help_text='The language of the letters.', max_length=2, verbose_name='language')),
                ('entered_at', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='entered')),
                ('confirmed_at', models.DateTimeField(editable=False, null=True, verbose_name='confirmed')),
                ('month', models.DateField(editable=False, null=True, verbose_name='month of the last letter')),
                ('audit_key', models.UUIDField(db_default=django.contrib.postgres.functions.RandomUUID(), editable=False)),
            ],
            options={
                'verbose_name': 'address for heads',
                'verbose_name_plural': 'addresses for heads',
                'ordering': ['pk'],
            },
        ),
        migrations.RemoveConstraint(
            model_name='letter',
            name='letter_kind_is_one_we_write',
        ),
        migrations.AlterField(
            model_name='letter',
            name='kind',
            field=models.CharField(choices=[('invitation', 'invitation'), ('reset', 'new password'), ('reminder', 'reminder'), ('confirm', 'question to confirm the address'), ('heads', 'heads of a month')], max_length=10, verbose_name='kind'),
        ),
        migrations.AddConstraint(
            model_name='subscriber',
            constraint=models.UniqueConstraint(folded('email'), name='subscriber_address_is_entered_once', violation_error_message='This address is in the list already.'),
        ),
        migrations.AddConstraint(
            model_name='subscriber',
            constraint=models.CheckConstraint(condition=models.Q(('language__in', ['lv', 'en'])), name='subscriber_language_is_one_we_speak', violation_error_message='The language is Latvian (lv) or English (en).'),
        ),
        migrations.AddConstraint(
            model_name='subscriber',
            constraint=models.CheckConstraint(condition=models.Q(('month', None), ('confirmed_at__isnull', False), _connector='OR'), name='subscriber_confirms_before_the_first_letter', violation_error_message='An address that is not confirmed gets no heads.'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='subscriber',
            trigger=pgtrigger.compiler.Trigger(name='audited', sql=pgtrigger.compiler.UpsertTriggerSql(func="PERFORM audit_note(TG_TABLE_NAME::text, lower(TG_OP), to_jsonb(OLD), to_jsonb(NEW), ARRAY['month', 'audit_key']::text[], ARRAY['email']::text[], ARRAY[]::text[], ARRAY(SELECT DISTINCT ref FROM (VALUES ('accounts_subscriber:' || NEW.id), ('accounts_subscriber:' || OLD.id)) AS refs (ref) WHERE ref IS NOT NULL ORDER BY 1)); RETURN NULL;", hash='355cfae99651e182d2f5b0fb773c01c6090c89fd', operation='INSERT OR UPDATE OR DELETE', pgid='pgtrigger_audited_ed136', table='accounts_subscriber', when='AFTER')),
        ),
        migrations.AddField(
            model_name='letter',
            name='subscriber',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='letters', to='accounts.subscriber', verbose_name='address for heads'),
        ),
        migrations.AddConstraint(
            model_name='letter',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['invitation', 'reset', 'reminder', 'confirm', 'heads'])), name='letter_kind_is_one_we_write', violation_error_message='We write no letters of this kind.'),
        ),
        migrations.AddConstraint(
            model_name='letter',
            constraint=models.CheckConstraint(condition=models.Q(('user', None), ('subscriber', None), _connector='OR'), name='letter_has_one_reader', violation_error_message='A letter goes to a person or to a subscriber.'),
        ),
    ]
