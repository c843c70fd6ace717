"""The name of an institution in one language is enough."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('experts', '0004_search'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='institution',
            name='institution_speaks_both_languages',
        ),
        migrations.RemoveConstraint(
            model_name='institution',
            name='institution_is_listed_once',
        ),
        migrations.AlterField(
            model_name='institution',
            name='name_en',
            field=models.CharField(blank=True, default='', max_length=200, verbose_name='name in English'),
        ),
        migrations.AlterField(
            model_name='institution',
            name='name_lv',
            field=models.CharField(blank=True, default='', max_length=200, verbose_name='name in Latvian'),
        ),
        migrations.AddConstraint(
            model_name='institution',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('name_lv', ''), _negated=True), models.Q(('name_en', ''), _negated=True), _connector='OR'), name='institution_speaks_a_language', violation_error_message='Give each text in Latvian or in English; the other may follow.'),
        ),
        migrations.AddConstraint(
            model_name='institution',
            constraint=models.UniqueConstraint(condition=models.Q(('name_en', ''), _negated=True), fields=('country', 'name_en'), name='institution_is_listed_once', violation_error_message='This country already has an institution of this name.'),
        ),
    ]
