"""Faults of issue 14: what leaks inside, order and odd input, what is slow, ways round the form."""

from __future__ import annotations

from tests.faults import Fault

COMPOSED = "tests/releases/test_composed.py::test_"
COORDINATOR = (f"{COMPOSED}what_would_change_tells_a_coordinator_of_own_rows",)
LISTS, SEARCH = (
    "tests/office/test_order_of_lists.py::test_",
    "tests/office/test_search.py::test_",
)
REQUESTS, SERVER = "tests/twinning/test_requests.py::test_", "tests/tryout/test_threads.py::test_"
BODIES, FILES = (
    "tests/tryout/test_bodies.py::test_",
    "tests/deliverables/test_inspecting.py::test_",
)
PROXIES, ACCESS = (
    "tests/accounts/test_proxies.py::test_",
    "tests/deliverables/test_access.py::test_",
)
ROUND = "tests/twinning/test_ways_round.py::test_"

LEAKS = (
    Fault(
        "who has a part of a project reads all of it before it is published",
        "releases/reading/reach.py",
        "if access.may(Right.SEE, project.pk):",
        "if project.pk in access.partly(Right.SEE):",
        COORDINATOR,
    ),
    Fault(
        "the live preview, its CSV and its JSON show what other components have not published",
        "releases/reading/reading.py",
        "built, part = reach.read(project, self.access)",
        "built, part = reach.live.build(project), None",
        COORDINATOR,
    ),
    Fault(
        "“what would change” tells of rows of other components",
        "releases/admin.py",
        "built, part = reach.read(project, access)",
        "built, part = reach.live.build(project), None",
        COORDINATOR,
    ),
    Fault(
        "where a project stands is told from what other components have not published",
        "office/where_it_stands.py",
        "document, part = reach.read(project, access, live.figures)",
        "document, part = live.figures(project), None",
        (
            "tests/office/test_where_it_stands.py::"
            "test_a_coordinator_reads_of_others_what_is_released_and_nothing_else",
        ),
    ),
    Fault(
        "component 0 counts as none, so its rows are everybody's",
        "releases/reading/composed.py",
        'NO_COMPONENT: tuple[object, ...] = (None, "")',
        'NO_COMPONENT: tuple[object, ...] = (None, "", 0)',
        (f"{COMPOSED}what_an_own_row_names_of_another_component_stays_out_whatever_its_number",),
    ),
)

