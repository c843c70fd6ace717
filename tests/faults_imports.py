"""Faults of issue 15: imports that cost too much, read what nobody saw, or forget who a row is."""

from __future__ import annotations

from tests.faults import Fault

CELLS, FORMATS = (
    "tests/exchange/test_hostile_cells.py::test_",
    "tests/exchange/test_number_formats.py",
)
IDENTITY, PREVIEW = (
    "tests/exchange/test_identity.py::test_",
    "tests/exchange/test_preview.py::test_",
)
AMOUNT = (f"{FORMATS}::test_an_amount_that_shows_something_else_is_refused",)
TEXT = (f"{FORMATS}::test_a_text_that_a_spreadsheet_changed_is_refused_with_the_way_out",)

COST = (
    Fault(
        "regular expressions run over an amount before its length is looked at",
        "exchange/imports/cell_reading.py",
        'return getattr(widget, "longest", limits.TITLE)',
        "return limits.CELL",
        (f"{CELLS}no_amount_or_day_costs_more_than_its_length",),
    ),
    Fault(
        "a file of a million short rows is read to its end",
        "exchange/reading/sheets.py",
        "        if len(filled) > limits.ROWS + 1:\n            raise too_long()\n",
        "",
        (f"{CELLS}no_csv_costs_the_square_of_its_size[short rows]",),
    ),
    Fault(
        "letters are composed under any number of marks, in the square of the time",
        "audit/rows/characters.py",
        "if marks > STACKED:",
        "if marks < 0:",
        (f"{CELLS}a_letter_under_a_hundred_marks_is_no_text",),
    ),
    Fault(
        "an import may take all the time that there is",
        "exchange/imports/intake.py",
        "deadline.within(limits.SECONDS)",
        'deadline.within(float("inf"))',
        (f"{PREVIEW}a_file_has_a_budget_of_time",),
    ),
    Fault(
        "the result page asks the trail once for each event",
        "exchange/imports/undo.py",
        "    for table in {event.table for event in events}:\n",
        "    for table in [event.table for event in events]:\n",
        (f"{CELLS}the_result_page_asks_as_much_for_many_rows_as_for_few",),
    ),
    Fault(
        "the plan asks the database anew for each changed activity",
        "exchange/imports/planner.py",
        "        self.resource.prepare([draft.row for draft in touched])\n",
        "",
        (
            "tests/exchange/test_plan_queries.py::"
            "test_a_plan_asks_as_much_for_many_rows_as_for_few[activity in force-changed]",
        ),
    ),
    Fault(
        "a file is read and planned anew at each step",
        "exchange/imports/intake.py",
        'plan_cache.unpack(bytes(job.plan or b""), basis)',
        'plan_cache.unpack(b"", basis)',
        (f"{PREVIEW}the_file_is_planned_once",),
    ),
    Fault(
        "a plan is kept although its rows have changed",
        "exchange/imports/plan_cache.py",
        'later.exclude(table__startswith="exchange_")',
        'later.filter(table="")',
        (f"{PREVIEW}a_plan_holds_no_longer_than_what_it_rests_on",),
    ),
)

CHARACTERS = (
    Fault(
        "two halves of a character are not put together",
        "exchange/reading/xlsx_parts.py",
        'return _PAIR.sub(lambda two: two[0].encode("utf-16", "surrogatepass").decode("utf-16"), '
        "text)",
        "return text",
        (f"{CELLS}a_pair_of_halves_is_its_character",),
    ),
    Fault(
        "_x0000_ in a cell is passed on",
        "exchange/reading/xlsx_cells.py",
        "if bad := _NO_TEXT.search(written):",
        "if bad := _NO_TEXT.search(self.kind):",
        (f"{CELLS}what_is_no_text_is_named",),
    ),
    Fault(
        "a row may have a number that no sheet has",
        "exchange/reading/xlsx_cells.py",
        "if not self.number < number <= LAST_ROW:",
        "if not self.number < number:",
        (f"{CELLS}a_row_that_no_sheet_has_is_refused",),
    ),
    Fault(
        "a mark that empties a cell is one in its very letters alone, and a text otherwise",
        "exchange/imports/cell_reading.py",
        "        if isinstance(cell, str) and (mark := marked(cell)):\n"
        "            if mark not in CLEAR:\n",
        '        if isinstance(cell, str) and cell.strip() in ("[clear]", "[dzēst]"):\n'
        "            if marked(cell) not in CLEAR:\n",
        (f"{CELLS}a_mark_clears_however_it_is_typed",),
    ),
    Fault(
        "what looks like a mark and is none is a text",
        "exchange/imports/cell_reading.py",
        "(mark := marked(cell)):",
        "(mark := marked(cell)) in CLEAR:",
        (f"{CELLS}what_looks_like_a_mark_and_is_none_is_refused",),
    ),
    Fault(
        "a title keeps blanks that look like others",
        "audit/rows/characters.py",
        '    text = _SOFT.sub("", _BLANK.sub(" ", text))\n',
        "",
        (f"{IDENTITY}a_title_has_no_characters_that_cannot_be_told",),
    ),
    Fault(
        "old and new that look alike are shown without their difference",
        "exchange/imports/planner.py",
        'unseen = differences(was, new) if was else ""',
        'unseen = ""',
        (f"{IDENTITY}a_note_whose_blanks_differ_says_so_by_name",),
    ),
)

