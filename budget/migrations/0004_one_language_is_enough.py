"""A title or a reason in one language is enough."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('budget', '0003_what_projects_need'),
        ('deliverables', '0005_one_language_is_enough'),
        ('experts', '0005_one_language_is_enough'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='contractchange',
            name='contractchange_speaks_both_languages',
        ),
        migrations.RemoveConstraint(
            model_name='heading',
            name='heading_speaks_both_languages',
        ),
        migrations.RemoveConstraint(
            model_name='line',
            name='line_speaks_both_languages',
        ),
        migrations.RemoveConstraint(
            model_name='term',
            name='term_speaks_both_languages',
        ),
        migrations.AlterField(
            model_name='heading',
            name='title_en',
            field=models.CharField(blank=True, default='', max_length=600, verbose_name='title in English'),
        ),
        migrations.AlterField(
            model_name='heading',
            name='title_lv',
            field=models.CharField(blank=True, default='', max_length=600, verbose_name='title in Latvian'),
        ),
        migrations.AlterField(
            model_name='line',
            name='title_en',
            field=models.CharField(blank=True, default='', max_length=600, verbose_name='title in English'),
        ),
        migrations.AlterField(
            model_name='line',
            name='title_lv',
            field=models.CharField(blank=True, default='', max_length=600, verbose_name='title in Latvian'),
        ),
        migrations.AlterField(
            model_name='term',
            name='label_en',
            field=models.CharField(blank=True, default='', max_length=600, verbose_name='in English'),
        ),
        migrations.AlterField(
            model_name='term',
            name='label_lv',
            field=models.CharField(blank=True, default='', max_length=600, verbose_name='in Latvian'),
        ),
        migrations.AddConstraint(
            model_name='contractchange',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('reason_lv', ''), _negated=True), models.Q(('reason_en', ''), _negated=True), _connector='OR'), name='contractchange_speaks_a_language', violation_error_message='Give each text in Latvian or in English; the other may follow.'),
        ),
        migrations.AddConstraint(
            model_name='heading',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('title_lv', ''), _negated=True), models.Q(('title_en', ''), _negated=True), _connector='OR'), name='heading_speaks_a_language', violation_error_message='Give each text in Latvian or in English; the other may follow.'),
        ),
        migrations.AddConstraint(
            model_name='line',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('title_lv', ''), _negated=True), models.Q(('title_en', ''), _negated=True), _connector='OR'), name='line_speaks_a_language', violation_error_message='Give each text in Latvian or in English; the other may follow.'),
        ),
        migrations.AddConstraint(
            model_name='term',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('label_lv', ''), _negated=True), models.Q(('label_en', ''), _negated=True), _connector='OR'), name='term_speaks_a_language', violation_error_message='Give each text in Latvian or in English; the other may follow.'),
        ),
    ]
