"""workplan_is_approved_on_a_day knows the two states: the rule beside it could never be broken alone."""

from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ("deliverables", "0009_activities_keep_their_component"),
    ]

    operations = [
        migrations.RemoveConstraint(model_name="workplan", name="workplan_state_is_known"),
    ]