SEEN = (
    Fault(
        "a month of mmm-yy is its first day",
        "exchange/tables/number_formats.py",
        'if not parts or {"y", "m", "d"} <= parts:',
        'if not parts or parts & {"y", "m", "d"}:',
        (f"{FORMATS}::test_a_date_is_as_much_of_it_as_is_shown",),
    ),
    Fault(
        "50 % is an amount of 0.50",
        "exchange/tables/cell_text.py",
        "    if form.percent:\n",
        "    if form.percent and percent:\n",
        AMOUNT,
    ),
    Fault(
        "1,000 dollars are 1000 EUR",
        "exchange/tables/cell_text.py",
        "if form.has_sign or (money and form.is_foreign):",
        "if form.has_sign and not money:",
        AMOUNT,
    ),
    Fault(
        "zeros that a cell shows before its number are lost in a text",
        "exchange/tables/cell_text.py",
        "value = cell.shown()\n",
        "value = cell.plain()\n",
        TEXT,
    ),
    Fault(
        "of a number of 20 digits a text keeps 15",
        "exchange/tables/number_formats.py",
        "return abs(float(self)) < 1e15",
        "return True",
        TEXT,
    ),
    Fault(
        "a date in a column of texts is taken",
        "exchange/tables/cell_text.py",
        'why = _("“%(value)s” is a date to the spreadsheet, not a text.")',
        "return value",
        TEXT,
    ),
    Fault(
        "0.30000000000000004 is no amount",
        "exchange/tables/number_formats.py",
        "f'{float(self):.{EXACT}g}'",
        "str(self)",
        (f"{FORMATS}::test_a_number_as_the_file_holds_it_has_no_noise_of_fractions",),
    ),
    Fault(
        "a formula that was never calculated is 0",
        "exchange/reading/xlsx_cells.py",
        '(not computed or (text == "0" and self.book.is_uncalculated))',
        "not computed",
        (f"{CELLS}a_formula_that_was_never_calculated_is_not_nothing",),
    ),
    Fault(
        "#ERROR!, Err:502 and ### are texts",
        "exchange/tables/cell_text.py",
        r'r"^(#N/A|#[^\W\d][\w/]{1,20}[!?]|Err:\d{3}|#{3,})$", re.IGNORECASE',
        r'r"^#(N/A|REF!|VALUE!|DIV/0!|NAME\?|NULL!|NUM!)$"',
        (f"{CELLS}an_error_that_stands_as_text_is_refused",),
    ),
    Fault(
        "of merged cells all but the first say nothing",
        "exchange/reading/xlsx_cells.py",
        "        if self.merged:\n",
        "        if self.merged and not self.records:\n",
        (f"{CELLS}merged_cells_are_refused_by_their_range",),
    ),
    Fault(
        "columns of our own workbooks have no style below the table",
        "exchange/exports/xlsx.py",
        ' style="{STYLES[kind]}" customWidth',
        " customWidth",
        (f"{FORMATS}::test_our_own_workbook_keeps_what_is_typed_below_the_table",),
    ),
)

