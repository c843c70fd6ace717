"""contractchange_is_signed_on_a_day knows the two states: the rule beside it could never be broken alone."""

from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ("budget", "0011_line_keeps_what_it_pays"),
    ]

    operations = [
        migrations.RemoveConstraint(model_name="contractchange", name="contractchange_state_is_known"),
    ]