ODD = (
    Fault(
        "names are sorted by code point, Ā behind Z",
        "audit/lists/ordering.py",
        'Collate(Concat(key, Value(TIE), text, output_field=TextField()), "C")',
        'Collate(text, "C")',
        ("tests/audit/test_alphabets.py::test_the_database_sorts_as_python_does",),
    ),
    Fault(
        "columns of lists are sorted by code point",
        "audit/lists/ordering.py",
        "return Alphabetical(name)",
        "return name",
        (f"{LISTS}no_column_of_a_list_is_sorted_by_code_points",),
    ),
    Fault(
        "countries are sorted by their codes",
        "deliverables/fields/countries.py",
        "sorted(codes, key=lambda code: alphabets.key(name(code, language), language))",
        "sorted(codes)",
        (f"{LISTS}countries_are_sorted_by_their_names_in_lists_and_choices",),
    ),
    Fault(
        "the public search looks for the words as one",
        "public/pages/results.py",
        '_has_all(fold(wanted["q"]).split(),',
        '_has_all([fold(wanted["q"])],',
        (f"{SEARCH}words_are_found_however_they_are_typed",),
    ),
    Fault(
        "the search of the back office minds quotes, dashes and diacritics",
        "exchange/admin.py",
        r'fold(search_term[: limits.SEARCH].replace("\0", ""))',
        r'search_term[: limits.SEARCH].replace("\0", "")',
        (f"{SEARCH}words_are_found_however_they_are_typed",),
    ),
    Fault(
        "forms take control characters",
        "audit/rows/checked.py",
        "setattr(self, field.attname, fit(value, lines=has_lines(field)))",
        "setattr(self, field.attname, value)",
        (
            "tests/audit/test_characters.py::"
            "test_a_row_is_refused_at_the_field_with_all_that_is_wrong_of_it",
        ),
    ),
    Fault(
        "texts may turn the direction of what follows",
        "audit/rows/characters.py",
        r'"\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"',
        '""',
        (
            "tests/audit/test_characters.py::"
            "test_what_cannot_be_seen_is_refused_with_its_name_and_place",
        ),
    ),
    Fault(
        "an amount may be 1e3, or full-width digits",
        "exchange/forms.py",
        r'pattern = r"[+-]?[0-9]+(\.[0-9]+)?"',
        r'pattern = r"[+-]?\d+(\.\d+)?(e\d+)?"',
        ("tests/exchange/test_forms.py::test_what_could_be_two_numbers_or_none_is_refused",),
    ),
    Fault(
        "?pk__regex=((( is an error of the server",
        "audit/lists/pages.py",
        'return bare in names and "\\0" not in str(value)',
        'return bare != names and "\\0" not in str(value)',
        (
            f"{LISTS}a_list_answers_every_odd_question_with_itself_or_a_sentence[budget_heading]",
            f"{LISTS}a_list_answers_every_odd_question_with_itself_or_a_sentence"
            "[deliverables_deliverable]",
        ),
    ),
    Fault(
        "a POST to a public page is answered 403, as if a form were missing",
        "public/http/responses.py",
        "    @csrf_exempt  # a POST is told that there is none, and not about a form\n",
        "",
        (f"{REQUESTS}what_only_reads_says_so_to_a_form_from_anywhere[POST]",),
    ),
    Fault(
        "/healthz answers to the names of the register alone",
        "twinning/settings.py",
        '    "twinning.probes.answered",\n',
        "",
        (f"{REQUESTS}a_probe_may_call_the_register_by_any_name",),
    ),
    Fault(
        "a foreign Host is an error in the log",
        "tryout/machine_errors.py",
        '            record.levelno, record.levelname = logging.WARNING, "WARNING"\n',
        "",
        (f"{REQUESTS}a_foreign_host_is_told_and_is_one_line_in_the_log",),
    ),
    Fault(
        "a foreign Host is a mail to the administrators",
        "twinning/settings.py",
        '"loggers": {"django": {"handlers": []}},',
        '"loggers": {},',
        (f"{REQUESTS}django_mails_no_errors",),
    ),
    Fault(
        "a chunked upload comes to nothing",
        "tryout/threads.py",
        'if declared == "0" and not chunked:',
        'if declared == "0":',
        (f"{SERVER}a_file_is_taken_in_however_it_is_sent",),
    ),
    Fault(
        "a feed says 1 events",
        "audit/views.py",
        '"Seal %(number)s: %(events)s event",',
        '"Seal %(number)s: %(events)s events",',
        ("tests/test_plurals.py::test_the_feed_of_seals_counts_events",),
    ),
)

