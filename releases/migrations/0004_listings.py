"""What lists of projects ask of each release; of those that there are, too."""

import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.functions.comparison
import django.db.models.functions.text
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models


# Of the releases that there are, what the trigger writes with each new one.
LISTED = """
INSERT INTO releases_listing (release_id, project_id, slug, reference, title_lv, title_en, status,
country, partners, begins, ends, first_year, last_year, results, delivered, experts, planned,
spent, due, fictitious, since, until, withdrawn) SELECT n.id, n.project_id, n.slug, COALESCE(p ->>
'reference', ''), COALESCE(p ->> 'title_lv', ''), COALESCE(p ->> 'title_en', ''), COALESCE(p ->>
'status', ''), COALESCE(p ->> 'beneficiary_country', ''), ARRAY(SELECT DISTINCT x ->> 'country'
FROM jsonb_array_elements(d -> 'partnerships') x WHERE x ->> 'role' IN ('lead', 'national_lead',
'junior', 'contributing', 'experts') ORDER BY 1), COALESCE(begins, ''), COALESCE(ends, ''),
left(COALESCE(begins, ends), 4)::int, left(COALESCE(ends, begins), 4)::int, COALESCE((t #>>
'{results,whole}')::int, 0), COALESCE((t #>> '{results,delivered}')::int, 0), COALESCE((t #>>
'{experts,whole}')::int, 0), (t #>> '{budget,planned}')::numeric, (t #>>
'{budget,spent}')::numeric, (SELECT min(CASE length(date) WHEN 4 THEN make_date(date::int, 12, 31)
WHEN 7 THEN ((date || '-01')::date + interval '1 month - 1 day')::date WHEN 10 THEN date::date
END) FROM jsonb_array_elements(d -> 'deliverables') x, LATERAL (SELECT COALESCE(NULLIF(x ->>
'due_current', ''), x ->> 'due_original')) y (date) WHERE (x ->> 'active')::boolean AND x ->>
'rung' IN ('planned', 'in_progress', 'partially_delivered')), COALESCE((p ->>
'fictitious')::boolean, false), n.made_at,
(SELECT min(o.made_at) FROM releases_release o WHERE o.project_id = n.project_id AND o.number >
n.number), EXISTS (SELECT FROM releases_withdrawal o WHERE o.project_id = n.project_id) FROM
releases_release n, LATERAL (SELECT n.document) r (d), LATERAL (SELECT d -> 'project', d ->
'totals') s (p, t), LATERAL (SELECT COALESCE(NULLIF(p ->> 'start_actual', ''), NULLIF(p ->>
'start_planned', '')), COALESCE(NULLIF(p ->> 'end_actual', ''), NULLIF(p ->> 'end_current', ''),
NULLIF(p ->> 'end_planned', ''))) z (begins, ends);
"""


