"""A component with its results. Pure."""

from __future__ import annotations

from django.utils.translation import gettext as _

from public.charts import geometry as charts
from public.http import query_string
from public.http.refusals import NotThere, quoted
from public.pages.results import legend
from public.results import of
from public.rows import index, name_of
from releases.published import Reading


def component(reading: Reading, number: str, query: query_string.Query) -> dict[str, object]:
    """One component: who leads it, its figures, its results."""
    document = reading.document
    known = {str(row["number"]): row for row in document["components"]}
    if number not in known:
        raise NotThere(
            _("%(project)s has no component “%(asked)s”. Its components are: %(known)s.")
            % {
                "project": name_of(document["project"]),
                "asked": quoted(number),
                "known": ", ".join(known),
            }
        )
    row = known[number]
    mine = [
        result
        for result in of(reading)
        if result.row["component"] == row["number"] and result.counted
    ]
    count = next(c for c in document["totals"]["components"] if c["number"] == row["number"])
    roles = [
        part
        for part in document["assignments"]
        if part["component"] == row["number"] and part["function"] != "short_term_expert"
    ]
    return {
        "component": row,
        "count": count,
        "bar": charts.rungs(count["by_rung"], count["whole"]),
        "legend": legend(count["by_rung"]),
        "titles": [part for part in document["titles"] if part["component"] == row["number"]],
        "roles": roles,
        "terms": index(document["terms"], "function"),
        "led": any(part["function"] == "component_leader" for part in roles),
        "list": query_string.page(query, mine),
    }