SLOW = (
    Fault(
        "a body that sends a byte now and then never ends",
        "tryout/bodies.py",
        "patience.reschedule(began + GRACE + size / PACE)",
        "patience.reschedule(asyncio.get_running_loop().time() + GRACE)",
        (f"{BODIES}a_body_has_a_second_more_for_each_pace_of_bytes",),
    ),
    Fault(
        "any number of slow bodies is taken in at once",
        "tryout/bodies.py",
        "if len(self.taken) >= self.most:",
        "if len(self.taken) < 0:",
        (f"{BODIES}one_more_than_there_are_places_ends_the_slowest",),
    ),
    Fault(
        "/healthz waits for the threads of the pages",
        "tryout/threads.py",
        'pool = self.health if environ["PATH_INFO"] == HEALTH else self.requests',
        "pool = self.requests",
        (f"{SERVER}healthz_answers_while_every_thread_waits",),
    ),
    Fault(
        "a file that is looked into may take all memory",
        "deliverables/evidence/inspecting.py",
        "(resource.RLIMIT_AS, int(sys.argv[3])),",
        "",
        (f"{FILES}what_takes_too_much_memory_is_ended",),
    ),
    Fault(
        "a file that is looked into may take as long as it waits",
        "deliverables/evidence/inspecting.py",
        "timeout=SECONDS,",
        "timeout=None,",
        (f"{FILES}what_takes_too_long_is_ended",),
    ),
    Fault(
        "a parser of mails fails on odd ones, and takes seconds for long headers",
        "deliverables/evidence/contents.py",
        "    return bool(begins and _FROM.search(headers) and _DATE.search(headers))",
        "    from email import message_from_string, policy\n\n"
        "    said = message_from_string(headers, policy=policy.default)\n"
        '    return bool(begins and said["from"] and said["date"])',
        (f"{FILES}an_odd_mail_is_a_mail",),
    ),
)

DOOR = (
    Fault(
        "an earlier value is put back past the form, its scope and its choices",
        "audit/rows/pages.py",
        "            form = _form(request, page, locked)\n"
        "            form.type(field.name, (event.before or {})[field.column])\n"
        "            if not form.is_valid():\n"
        "                raise ValidationError(_wrong(form, field.name))\n",
        "            setattr(locked, field.attname, (event.before or {})[field.column])\n",
        (f"{ACCESS}an_earlier_value_does_not_lead_a_row_out_of_ones_reach",),
    ),
    Fault(
        "a row may be saved into somebody else's component by the form",
        "deliverables/projects/scoped_admin.py",
        "            if not scope.edits(access, row):\n",
        "            if not scope.edits(access, row) and row.pk:\n",
        (f"{ACCESS}what_concerns_the_whole_project_is_seen_but_written_by_leaders",),
    ),
    Fault(
        "imports, and taking them back, do not ask whether the rows are the person's",
        "deliverables/projects/scoped_admin.py",
        "writable=lambda row: scope.edits(access, row),",
        "writable=lambda row: True,",
        (f"{ACCESS}an_import_is_not_taken_back_where_the_person_may_not_write_any_more",),
    ),
    Fault(
        "taking an import back names again what the person could not choose",
        "exchange/imports/undo.py",
        "hidden = _first(_not_offered, kept, resources)",
        'hidden = ""',
        (f"{ROUND}an_import_is_not_taken_back_to_what_the_person_could_not_choose",),
    ),
    Fault(
        "taking an import back asks no rule of the form",
        "exchange/imports/undo.py",
        "        or _first(_not_as_typed, kept, resources)\n",
        "",
        (f"{ROUND}an_import_is_not_taken_back_where_a_rule_refuses_the_rows",),
    ),
    Fault(
        "an import writes cells that the page only shows",
        "exchange/imports/rules.py",
        "if change.column in shown and change.column not in resource.fixed:",
        "if change.column in shown and change.column in resource.key:",
        (
            "tests/twinning/test_one_door.py::"
            "test_no_import_changes_a_cell_that_the_page_only_shows",
        ),
    ),
    Fault(
        "a proxy that nobody told of is not told of in the log",
        "twinning/settings.py",
        '    "accounts.access.proxies.noticed",\n',
        "",
        (f"{PROXIES}a_proxy_that_is_not_known_is_said_once_in_the_log_and_to_administrators",),
    ),
    Fault(
        "the start says nothing of TRUSTED_PROXIES",
        "tryout/management/commands/serve.py",
        '(NEEDS_PROXY + ("" if known else ONE_ADDRESS))',
        "NEEDS_PROXY",
        (f"{PROXIES}it_is_said_at_the_start_where_a_proxy_has_to_stand_before",),
    ),
)
INSIDE: tuple[Fault, ...] = (*LEAKS, *ODD, *SLOW, *DOOR)
