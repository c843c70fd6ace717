"""What the first migrations of deliverables, experts and budget say in a word, as it was then.

Frozen, as migrations are: see audit/migrations/_shapes.py. The names are those of
deliverables/fields/columns.py and deliverables/projects/changes.py.
"""

from django.contrib.postgres.fields import ArrayField
from django.core.validators import RegexValidator, URLValidator
from django.db import migrations, models

from audit.migrations._shapes import trigger

CODE = r"^[A-Z]{1,3}(-[A-Z]{1,3})?-?\d{1,4}(\.\d{1,4}){0,3}$"
DATE = r"^(20\d\d|2100)(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?$"
COUNTRIES = (
    "AL AM AT AZ BA BE BG BY CY CZ DE DK DZ EE EG ES FI FR GB GE GR HR HU IE IL IT JO LB LT "
    "LU LV LY MA MD ME MK MT NL PL PS PT RO RS SE SI SK TN TR UA XK ZZ QM QN "
)
EACH = "AFTER INSERT OR UPDATE OR DELETE"

# What a row belongs to.
OWN = "{row}.project_id"
IN_PROJECT = {"deliverables_project": OWN}
IN_COMPONENT = {**IN_PROJECT, "deliverables_component": "{row}.component_id"}
VIA_DELIVERABLE = (
    "(SELECT project_id FROM deliverables_deliverable WHERE id = {row}.deliverable_id)"
)
IN_DELIVERABLE = {
    "deliverables_deliverable": "{row}.deliverable_id",
    "deliverables_component": (
        "SELECT component_id FROM deliverables_deliverable WHERE id = {row}.deliverable_id"
    ),
    "deliverables_project": VIA_DELIVERABLE,
}
OF_ITEM = (
    "SELECT {column} FROM deliverables_deliverable d JOIN deliverables_item i "
    "ON i.deliverable_id = d.id WHERE i.id = {{row}}.item_id"
)
IN_ITEM = {
    "deliverables_item": "{row}.item_id",
    "deliverables_deliverable": OF_ITEM.format(column="d.id"),
    "deliverables_component": OF_ITEM.format(column="d.component_id"),
    "deliverables_project": OF_ITEM.format(column="d.project_id"),
}
IN_ACTIVITY = {
    **IN_PROJECT,
    "deliverables_activity": "{row}.activity_id",
    "deliverables_component": (
        "SELECT component_id FROM deliverables_activity WHERE id = {row}.activity_id"
    ),
}


# Columns


OR_NONE = {"null": True, "blank": True}


def foreign(to, label, related_name="+", **kwargs):
    return models.ForeignKey(
        to, models.PROTECT, related_name=related_name, verbose_name=label, **kwargs
    )


def project(related_name):
    return foreign("deliverables.project", "project", related_name)


def evidence(label="evidence"):
    return foreign("deliverables.evidence", label, **OR_NONE)


def title(label, **kwargs):
    return models.CharField(label, max_length=600, **kwargs)


def text(label, **kwargs):
    return models.CharField(label, blank=True, default="", max_length=10000, **kwargs)


def web_address(label):
    http = URLValidator(schemes=["http", "https"])
    return models.URLField(label, blank=True, default="", max_length=2000, validators=[http])


def choice(label, length, choices, **kwargs):
    return models.CharField(label, max_length=length, choices=list(choices.items()), **kwargs)


def code(**kwargs):
    begins = RegexValidator(
        CODE,
        "A code begins with capital letters and goes on with numbers, as D1.2 or E14. "
        "Without the letter a spreadsheet turns 2.10 into 2.1.",
    )
    return models.CharField("code", db_collation="C", max_length=20, validators=[begins], **kwargs)


def code_order():
    """The numbers of a code, so that D1.10 stands after D1.2."""
    numbers = models.Func(
        models.F("code"),
        template="string_to_array(trim(both '.' from "
        "regexp_replace(%(expressions)s, '[^0-9]+', '.', 'g')), '.')::int[]",
        output_field=ArrayField(models.IntegerField()),
    )
    return models.GeneratedField(
        expression=numbers, output_field=ArrayField(models.IntegerField()), db_persist=True
    )


# Rules


def rule(name, condition, message):
    return models.CheckConstraint(condition=condition, name=name, violation_error_message=message)


def once(name, fields, message, **kwargs):
    return models.UniqueConstraint(
        fields=fields, name=name, violation_error_message=message, **kwargs
    )


def code_is_its_own(table, message, owner="project"):
    begins = "A code begins with capital letters, as D1.2 or E14."
    return [
        once(f"{table}_code_is_unique_in_its_{owner}", (owner, "code"), message),
        rule(f"{table}_code_begins_with_a_letter", models.Q(code__regex=CODE), begins),
    ]


def date_is_one(table, *columns):
    return [
        rule(
            f"{table}_{column}_is_a_date",
            models.Q((column, "")) | models.Q((f"{column}__regex", DATE)),
            "Write a day (2019-02-21), a month (2019-02) or a year.",
        )
        for column in columns
    ]


