"""The second factor of a person, whose table is allauth's, is in the trail."""

from django.db import migrations

from audit.migrations._shapes import audited


class Migration(migrations.Migration):
    replaces = [("accounts", "0002_trail")]
    dependencies = [("accounts", "0001_tables"), ("mfa", "0003_authenticator_type_uniq")]

    operations = [
        migrations.CreateModel(
            "SecondFactor",
            fields=[],
            options={"proxy": True},
            bases=("mfa.authenticator",),
        ),
        audited("accounts.SecondFactor", {"accounts_user": "{row}.user_id"}, secret=("data",),
            left_out=("last_used_at",), table="mfa_authenticator"),
    ]
