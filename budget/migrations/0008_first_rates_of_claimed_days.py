"""A claimed day with a fee has its amount: a first rate of another kind would change it, too."""

from importlib import import_module

from django.db import migrations

_before = import_module("budget.migrations.0003_rules_and_changes").PRICES
BEFORE = _before.replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION")
NOW = """
CREATE OR REPLACE FUNCTION budget_prices_claimed_days(p bigint, k text, g text, f date)
RETURNS boolean LANGUAGE sql STABLE AS $$
  SELECT k IN ('fee', 'support', 'per_diem') AND EXISTS (
    SELECT FROM experts_expertday d
    JOIN experts_mission m ON m.id = d.mission_id AND m.state IN ('claimed', 'settled')
    JOIN experts_missionexpert e ON e.mission_id = m.id AND e.expert_id = d.expert_id
    WHERE d.project_id = p AND d.kind = 'country' AND d."on" >= f AND g IN ('', e.grade)
      AND NOT EXISTS (
        SELECT FROM budget_rate r WHERE r.project_id = p AND r.kind = k AND r.grade = g
          AND r.from_on > f AND r.from_on <= d."on")
      AND EXISTS (
        SELECT FROM budget_rate r WHERE r.project_id = p AND r.kind = 'fee'
          AND r.grade IN ('', CASE k WHEN 'fee' THEN g ELSE e.grade END)
          AND r.from_on <= d."on"))
$$
"""


class Migration(migrations.Migration):

    dependencies = [
        ("budget", "0007_lines_keep_their_heading"),
    ]

    operations = [migrations.RunSQL(NOW, BEFORE)]
