"""What lists of projects ask of each release: the database writes it with the release itself.

So a page of a list, its filters, sums and files read no document that they do not show. What they
show is compared with the release (releases.reading.reading), and a test holds the columns against
the figures of the documents.
"""

from __future__ import annotations

import pgtrigger

from deliverables.ladder.status import OPEN

_OPEN = ", ".join(f"'{rung.value}'" for rung in OPEN)
# Partners are those of Member States, `due` is of what is still to be delivered, if only the rest,
# and a partial date means its last day (deliverables.fields.dates).
_WRITTEN = """
UPDATE releases_listing SET until = NEW.made_at WHERE project_id = NEW.project_id AND until IS NULL;
INSERT INTO releases_listing (release_id, project_id, slug, reference, title_lv, title_en, status,
  country, partners, begins, ends, first_year, last_year, results, delivered, experts, planned,
  spent, due, fictitious, since, until, withdrawn)
SELECT NEW.id, NEW.project_id, NEW.slug, COALESCE(p ->> 'reference', ''),
  COALESCE(p ->> 'title_lv', ''), COALESCE(p ->> 'title_en', ''), COALESCE(p ->> 'status', ''),
  COALESCE(p ->> 'beneficiary_country', ''),
  ARRAY(SELECT DISTINCT x ->> 'country' FROM jsonb_array_elements(d -> 'partnerships') x
    WHERE x ->> 'role' IN ('lead', 'national_lead', 'junior', 'contributing', 'experts')
    ORDER BY 1),
  COALESCE(begins, ''), COALESCE(ends, ''), left(COALESCE(begins, ends), 4)::int,
  left(COALESCE(ends, begins), 4)::int,
  COALESCE((t #>> '{results,whole}')::int, 0), COALESCE((t #>> '{results,delivered}')::int, 0),
  COALESCE((t #>> '{experts,whole}')::int, 0),
  (t #>> '{budget,planned}')::numeric, (t #>> '{budget,spent}')::numeric,
  (SELECT min(CASE length(date)
      WHEN 4 THEN make_date(date::int, 12, 31)
      WHEN 7 THEN ((date || '-01')::date + interval '1 month - 1 day')::date
      WHEN 10 THEN date::date END)
    FROM jsonb_array_elements(d -> 'deliverables') x,
    LATERAL (SELECT COALESCE(NULLIF(x ->> 'due_current', ''), x ->> 'due_original')) y (date)
    WHERE (x ->> 'active')::boolean AND x ->> 'rung' IN (OPEN)),
  COALESCE((p ->> 'fictitious')::boolean, false), NEW.made_at, NULL, false
FROM (SELECT NEW.document) r (d), LATERAL (SELECT d -> 'project', d -> 'totals') s (p, t),
  LATERAL (SELECT COALESCE(NULLIF(p ->> 'start_actual', ''), NULLIF(p ->> 'start_planned', '')),
    COALESCE(NULLIF(p ->> 'end_actual', ''), NULLIF(p ->> 'end_current', ''),
      NULLIF(p ->> 'end_planned', ''))) z (begins, ends);
RETURN NULL;
"""


def lists_release() -> pgtrigger.Trigger:
    """Of the table of releases: the newest one takes the place of the one before it."""
    return pgtrigger.Trigger(
        name="lists_release",
        when=pgtrigger.After,
        operation=pgtrigger.Insert,
        func=" ".join(_WRITTEN.replace("OPEN", _OPEN).split()),
    )


def lists_withdrawal() -> pgtrigger.Trigger:
    """Of the table of withdrawals: a project is in no list while it has a row there."""
    return pgtrigger.Trigger(
        name="lists_withdrawal",
        when=pgtrigger.After,
        operation=pgtrigger.Insert | pgtrigger.Delete,
        func=(
            "UPDATE releases_listing SET withdrawn = (TG_OP = 'INSERT') WHERE project_id = "
            "CASE TG_OP WHEN 'INSERT' THEN NEW.project_id ELSE OLD.project_id END; RETURN NULL;"
        ),
    )


def renews_list() -> pgtrigger.Trigger:
    """Of the table of listings: whatever is written there makes it another list."""
    return pgtrigger.Trigger(
        name="renews_list",
        level=pgtrigger.Statement,
        when=pgtrigger.After,
        operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
        func=(
            "INSERT INTO releases_edition (id, token) VALUES (1, gen_random_uuid()) "
            "ON CONFLICT (id) DO UPDATE SET token = excluded.token; RETURN NULL;"
        ),
    )
