"""Books instead of one chain of all events, and the count of what a transaction wrote.

What was sealed before is sealed anew, under new heads, by the next seal.
"""

import django.db.models.deletion
from django.db import migrations, models

# audit_number: the number of an event in its transaction, as far as that is not rolled back to a
# savepoint. audit_count: how many there are, when the transaction commits, or is checked before.
SQL = """
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
SQL += """
CREATE INDEX audit_event_deleted ON audit_event ("table", (before ->> 'code'))
  WHERE operation = 'delete';
"""
TABLES = ("book", "line", "seal", "balance", "batch")
REFUSED = """
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_{0}
  FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse();
ALTER TABLE audit_{0} ENABLE ALWAYS TRIGGER append_only;
"""
BIG = models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")
SHA256 = "^[0-9a-f]{64}$"


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_initial")]

    operations = [
        migrations.DeleteModel("Line"),
        migrations.DeleteModel("Seal"),
        migrations.AddField(
            "event", "nth", models.IntegerField(default=0, verbose_name="number in its transaction")
        ),
        migrations.CreateModel(
            name="Book",
            fields=[
                ("id", BIG),
                ("ref", models.CharField(max_length=100, unique=True, verbose_name="what it is of")),
                ("salt", models.CharField(max_length=64, verbose_name="salt")),
            ],
            options={
                "verbose_name": "book",
                "verbose_name_plural": "books",
                "ordering": ["pk"],
                "default_permissions": (),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("salt__regex", SHA256)), name="book_salt_has_64_digits"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Line",
            fields=[
                ("id", BIG),
                ("number", models.PositiveBigIntegerField(verbose_name="number")),
                ("event", models.BigIntegerField(db_index=True, verbose_name="event")),
                ("sha256", models.CharField(max_length=64, verbose_name="SHA-256")),
                ("digest", models.CharField(max_length=64, verbose_name="digest")),
                (
                    "book",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="lines",
                        to="audit.book",
                    ),
                ),
            ],
            options={
                "verbose_name": "line",
                "verbose_name_plural": "lines",
                "ordering": ["book", "number"],
                "default_permissions": (),
                "constraints": [
                    models.UniqueConstraint(
                        fields=("book", "number"), name="line_number_is_unique"
                    ),
                    models.UniqueConstraint(
                        fields=("book", "event"), name="line_holds_its_event_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("number__gte", 1)), name="line_numbers_begin_at_one"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Seal",
            fields=[
                (
                    "number",
                    models.BigIntegerField(
                        primary_key=True, serialize=False, verbose_name="number"
                    ),
                ),
                ("events", models.BigIntegerField(verbose_name="events")),
                ("made_at", models.DateTimeField(db_index=True, verbose_name="made at")),
                ("occasion", models.CharField(max_length=200, verbose_name="occasion")),
                ("root", models.CharField(max_length=64, verbose_name="root")),
                ("head", models.CharField(max_length=64, unique=True, verbose_name="SHA-256")),
            ],
            options={
                "verbose_name": "seal",
                "verbose_name_plural": "seals",
                "ordering": ["-number"],
                "default_permissions": (),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("head__regex", SHA256)), name="seal_head_is_a_sha256"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("root__regex", SHA256)), name="seal_root_is_a_sha256"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Balance",
            fields=[
                ("id", BIG),
                ("seal", models.BigIntegerField(verbose_name="seal")),
                ("lines", models.PositiveBigIntegerField(verbose_name="lines")),
                ("digest", models.CharField(max_length=64, verbose_name="digest")),
                (
                    "book",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="balances",
                        to="audit.book",
                    ),
                ),
            ],
            options={
                "verbose_name": "balance",
                "verbose_name_plural": "balances",
                "ordering": ["book", "seal"],
                "default_permissions": (),
                "constraints": [
                    models.UniqueConstraint(fields=("book", "seal"), name="balance_is_drawn_once"),
                    models.CheckConstraint(
                        condition=models.Q(("lines__gte", 1)), name="balance_is_of_lines"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Batch",
            fields=[
                ("id", BIG),
                ("first", models.BigIntegerField(db_index=True, verbose_name="first event")),
                ("events", models.PositiveBigIntegerField(verbose_name="events")),
            ],
            options={
                "verbose_name": "transaction",
                "verbose_name_plural": "transactions",
                "ordering": ["first", "events"],
                "default_permissions": (),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("events__gte", 1)), name="batch_is_of_events"
                    )
                ],
            },
        ),
        migrations.RunSQL(
            SQL + "".join(REFUSED.format(table) for table in TABLES),
            "DROP INDEX audit_event_deleted; DROP FUNCTION audit_number CASCADE; DROP FUNCTION audit_count CASCADE; "
            + "".join(f"DROP TRIGGER append_only ON audit_{table}; " for table in TABLES),
        ),
    ]
