"""What the first migrations of all rooms say in a word: columns and triggers as they were then.

Frozen, as migrations are. What audit/events/triggers.py or audit/rows/versions.py say differently one day comes
with a migration of its own, which `makemigrations` writes out.
"""

import hashlib

from django.contrib.postgres.functions import RandomUUID
from django.db import models
from pgtrigger.compiler import Trigger, UpsertTriggerSql
from pgtrigger.migrations import AddTrigger

ID = models.BigAutoField("ID", auto_created=True, primary_key=True, serialize=False)
VERSION = models.PositiveIntegerField("version", default=1, editable=False)
AUDIT_KEY = models.UUIDField(db_default=RandomUUID(), editable=False)
SHA256 = "^[0-9a-f]{64}$"


def is_a_sha256(name, column, **kwargs):
    return models.CheckConstraint(
        condition=models.Q((f"{column}__regex", SHA256)), name=name, **kwargs
    )


class Install(AddTrigger):
    """As pgtrigger's, without drawing the model and all that point at it anew, which takes half the
    time of migrating: a trigger is no part of them."""

    def state_forwards(self, app_label, state):
        options = state.models[app_label, self.model_name].options
        options["triggers"] = [*options.get("triggers", []), self.trigger]


def trigger(model, name, when, func, *, table="", condition=""):
    """`model` as in "accounts.User", `when` as in "BEFORE INSERT OR UPDATE"."""
    room, _, kind = model.partition(".")
    moment, _, operation = when.partition(" ")
    number = hashlib.sha1(f"{model}:{name}".encode()).hexdigest()[:5]
    sql = UpsertTriggerSql(
        func=func,
        operation=operation,
        pgid=f"pgtrigger_{name}_{number}",
        table=table or f"{room}_{kind}".lower(),
        when=moment,
        **({"condition": f"WHEN ({condition})"} if condition else {}),
    )
    return Install(kind.lower(), Trigger(name=name, sql=sql))


def audited(model, about=None, *, personal=(), secret=(), left_out=(), table=""):
    """Each write that changes something leaves an event. `about`: a table that the row belongs to,
    and the SQL that gives the id there for {row}."""
    own = table or model.replace(".", "_").lower()
    belongs = {own: None, **(about or {})}
    refs = ", ".join(
        f"('{other}:' || {f'({sql.format(row=row)})' if sql else f'{row}.id'})"
        for other, sql in belongs.items()
        for row in ("NEW", "OLD")
    )
    lists = ", ".join(
        f"ARRAY[{', '.join(map(repr, names))}]::text[]" for names in (left_out, personal, secret)
    )
    func = (
        "PERFORM audit_note(TG_TABLE_NAME::text, lower(TG_OP), to_jsonb(OLD), to_jsonb(NEW), "
        f"{lists}, ARRAY(SELECT DISTINCT ref FROM (VALUES {refs}) AS refs (ref) "
        "WHERE ref IS NOT NULL ORDER BY 1)); RETURN NULL;"
    )
    return trigger(model, "audited", "AFTER INSERT OR UPDATE OR DELETE", func, table=own)


def counted(model, *derived):
    """The version counts each change of anything but these columns."""
    less = f"- ARRAY[{', '.join(map(repr, ('version', *derived)))}]"
    func = (
        f"NEW.version = OLD.version + (to_jsonb(NEW) {less} "
        f"IS DISTINCT FROM to_jsonb(OLD) {less})::int; RETURN NEW;"
    )
    return trigger(model, "version_counts", "BEFORE UPDATE", func)


def final(model, name):
    """A row is never changed and never deleted."""
    func = "RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;"
    return trigger(model, name, "BEFORE UPDATE OR DELETE", func)