WHO = (
    Fault(
        "a row whose version says that it was there comes as a new one",
        "exchange/imports/planner.py",
        "existing.why_not_new(key) or self._was_there(given)",
        "existing.why_not_new(key)",
        (
            f"{IDENTITY}a_row_that_was_there_is_not_taken_for_a_new_one",
            f"{IDENTITY}a_row_that_was_removed_does_not_come_back",
        ),
    ),
    Fault(
        "a sheet of another table is read",
        "exchange/reading/xlsx.py",
        "if len(names) == 1 and meant[names[0]]:",
        "if len(names) == 1 and not names[0]:",
        (f"{IDENTITY}also_under_a_name_that_people_use",),
    ),
    Fault(
        "a CSV with the columns of another table is read",
        "exchange/reading/headers.py",
        "    _refuse_another_table(table, resource)\n",
        "",
        (f"{IDENTITY}an_export_of_another_table_is_refused[csv]",),
    ),
    Fault(
        "a sheet is found by its key alone, not by what people call the table",
        "exchange/reading/xlsx.py",
        "ours = [name for name in names if meant[name] == table]",
        "ours = [name for name in names if name == table]",
        (f"{IDENTITY}the_sheet_that_is_called_as_the_table_is_read",),
    ),
    Fault(
        "SEP=; is a header",
        "exchange/reading/sheets.py",
        r'first.strip("\r\n"), re.IGNORECASE)',
        r'first.strip("\r\n"))',
        (f"{IDENTITY}what_programs_put_before_a_table_is_passed_over",),
    ),
    Fault(
        "a country is not read by its name, only by name and code",
        "exchange/tables/widgets.py",
        'for name in (said, said.removesuffix(f" ({code.casefold()})")):',
        "for name in (said,):",
        (f"{IDENTITY}a_country_is_read_by_its_name",),
    ),
    Fault(
        "an institution is not read by its name",
        "exchange/tables/references.py",
        "self._called(rows, self.names) | self._called(rows, [self.key])",
        "self._called(rows, [self.key])",
        (f"{IDENTITY}an_institution_is_read_by_its_name",),
    ),
    Fault(
        "a title above the header is not told as one",
        "exchange/reading/headers.py",
        "for row in table.rows[:ABOVE]:",
        "for row in table.rows[:0]:",
        (f"{IDENTITY}a_title_above_the_header_is_named",),
    ),
    Fault(
        "a weight of 150 is told another limit than the true one",
        "exchange/tables/columns.py",
        "return max(lows), min(highs)",
        "return 0, 999_999_999",
        (f"{IDENTITY}a_number_out_of_range_is_told_the_one_true_limit",),
    ),
    Fault(
        "a choice that is named twice is stored twice",
        "exchange/tables/widgets.py",
        "return list(dict.fromkeys(codes)) if self.many else codes[0]",
        "return codes if self.many else codes[0]",
        (f"{IDENTITY}a_choice_named_twice_is_chosen_once",),
    ),
)

BEFORE = (
    Fault(
        "the preview shows the first hundred rows and no others",
        "exchange/imports/preview.py",
        'get_page(asked.get("page"))',
        "get_page(1)",
        (f"{PREVIEW}every_row_can_be_looked_at_page_by_page",),
    ),
    Fault(
        "a filter of the preview shows all rows",
        "exchange/imports/preview.py",
        "if not kind or row.is_a(kind)]",
        "if not kind or row]",
        (f"{PREVIEW}a_filter_shows_what_becomes_of_rows",),
    ),
    Fault(
        "what cannot be taken back is not said above the button",
        "templates/admin/exchange/preview.html",
        "{% for sentence in plan.consequences %}<li>{{ sentence }}</li>{% endfor %}",
        "",
        (f"{PREVIEW}what_stays_for_good_is_said_above_the_button",),
    ),
    Fault(
        "what will be public at once is not said above the button",
        "deliverables/projects/scoped_admin.py",
        "if p.publishing == Publishing.AT_ONCE]",
        'if p.publishing == ""]',
        (f"{PREVIEW}what_is_public_at_once_is_said_above_the_button",),
    ),
    Fault(
        "a template does not mark the columns that are needed",
        "exchange/imports/blanks.py",
        'column.key + (NEEDED if is_needed(resource, column) else "")',
        "column.key",
        (f"{PREVIEW}a_template_is_filled_in_and_read_back",),
    ),
    Fault(
        "a row of a workbook cannot name a row of a later sheet that the workbook adds",
        "exchange/imports/project_workbook.py",
        "sheet.late = {key for key, model in of.items() if model in later}",
        "sheet.late = set[str]()",
        (
            "tests/office/test_workbook.py::"
            "test_rows_of_several_sheets_that_need_each_other_are_one_import",
        ),
    ),
)
IMPORTS: tuple[Fault, ...] = (*COST, *CHARACTERS, *SEEN, *WHO, *BEFORE)
