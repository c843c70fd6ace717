"""The trail: events, the books that they are entered in, and the seals over these."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import migrations, models

from audit.migrations._shapes import ID, is_a_sha256

# audit_shown: a row as the trail shows it. audit_note: writes the event of one row (the triggers of
# audit/events/triggers.py call it).
NOTE = """
CREATE FUNCTION audit_shown(row_ jsonb, left_out text[], personal text[], secret text[])
RETURNS jsonb LANGUAGE sql IMMUTABLE AS $$
  SELECT jsonb_object_agg(name, CASE
    WHEN name = ANY (secret) THEN '"(secret)"'::jsonb
    WHEN name = ANY (personal) AND value #>> '{}' <> '' THEN to_jsonb('sha256:' ||
      encode(sha256(convert_to((row_ ->> 'audit_key') || (value #>> '{}'), 'UTF8')), 'hex'))
    ELSE value END)
  FROM jsonb_each(row_) AS cells (name, value) WHERE name <> ALL (left_out)
$$;

CREATE FUNCTION audit_note(table_ text, operation text, old_ jsonb, new_ jsonb, left_out text[],
  personal text[], secret text[], about text[]) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  before jsonb := CASE WHEN operation <> 'insert'
    THEN audit_shown(old_, left_out, personal, secret) END;
  after jsonb := CASE WHEN operation <> 'delete'
    THEN audit_shown(new_, left_out, personal, secret) END;
  changed text[];
BEGIN
  IF operation = 'update' THEN
    SELECT array_agg(name) INTO changed FROM jsonb_object_keys(after) AS names (name)
      WHERE before -> name IS DISTINCT FROM after -> name
      OR (name = ANY (secret) AND old_ -> name IS DISTINCT FROM new_ -> name);
    IF changed IS NULL THEN
      RETURN;
    END IF;
    SELECT jsonb_object_agg(name, before -> name), jsonb_object_agg(name, after -> name)
      INTO before, after FROM unnest(changed) AS names (name);
  END IF;
  INSERT INTO audit_event
    (at, who, through, why, "table", "row", operation, before, after, transaction, about)
  VALUES (clock_timestamp(),
    COALESCE(NULLIF(current_setting('audit.who', true), ''), 'unknown'),
    COALESCE(NULLIF(current_setting('audit.through', true), ''), 'sql'),
    COALESCE(current_setting('audit.why', true), ''),
    table_, (COALESCE(new_, old_) ->> 'id')::bigint, operation, before, after, txid_current(), about);
END $$;
"""
# audit_number: the number of an event in its transaction, as far as that is not rolled back to a
# savepoint. audit_count: how many there are, when the transaction commits, or is checked before.
COUNT = """
CREATE FUNCTION audit_number() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.nth := COALESCE(NULLIF(current_setting('audit.nth', true), ''), '0')::int + 1;
  PERFORM set_config('audit.nth', NEW.nth::text, true);
  IF NEW.nth = 1 THEN
    PERFORM set_config('audit.first', NEW.id::text, true);
  END IF;
  RETURN NEW;
END $$;

CREATE TRIGGER number BEFORE INSERT ON audit_event
  FOR EACH ROW EXECUTE FUNCTION audit_number();
ALTER TABLE audit_event ENABLE ALWAYS TRIGGER number;

CREATE FUNCTION audit_count() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.nth::text = current_setting('audit.nth', true) THEN
    INSERT INTO audit_batch (first, events)
      VALUES (current_setting('audit.first', true)::bigint, NEW.nth);
  END IF;
  RETURN NULL;
END $$;

CREATE CONSTRAINT TRIGGER count AFTER INSERT ON audit_event DEFERRABLE INITIALLY DEFERRED
  FOR EACH ROW EXECUTE FUNCTION audit_count();
ALTER TABLE audit_event ENABLE ALWAYS TRIGGER count;
"""
# Keeps the tables of the trail append-only for everybody, also for who switches other triggers off.
REFUSE = """
CREATE FUNCTION audit_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'The audit trail is append-only: % of % is refused.', TG_OP, TG_TABLE_NAME;
END $$;
"""
REFUSED = """
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_{0}
  FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse();
ALTER TABLE audit_{0} ENABLE ALWAYS TRIGGER append_only;
"""
TABLES = ("event", "book", "line", "seal", "balance", "batch", "timestamp")


class Migration(migrations.Migration):
    initial = True
    replaces = [
        ("audit", "0001_initial"), ("audit", "0002_books"), ("audit", "0003_trail_indexes"),
        ("audit", "0004_timestamps"),
    ]
    dependencies = []

    operations = [
        migrations.CreateModel(
            "Event",
            fields=[
                ("id", ID),
                ("at", models.DateTimeField("at")),
                ("who", models.CharField("who", max_length=40)),
                ("through", models.CharField("through", max_length=10,
                    choices=[("form", "form"), ("action", "step"), ("import", "import"),
                        ("command", "command"), ("sql", "SQL")])),
                ("why", models.TextField("why", blank=True)),
                ("table", models.CharField("table", max_length=63)),
                ("row", models.BigIntegerField("row")),
                ("operation", models.CharField("what", max_length=10,
                    choices=[("insert", "added"), ("update", "changed"), ("delete", "deleted"),
                        ("state", "found as it was")])),
                ("before", models.JSONField("before", null=True)),
                ("after", models.JSONField("after", null=True)),
                ("transaction", models.BigIntegerField("transaction")),
                ("nth", models.IntegerField("number in its transaction", default=0)),
                ("about", ArrayField(models.TextField(), verbose_name="about")),
            ],
            options={
                "verbose_name": "event", "verbose_name_plural": "events", "ordering": ["pk"],
                "default_permissions": (),
                "indexes": [
                    GinIndex(name="event_about", fields=["about"]),
                    models.Index(name="event_row", fields=["table", "row", "id"]),
                    models.Index(name="event_at", fields=["at", "id"]),
                    models.Index(name="event_who", fields=["who", "at", "id"]),
                    models.Index(name="event_through", fields=["through", "at", "id"]),
                    models.Index(name="event_table", fields=["table", "at", "id"]),
                    models.Index(name="event_transaction", fields=["transaction"]),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(operation__in=["insert", "update", "delete", "state"]),
                        name="event_operation_is_known"),
                ],
            },
        ),

        migrations.RunSQL(
            """CREATE INDEX audit_event_deleted ON audit_event ("table", (before ->> 'code'))
            WHERE operation = 'delete'""",
            "DROP INDEX audit_event_deleted",
        ),

        migrations.CreateModel(
            "Batch",
            fields=[
                ("id", ID),
                ("first", models.BigIntegerField("first event", db_index=True)),
                ("events", models.PositiveBigIntegerField("events")),
            ],
            options={
                "verbose_name": "transaction", "verbose_name_plural": "transactions",
                "ordering": ["first", "events"], "default_permissions": (),
                "constraints": [
                    models.CheckConstraint(condition=models.Q(events__gte=1),
                        name="batch_is_of_events"),
                ],
            },
        ),

        migrations.CreateModel(
            "Book",
            fields=[
                ("id", ID),
                ("ref", models.CharField("what it is of", max_length=100, unique=True)),
                ("salt", models.CharField("salt", max_length=64)),
            ],
            options={
                "verbose_name": "book", "verbose_name_plural": "books", "ordering": ["pk"],
                "default_permissions": (),
                "constraints": [is_a_sha256("book_salt_has_64_digits", "salt")],
            },
        ),

        migrations.CreateModel(
            "Line",
            fields=[
                ("id", ID),
                ("book", models.ForeignKey("audit.book", models.PROTECT, related_name="lines")),
                ("number", models.PositiveBigIntegerField("number")),
                ("event", models.BigIntegerField("event", db_index=True)),
                ("sha256", models.CharField("SHA-256", max_length=64)),
                ("digest", models.CharField("digest", max_length=64)),
            ],
            options={
                "verbose_name": "line", "verbose_name_plural": "lines",
                "ordering": ["book", "number"], "default_permissions": (),
                "constraints": [
                    models.UniqueConstraint(fields=("book", "number"),
                        name="line_number_is_unique"),
                    models.UniqueConstraint(fields=("book", "event"),
                        name="line_holds_its_event_once"),
                    models.CheckConstraint(condition=models.Q(number__gte=1),
                        name="line_numbers_begin_at_one"),
                ],
            },
        ),

        migrations.CreateModel(
            "Balance",
            fields=[
                ("id", ID),
                ("book", models.ForeignKey("audit.book", models.PROTECT, related_name="balances")),
                ("seal", models.BigIntegerField("seal")),
                ("lines", models.PositiveBigIntegerField("lines")),
                ("digest", models.CharField("digest", max_length=64)),
            ],
            options={
                "verbose_name": "balance", "verbose_name_plural": "balances",
                "ordering": ["book", "seal"], "default_permissions": (),
                "indexes": [models.Index(name="balance_lines", fields=["book", "lines"])],
                "constraints": [
                    models.UniqueConstraint(fields=("book", "seal"), name="balance_is_drawn_once"),
                    models.CheckConstraint(condition=models.Q(lines__gte=1),
                        name="balance_is_of_lines"),
                ],
            },
        ),

        migrations.CreateModel(
            "Seal",
            fields=[
                ("number", models.BigIntegerField("number", primary_key=True, serialize=False)),
                ("events", models.BigIntegerField("events")),
                ("made_at", models.DateTimeField("made at", db_index=True)),
                ("occasion", models.CharField("occasion", max_length=200)),
                ("root", models.CharField("root", max_length=64)),
                ("head", models.CharField("SHA-256", max_length=64, unique=True)),
            ],
            options={
                "verbose_name": "seal", "verbose_name_plural": "seals", "ordering": ["-number"],
                "default_permissions": (),
                "constraints": [
                    is_a_sha256("seal_head_is_a_sha256", "head"),
                    is_a_sha256("seal_root_is_a_sha256", "root"),
                ],
            },
        ),

        migrations.CreateModel(
            "Timestamp",
            fields=[
                ("seal", models.OneToOneField("audit.seal", models.PROTECT, primary_key=True,
                    serialize=False)),
                ("service", models.CharField("service", max_length=255)),
                ("at", models.DateTimeField("at")),
                ("answer", models.BinaryField("answer")),
            ],
            options={
                "verbose_name": "timestamp", "verbose_name_plural": "timestamps",
                "default_permissions": (),
                "constraints": [
                    models.CheckConstraint(condition=~models.Q(service=""),
                        name="timestamp_names_its_service"),
                ],
            },
        ),

        migrations.RunSQL(NOTE, "DROP FUNCTION audit_note; DROP FUNCTION audit_shown"),
        migrations.RunSQL(
            COUNT, "DROP FUNCTION audit_number CASCADE; DROP FUNCTION audit_count CASCADE"
        ),
        migrations.RunSQL(
            REFUSE + "".join(REFUSED.format(table) for table in TABLES),
            "DROP FUNCTION audit_refuse CASCADE",
        ),
    ]