def not_before(table, start, end, message):
    return rule(
        f"{table}_{end}_is_not_before_{start}",
        models.Q((start, ""))
        | models.Q((end, ""))
        | models.Q((f"{end}__gte", models.F(start)))
        | models.Q((f"{start}__startswith", models.F(end))),
        message,
    )


def one_of(table, column, values):
    return rule(
        f"{table}_{column}_is_known",
        models.Q((f"{column}__in", list(values))),
        "This value is not one that the register knows. Choose one from the list.",
    )


def country_is_known(table, column="country"):
    return rule(
        f"{table}_{column}_is_known",
        models.Q((f"{column}__in", COUNTRIES.split())),
        "This country is not one of the list. Choose it from the list.",
    )


def given(*columns):
    """No one of these texts is empty."""
    condition = models.Q()
    for column in columns:
        condition &= ~models.Q((column, ""))
    return condition


def in_both_languages(table, *names):
    columns = [f"{name}_{language}" for name in names for language in ("lv", "en")]
    message = "Give the text in Latvian and in English."
    return rule(f"{table}_speaks_both_languages", given(*columns), message)


# Triggers

WITH_ITS_PROJECT = (
    "IF TG_OP = 'DELETE' AND NOT EXISTS (SELECT FROM deliverables_project WHERE id = "
    "OLD.project_id) AND NOT EXISTS (SELECT FROM releases_release WHERE project_id = "
    "OLD.project_id) THEN RETURN OLD; END IF; "
)


def notes_change(model, projects):
    """`projects` is what follows SELECT to give the ids for {row}."""
    note = (
        "INSERT INTO deliverables_change (project_id, transaction, at) SELECT id, txid_current(), "
        "now() FROM (SELECT {ids}) p (id) WHERE id IS NOT NULL ON CONFLICT DO NOTHING;"
    )
    new, old = (note.format(ids=projects.format(row=row)) for row in ("NEW", "OLD"))
    func = (
        "IF TG_OP = 'UPDATE' AND OLD IS NOT DISTINCT FROM NEW THEN RETURN NULL; END IF; "
        f"IF TG_OP <> 'DELETE' THEN {new} END IF; IF TG_OP <> 'INSERT' THEN {old} END IF; "
        "RETURN NULL;"
    )
    return trigger(model, "notes_change", EACH, func)


def voids_signatures(model, deliverable):
    """`deliverable` is SQL that gives its id for {row}."""
    less = "- ARRAY['version', 'search_text', 'code_order', 'rung', 'accepted_on']"
    void = (
        "UPDATE deliverables_signoff SET voided_at = now() "
        "WHERE voided_at IS NULL AND deliverable_id IN ({ids});"
    )
    new, old = (void.format(ids=deliverable.format(row=row)) for row in ("NEW", "OLD"))
    func = (
        f"IF TG_OP = 'UPDATE' AND to_jsonb(NEW) {less} IS NOT DISTINCT FROM to_jsonb(OLD) {less} "
        f"THEN RETURN NULL; END IF; IF TG_OP <> 'DELETE' THEN {new} END IF; "
        f"IF TG_OP <> 'INSERT' THEN {old} END IF; RETURN NULL;"
    )
    return trigger(model, "voids_signatures", EACH, func)


def raising(name):
    return (
        f"RAISE EXCEPTION '{name}' USING ERRCODE = 'check_violation', CONSTRAINT = '{name}';"
    )


def refused(model, name, operation, broken):
    """Refuses to write rows of which `broken` is true (SQL; {row}); they go with their project."""
    func = (
        f"IF (TG_OP <> 'INSERT' AND ({broken.format(row='OLD')})) OR "
        f"(TG_OP <> 'DELETE' AND ({broken.format(row='NEW')})) THEN {raising(name)} END IF; "
        "IF TG_OP = 'DELETE' THEN RETURN OLD; END IF; RETURN NEW;"
    )
    goes = WITH_ITS_PROJECT if "DELETE" in operation else ""
    return trigger(model, name, f"BEFORE {operation}", goes + func)


# A row and what it points at belong to one project: foreign keys of two columns. Django has no such
# key, so it is added beside Django's own.

def pair(table):
    """What a key of two columns needs to point at."""
    key = f"{table.partition('_')[2]}_and_its_project"
    return migrations.RunSQL(
        f"ALTER TABLE {table} ADD CONSTRAINT {key} UNIQUE (id, project_id)",
        f"ALTER TABLE {table} DROP CONSTRAINT {key}",
    )


def same_project(table, column, target):
    """`table.column` points at a row of `target` that has the same project_id."""
    key = f"{table.partition('_')[2]}_{column}_is_of_its_project"
    return migrations.RunSQL(
        f"ALTER TABLE {table} ADD CONSTRAINT {key} FOREIGN KEY ({column}_id, project_id) "
        f"REFERENCES {target} (id, project_id)",
        f"ALTER TABLE {table} DROP CONSTRAINT {key}",
    )