class Migration(migrations.Migration):

    dependencies = [
        ('deliverables', '0004_what_projects_need'),
        ("releases", "0003_search"),
    ]

    operations = [
        migrations.CreateModel(
            name='Edition',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('token', models.UUIDField()),
            ],
            options={
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='Listing',
            fields=[
                ('release', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='listing', serialize=False, to='releases.release')),
                ('slug', models.TextField()),
                ('reference', models.TextField(blank=True)),
                ('title_lv', models.TextField(blank=True)),
                ('title_en', models.TextField(blank=True)),
                ('status', models.TextField(blank=True)),
                ('country', models.TextField(blank=True)),
                ('partners', django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), blank=True, size=None)),
                ('begins', models.TextField(blank=True)),
                ('ends', models.TextField(blank=True)),
                ('first_year', models.SmallIntegerField(blank=True, null=True)),
                ('last_year', models.SmallIntegerField(blank=True, null=True)),
                ('results', models.IntegerField()),
                ('delivered', models.IntegerField()),
                ('experts', models.IntegerField()),
                ('planned', models.DecimalField(blank=True, decimal_places=2, max_digits=20, null=True)),
                ('spent', models.DecimalField(blank=True, decimal_places=2, max_digits=20, null=True)),
                ('due', models.DateField(blank=True, null=True)),
                ('fictitious', models.BooleanField()),
                ('since', models.DateTimeField()),
                ('until', models.DateTimeField(blank=True, null=True)),
                ('withdrawn', models.BooleanField()),
                ('search_text', models.GeneratedField(db_persist=True, expression=models.Func(django.db.models.functions.text.Concat(django.db.models.functions.comparison.Cast('reference', models.TextField()), models.Value(' '), django.db.models.functions.comparison.Cast('title_lv', models.TextField()), models.Value(' '), django.db.models.functions.comparison.Cast('title_en', models.TextField()), models.Value(' '), output_field=models.TextField()), models.Value('abcdefghijklmnopqrstuvwxyz 0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZÀÁÂÃÄÅÆÇÈÉÊËÌÍÎÏÐÑÒÓÔÕÖØÙÚÛÜÝÞàáâãäåçèéêëìíîïñòóôõöøùúûüýÿĀāĂăĄąĆćĈĉĊċČčĎďĐđĒēĔĕĖėĘęĚěĜĝĞğĠġĢģĤĥĦĨĩĪīĬĭĮįİıĲĴĵĶķĹĺĻļĽľĿŁłŃńŅņŇňŊŌōŎŏŐőŒŔŕŖŗŘřŚśŜŝŞşŠšŢţŤťŦŨũŪūŬŭŮůŰűŲųŴŵŶŷŸŹźŻżŽžſƁƂƄƆƇƉƊƋƎƏƐƑƓƔƖƗƘƜƝƟƠơƢƤƦƧƩƬƮƯưƱƲƳƵƷƸƼǄǅǇǈǊǋǍǎǏǐǑǒǓǔǕǖǗǘǙǚǛǜǞǟǠǡǢǣǤǦǧǨǩǪǫǬǭǮǯǰǱǲǴǵǶǷǸǹǺǻǼǽǾǿȀȁȂȃȄȅȆȇȈȉȊȋȌȍȎȏȐȑȒȓȔȕȖȗȘșȚțȜȞȟȠȢȤȦȧȨȩȪȫȬȭȮȯȰȱȲȳȺȻȽȾɁɃɄɅɆɈɊɌɎЀЁЂЃЄЅІЇЈЉЊЋЌЍЎЏАБВГДЕЖЗИЙКЛМНОПРСТУФХЦЧШЩЪЫЬЭЮЯабвгдезийклмнопрстуфхцъыьэѐёђѓїјљњћќѝўџ"`«´»ʼ‘’‚‛“”„‟′″‐‑‒–—―−\xa0\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u3000\t\n\r\xad\u200b\u200c\u200d\u2060\ufeff'), models.Value("abcdefghijklmnopqrstuvwxyz 0123456789abcdefghijklmnopqrstuvwxyzaaaaaaæceeeeiiiiðnoooooouuuuyþaaaaaaceeeeiiiinoooooouuuuyyaaaaaaccccccccddddeeeeeeeeeegggggggghhħiiiiiiiiiiĳjjkkllllllŀllnnnnnnŋooooooœrrrrrrssssssssttttŧuuuuuuuuuuuuwwyyyzzzzzzsɓƃƅɔƈɖɗƌǝəɛƒɠɣɩɨƙɯɲɵooƣƥʀƨʃƭʈuuʊʋƴƶʒƹƽǆǆǉǉǌǌaaiioouuuuuuuuuuaaaaææǥggkkooooʒʒjǳǳggƕƿnnaaææooaaaaeeeeiiiioooorrrruuuussttȝhhƞȣȥaaeeooooooooyyⱥȼƚⱦɂƀʉʌɇɉɋɍɏeedgєѕііjlnckiudabvgdeжziiklmnoprstufhcчшщ'y'eюяabvgdeziiklmnoprstufhc'y'eeedgіjlnckiud''''''''''''''''-------               "), function='translate', output_field=models.TextField()), output_field=models.TextField())),
            ],
            options={
                'default_permissions': (),
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='release',
            trigger=pgtrigger.compiler.Trigger(name='lists_release', sql=pgtrigger.compiler.UpsertTriggerSql(func="UPDATE releases_listing SET until = NEW.made_at WHERE project_id = NEW.project_id AND until IS NULL; INSERT INTO releases_listing (release_id, project_id, slug, reference, title_lv, title_en, status, country, partners, begins, ends, first_year, last_year, results, delivered, experts, planned, spent, due, fictitious, since, until, withdrawn) SELECT NEW.id, NEW.project_id, NEW.slug, COALESCE(p ->> 'reference', ''), COALESCE(p ->> 'title_lv', ''), COALESCE(p ->> 'title_en', ''), COALESCE(p ->> 'status', ''), COALESCE(p ->> 'beneficiary_country', ''), ARRAY(SELECT DISTINCT x ->> 'country' FROM jsonb_array_elements(d -> 'partnerships') x WHERE x ->> 'role' IN ('lead', 'national_lead', 'junior', 'contributing', 'experts') ORDER BY 1), COALESCE(begins, ''), COALESCE(ends, ''), left(COALESCE(begins, ends), 4)::int, left(COALESCE(ends, begins), 4)::int, COALESCE((t #>> '{results,whole}')::int, 0), COALESCE((t #>> '{results,delivered}')::int, 0), COALESCE((t #>> '{experts,whole}')::int, 0), (t #>> '{budget,planned}')::numeric, (t #>> '{budget,spent}')::numeric, (SELECT min(CASE length(date) WHEN 4 THEN make_date(date::int, 12, 31) WHEN 7 THEN ((date || '-01')::date + interval '1 month - 1 day')::date WHEN 10 THEN date::date END) FROM jsonb_array_elements(d -> 'deliverables') x, LATERAL (SELECT COALESCE(NULLIF(x ->> 'due_current', ''), x ->> 'due_original')) y (date) WHERE (x ->> 'active')::boolean AND x ->> 'rung' IN ('planned', 'in_progress', 'partially_delivered')), COALESCE((p ->> 'fictitious')::boolean, false), NEW.made_at, NULL, false FROM (SELECT NEW.document) r (d), LATERAL (SELECT d -> 'project', d -> 'totals') s (p, t), LATERAL (SELECT COALESCE(NULLIF(p ->> 'start_actual', ''), NULLIF(p ->> 'start_planned', '')), COALESCE(NULLIF(p ->> 'end_actual', ''), NULLIF(p ->> 'end_current', ''), NULLIF(p ->> 'end_planned', ''))) z (begins, ends); RETURN NULL;", hash='58eee8930ac612ab34a08d0fca1ff49ddf2736ef', operation='INSERT', pgid='pgtrigger_lists_release_889d0', table='releases_release', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='withdrawal',
            trigger=pgtrigger.compiler.Trigger(name='lists_withdrawal', sql=pgtrigger.compiler.UpsertTriggerSql(func="UPDATE releases_listing SET withdrawn = (TG_OP = 'INSERT') WHERE project_id = CASE TG_OP WHEN 'INSERT' THEN NEW.project_id ELSE OLD.project_id END; RETURN NULL;", hash='6ab0a9d01f833c9e1eb7d2d41ac80eef18afb7fa', operation='INSERT OR DELETE', pgid='pgtrigger_lists_withdrawal_cdf10', table='releases_withdrawal', when='AFTER')),
        ),
        migrations.AddConstraint(
            model_name='edition',
            constraint=models.CheckConstraint(condition=models.Q(('id', 1)), name='edition_is_one_row'),
        ),
        migrations.AddField(
            model_name='listing',
            name='project',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='deliverables.project'),
        ),
        migrations.AddIndex(
            model_name='listing',
            index=models.Index(condition=models.Q(('until', None), ('withdrawn', False)), fields=['fictitious', 'reference', 'slug'], name='listing_in_order'),
        ),
        migrations.AddConstraint(
            model_name='listing',
            constraint=models.UniqueConstraint(condition=models.Q(('until', None)), fields=('project',), name='listing_is_in_force_once'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='listing',
            trigger=pgtrigger.compiler.Trigger(name='renews_list', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO releases_edition (id, token) VALUES (1, gen_random_uuid()) ON CONFLICT (id) DO UPDATE SET token = excluded.token; RETURN NULL;', hash='c5c2187a9d38f7bbc93e9424ce0ed6a835b79c39', level='STATEMENT', operation='INSERT OR UPDATE OR DELETE', pgid='pgtrigger_renews_list_73d72', table='releases_listing', when='AFTER')),
        ),
        migrations.RunSQL(LISTED, migrations.RunSQL.noop),
    ]
