"""A caption or a source in one language is enough."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('deliverables', '0004_what_projects_need'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='activity',
            name='activity_speaks_both_languages',
        ),
        migrations.RemoveConstraint(
            model_name='evidence',
            name='evidence_speaks_both_languages',
        ),
        migrations.RemoveConstraint(
            model_name='indicator',
            name='indicator_speaks_both_languages',
        ),
        migrations.RemoveConstraint(
            model_name='item',
            name='item_speaks_both_languages',
        ),
        migrations.RemoveConstraint(
            model_name='measurement',
            name='measurement_says_something',
        ),
        migrations.RemoveConstraint(
            model_name='source',
            name='source_speaks_both_languages',
        ),
        migrations.RemoveConstraint(
            model_name='statement',
            name='statement_speaks_both_languages',
        ),
        migrations.AlterField(
            model_name='activity',
            name='title_en',
            field=models.CharField(blank=True, default='', max_length=600, verbose_name='title in English'),
        ),
        migrations.AlterField(
            model_name='activity',
            name='title_lv',
            field=models.CharField(blank=True, default='', max_length=600, verbose_name='title in Latvian'),
        ),
        migrations.AlterField(
            model_name='evidence',
            name='title_en',
            field=models.CharField(blank=True, default='', max_length=600, verbose_name='shows, in English'),
        ),
        migrations.AlterField(
            model_name='evidence',
            name='title_lv',
            field=models.CharField(blank=True, default='', help_text='What it is evidence of.', max_length=600, verbose_name='shows, in Latvian'),
        ),
        migrations.AlterField(
            model_name='figure',
            name='label_en',
            field=models.CharField(blank=True, default='', max_length=200, verbose_name='what is counted, in English'),
        ),
        migrations.AlterField(
            model_name='figure',
            name='label_lv',
            field=models.CharField(blank=True, default='', max_length=200, verbose_name='what is counted, in Latvian'),
        ),
        migrations.AlterField(
            model_name='indicator',
            name='title_en',
            field=models.CharField(blank=True, default='', max_length=600, verbose_name='title in English'),
        ),
        migrations.AlterField(
            model_name='indicator',
            name='title_lv',
            field=models.CharField(blank=True, default='', max_length=600, verbose_name='title in Latvian'),
        ),
        migrations.AlterField(
            model_name='item',
            name='title_en',
            field=models.CharField(blank=True, default='', max_length=600, verbose_name='title in English'),
        ),
        migrations.AlterField(
            model_name='item',
            name='title_lv',
            field=models.CharField(blank=True, default='', max_length=600, verbose_name='title in Latvian'),
        ),
        migrations.AlterField(
            model_name='measurement',
            name='source_en',
            field=models.CharField(blank=True, default='', max_length=600, verbose_name='source, in English'),
        ),
        migrations.AlterField(
            model_name='measurement',
            name='source_lv',
            field=models.CharField(blank=True, default='', max_length=600, verbose_name='source, in Latvian'),
        ),
        migrations.AlterField(
            model_name='source',
            name='publisher_en',
            field=models.CharField(blank=True, default='', max_length=200, verbose_name='publisher in English'),
        ),
        migrations.AlterField(
            model_name='source',
            name='publisher_lv',
            field=models.CharField(blank=True, default='', max_length=200, verbose_name='publisher in Latvian'),
        ),
        migrations.AlterField(
            model_name='source',
            name='title_en',
            field=models.CharField(blank=True, default='', max_length=600, verbose_name='title in English'),
        ),
        migrations.AlterField(
            model_name='source',
            name='title_lv',
            field=models.CharField(blank=True, default='', max_length=600, verbose_name='title in Latvian'),
        ),
        migrations.AlterField(
            model_name='statement',
            name='text_en',
            field=models.CharField(blank=True, default='', max_length=10000, verbose_name='text in English'),
        ),
        migrations.AlterField(
            model_name='statement',
            name='text_lv',
            field=models.CharField(blank=True, default='', max_length=10000, verbose_name='text in Latvian'),
        ),
        migrations.AlterField(
            model_name='title',
            name='where_en',
            field=models.CharField(blank=True, default='', max_length=600, verbose_name='where it is used, in English'),
        ),
        migrations.AlterField(
            model_name='title',
            name='where_lv',
            field=models.CharField(blank=True, default='', max_length=600, verbose_name='where it is used, in Latvian'),
        ),
        migrations.AddConstraint(
            model_name='activity',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('title_lv', ''), _negated=True), models.Q(('title_en', ''), _negated=True), _connector='OR'), name='activity_speaks_a_language', violation_error_message='Give each text in Latvian or in English; the other may follow.'),
        ),
        migrations.AddConstraint(
            model_name='evidence',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('title_lv', ''), _negated=True), models.Q(('title_en', ''), _negated=True), _connector='OR'), name='evidence_speaks_a_language', violation_error_message='Give each text in Latvian or in English; the other may follow.'),
        ),
        migrations.AddConstraint(
            model_name='figure',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('label_lv', ''), _negated=True), models.Q(('label_en', ''), _negated=True), _connector='OR'), name='figure_speaks_a_language', violation_error_message='Give each text in Latvian or in English; the other may follow.'),
        ),
        migrations.AddConstraint(
            model_name='indicator',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('title_lv', ''), _negated=True), models.Q(('title_en', ''), _negated=True), _connector='OR'), name='indicator_speaks_a_language', violation_error_message='Give each text in Latvian or in English; the other may follow.'),
        ),
        migrations.AddConstraint(
            model_name='item',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('title_lv', ''), _negated=True), models.Q(('title_en', ''), _negated=True), _connector='OR'), name='item_speaks_a_language', violation_error_message='Give each text in Latvian or in English; the other may follow.'),
        ),
        migrations.AddConstraint(
            model_name='measurement',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('source_lv', ''), _negated=True), models.Q(('source_en', ''), _negated=True), _connector='OR'), name='measurement_speaks_a_language', violation_error_message='Give each text in Latvian or in English; the other may follow.'),
        ),
        migrations.AddConstraint(
            model_name='measurement',
            constraint=models.CheckConstraint(condition=models.Q(('applies', False), ('value__isnull', False), models.Q(('words_lv', ''), _negated=True), models.Q(('words_en', ''), _negated=True), _connector='OR'), name='measurement_says_something', violation_error_message='Give the value, or say it in words in Latvian or in English, or switch off “applies”.'),
        ),
        migrations.AddConstraint(
            model_name='source',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(models.Q(('title_lv', ''), _negated=True), models.Q(('title_en', ''), _negated=True), _connector='OR'), models.Q(models.Q(('publisher_lv', ''), _negated=True), models.Q(('publisher_en', ''), _negated=True), _connector='OR')), name='source_speaks_a_language', violation_error_message='Give each text in Latvian or in English; the other may follow.'),
        ),
        migrations.AddConstraint(
            model_name='statement',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('text_lv', ''), _negated=True), models.Q(('text_en', ''), _negated=True), _connector='OR'), name='statement_speaks_a_language', violation_error_message='Give each text in Latvian or in English; the other may follow.'),
        ),
        migrations.AddConstraint(
            model_name='title',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('where_lv', ''), _negated=True), models.Q(('where_en', ''), _negated=True), _connector='OR'), name='title_speaks_a_language', violation_error_message='Give each text in Latvian or in English; the other may follow.'),
        ),
    ]
