"""Tables that are typed in: saved as a whole or not at all, by the checks of forms and imports."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import Draft
from audit.models import Event
from budget.money.models import Entry, Line
from deliverables.fields import quarters
from tests.accounts.pages import log_in
from tests.make import make_component, make_entry, make_line, make_member, make_project
from tests.office.grids import Typing

pytestmark = pytest.mark.django_db
ENTRY = {"line": "B1", "kind": "spent", "amount": "12,50", "on": "2025-10"}
BOTH = "Saving again replaces it by yours."


@pytest.fixture
def line() -> Line:
    return make_line(make_project())


@pytest.fixture
def ana(line: Line, client: Client) -> Typing:
    client.force_login(make_member(line.project, name="ana", language="en"))
    return Typing(client, "budget_entry", "?q=2025-Q4")


@pytest.fixture
def bo(line: Line) -> Typing:
    client = Client()
    client.force_login(make_member(line.project, name="bo", language="en"))
    return Typing(client, "budget_entry", "?q=2025-Q4")


def last_event() -> int:
    return Event.objects.latest("pk").pk


def test_new_entries_are_saved_at_once_and_get_their_codes(ana: Typing, line: Line) -> None:
    make_entry(line, "B7", kind="spent", amount="1.00", on="2025-10-02")
    ana.open()
    for ref in ("a", "b"):
        ana.add(ledger_ref=ref, **ENTRY)
    ana.add(**{**ENTRY, "code": "B8"})
    ana.rows[0]["note_en"] = "Paid late"

    ana.save()

    assert ana.told == ["3 rows were entered. 1 row was changed."]
    cost = Decimal("12.5")
    assert {entry.code: (entry.amount, entry.ledger_ref) for entry in line.entries.all()} == {
        "B7": (Decimal(1), ""), "B8": (cost, ""), "B9": (cost, "a"), "B10": (cost, "b"),
    }  # fmt: skip
    assert Entry.objects.get(code="B7").note_en == "Paid late"


def test_the_trail_tells_one_story_of_all_that_was_saved(ana: Typing, line: Line) -> None:
    make_entry(line, "B7", kind="spent", amount="1.00", on="2025-10-02")
    before = last_event()
    ana.open()
    ana.rows[0]["ledger_ref"] = "2025/7"
    ana.add(**ENTRY)

    ana.save()

    events = Event.objects.filter(pk__gt=before, table="budget_entry")
    assert [event.operation for event in events] == ["update", "insert"]
    (transaction,) = {event.transaction for event in events}
    page = ana.client.get(f"/admin/history/{transaction}/").content.decode()
    assert "many rows at once, typed as a table" in page


def test_a_quarter_shows_its_rows_and_is_understood_in_a_cell(ana: Typing, line: Line) -> None:
    for code, on in (("B1", "2025-10-31"), ("B2", "2025-12"), ("B3", "2026-01"), ("B4", "2025")):
        make_entry(line, code, on=on)
    assert [row["code"] for row in ana.open().rows if row["seen"]] == ["B1", "B2"]
    now = quarters.name(timezone.localdate())
    ana.add(**{**ENTRY, "on": "2025-Q4"})
    ana.add(**{**ENTRY, "on": now})

    ana.save()

    dates = Entry.objects.filter(kind="spent").order_by("on").values_list("on", flat=True)
    assert list(dates) == ["2025-12", f"{timezone.localdate():%Y-%m}"]


def test_each_error_stands_at_its_cell_and_nothing_is_written(ana: Typing, line: Line) -> None:
    make_entry(line, "B7", kind="spent", amount="1.00", on="2025-10-02")
    ana.open()
    ana.rows[0]["ledger_ref"] = "right"
    ana.add(**{**ENTRY, "amount": "ten"})
    ana.add(**{**ENTRY, "line": "B9", "kind": "lent"})
    ana.add(**{**ENTRY, "on": "2099-01"})
    ana.add(**{**ENTRY, "kind": "", "amount": ""})
    before = last_event()

    answer = ana.save()

    assert answer.status_code == 200
    assert ana.wrong == [
        ("Row 2", "Amount, EUR",
         "“ten” is not an amount. Write EUR with at most two decimals: 1234.50."),
        ("Row 3", "Budget line", "“B9” is not a known budget line. Known: B1."),
        ("Row 3", "Kind", "“lent” is not known. Known: planned, committed, spent, forecast."),
        ("Row 4", "Date", "Nothing is spent on a day that has not come yet."),
        ("Row 5", "",
         "This value is not one that the register knows. Choose one from the list."),
        ("Row 5", "Kind", "This column cannot be empty."),
        ("Row 5", "Amount, EUR", "This column cannot be empty."),
    ]  # fmt: skip
    assert last_event() == before
    assert ana.rows[0]["ledger_ref"] == "right"
    assert ana.rows[1]["amount"] == "ten"
    text = answer.content.decode()
    assert 'href="#amount-2"' in text
    assert 'aria-invalid="true" aria-describedby="amount-2-wrong"' in " ".join(text.split())


@pytest.mark.slow("sends and shows 500 rows twice")
def test_ten_errors_among_five_hundred_pasted_rows_are_told_by_cell(ana: Typing) -> None:
    wrong = {*range(40, 540, 50)}
    lines = [
        "\t".join(["B1", "", "spent", "much" if n in wrong else f"{n},10", "2025-11"])
        for n in range(1, 501)
    ]
    ana.open()

    ana.save(pasted="\n".join(lines))

    assert [(row, label) for row, label, _said in ana.wrong] == [
        (f"Row {n}", "Amount, EUR") for n in sorted(wrong)
    ]
    assert not Entry.objects.exists()
    for n in wrong:
        ana.rows[n - 1]["amount"] = "1"
    ana.save()
    assert ana.told == ["500 rows were entered."]
    assert Entry.objects.get(code="B499").amount == Decimal("499.10")


def test_a_pasted_block_may_name_its_columns(ana: Typing) -> None:
    ana.open()

    ana.save(pasted='Amount, EUR\tBudget line\tkind\tdate\tnote_en\r\n'
                    '"1 234,50"\tB1\tApgūts\t31.10.2025\t"two\nlines"\r\n')  # fmt: skip

    assert ana.answer.status_code == 302, ana.wrong
    entry = Entry.objects.get()
    assert (str(entry.amount), entry.kind, entry.on) == ("1234.50", "spent", "2025-10-31")
    assert entry.note_en == "two\nlines"


def test_a_block_that_is_wider_than_the_table_stays_to_be_cut(ana: Typing) -> None:
    ana.open()

    answer = ana.save(pasted="\t".join("x" * 12))

    assert ana.wrong == [
        ("", "", "A pasted row has 12 cells, and the table has 10 columns. Copy the cells in the "
                 "order of the table, or with a first row that names their columns."),
    ]  # fmt: skip
    assert answer.context["pasted"] == "\t".join("x" * 12)


def test_of_a_block_that_is_too_long_no_row_is_shown(ana: Typing) -> None:
    ana.open()
    shown = len(ana.rows)

    answer = ana.save(pasted="B1\n" * 1_001)

    assert ana.wrong == [
        ("", "", "At most 1000 rows are saved at once here. Import more as a file."),
    ]  # fmt: skip
    assert (len(ana.rows), answer.context["pasted"]) == (shown, "B1\n" * 1_001)


def test_of_two_people_at_one_cell_the_second_sees_both_values(
    ana: Typing, bo: Typing, line: Line
) -> None:
    for code in ("B1", "B2", "B3"):
        make_entry(line, code, kind="spent", amount="1.00", on="2025-10-02")
    ana.open()
    bo.open()
    bo.rows[0] |= {"ledger_ref": "bo", "note_en": "bo’s"}
    bo.rows[2]["ledger_ref"] = "bo"
    bo.save()
    ana.rows[0]["ledger_ref"] = "ana"
    ana.rows[1]["ledger_ref"] = "ana"
    ana.rows[2]["note_en"] = "ana’s"
    before = last_event()

    answer = ana.save()

    assert answer.status_code == 409
    ((row, label, said),) = ana.wrong
    assert (row, label) == ("Row 1", "Number in the ledger")
    assert said.startswith("It says “bo” now, which was saved after you opened the table. Last")
    assert said.endswith(BOTH)
    assert " bo, " in said
    assert last_event() == before
    assert (ana.rows[0]["ledger_ref"], ana.rows[0]["note_en"]) == ("ana", "bo’s")

    ana.save()
    kept = Entry.objects.order_by("code").values_list("ledger_ref", "note_en")
    assert list(kept) == [("ana", "bo’s"), ("ana", ""), ("bo", "ana’s")]


def test_a_table_that_is_sent_twice_is_entered_once(ana: Typing) -> None:
    ana.open()
    ana.add(**ENTRY)
    ana.save()
    assert ana.told == ["1 row was entered."]

    ana.save()

    assert ana.told == ["You saved this table already, just as it was; nothing was added twice."]
    assert Entry.objects.count() == 1
    ana.open()
    ana.add(**{**ENTRY, "on": ""})
    ana.save()
    ana.open()
    ana.add(**{**ENTRY, "on": ""})
    ana.save()
    assert Entry.objects.count() == 3  # the same again, typed anew


def test_a_row_that_is_gone_is_told_and_can_be_entered_anew(ana: Typing, line: Line) -> None:
    entry = make_entry(line, "B7", kind="spent", amount="1.00", on="2025-10-02")
    ana.open()
    entry.delete()

    ana.save()

    ((row, label, said),) = ana.wrong
    assert (row, label) == ("Row 1", "")
    assert said.startswith("Somebody removed this row after you opened the table.")
    ana.save()
    assert ana.told == ["1 row was entered."]


def test_what_an_entry_says_is_read_here_as_in_its_form(ana: Typing, line: Line) -> None:
    make_entry(line, "B7", kind="spent", amount="1.00", on="2025-10-02")
    ana.open()
    assert ana.fixed[0] == {"line", "code", "kind", "amount", "on", "corrects"}
    ana.rows[0] |= {"amount": "2", "code": "B8"}

    ana.save()

    shown = "The page of the row only shows this column now, so it is not changed here either."
    assert ("Row 1", "Code", shown) in ana.wrong
    assert Entry.objects.get().amount == 1


def test_a_row_that_is_there_is_not_changed_by_a_new_one(ana: Typing, line: Line) -> None:
    make_entry(line, "B7", kind="spent", amount="1.00", on="2024-10-02")
    ana.open()
    ana.add(line="B1", code="B7", ledger_ref="2025/7")

    ana.save()

    assert ana.wrong == [
        ("Row 1", "", "There is such a row already. Change it where it stands."),
    ]
    assert Entry.objects.get().ledger_ref == ""


@pytest.mark.parametrize(
    "sent",
    [
        {"seen": ["", ""], "line": ["B1"]},
        {"seen": ["x-1"]},
        {"seen": ["1"]},
        {"line": ["B1\0"], "seen": [""]},
        {"pasted": "B1\0", "seen": [""]},
    ],
)
def test_what_no_page_sends_is_refused(ana: Typing, sent: dict[str, Any]) -> None:
    ana.open()
    whole = {name: [""] * len(sent["seen"]) for name in ana.rows[0]}

    answer = ana.client.post(ana.address, whole | sent)

    assert answer.status_code == 400
    assert not Entry.objects.exists()


def test_who_may_not_write_at_this_desk_has_no_grid(line: Line, client: Client) -> None:
    other = make_project("far")
    auditor = make_member(line.project, "auditor", name="eva", language="en")
    make_member(other, name="eva")
    client.force_login(auditor)

    assert client.get("/desk/tw-1/admin/budget/entry/grid/").status_code == 403
    assert client.get("/desk/far/admin/budget/entry/grid/").status_code == 200
    assert "Edit as a table" not in client.get("/desk/tw-1/admin/budget/entry/").content.decode()
    assert "Edit as a table" in client.get("/desk/far/admin/budget/entry/").content.decode()


def test_a_coordinator_enters_nothing_into_the_budget(line: Line, client: Client) -> None:
    client.force_login(make_member(make_component(line.project), "coordinator", language="en"))
    zed = Typing(client, "budget_entry", "?q=2025-Q4").open()
    zed.add(**ENTRY)

    zed.save()

    assert zed.wrong == [
        ("Row 1", "", "This row is not in a project or component in which you may write."),
    ]
    assert not Entry.objects.exists()


def test_what_is_typed_survives_the_end_of_a_session(ana: Typing, line: Line) -> None:
    mark = ana.open().answer.context["typed_by"]()
    ana.add(**ENTRY)
    ana.client.logout()

    ana.save(typed_by=mark)

    assert Draft.objects.count() == 1
    log_in(ana.client)
    ana.open()
    assert ana.rows[0] == dict.fromkeys(ana.rows[0], "") | ENTRY
    assert not Entry.objects.exists()


def test_outside_of_all_desks_it_is_asked_which_project(ana: Typing) -> None:
    answer = ana.client.get("/admin/budget/entry/grid/")

    assert answer["Location"] == "/admin/desks/?to=budget_entry_grid"
    led = ana.client.get(answer["Location"])
    assert led["Location"] == "/desk/tw-1/admin/budget/entry/grid/"


@pytest.mark.parametrize("rows", [5, 50])
def test_a_longer_table_asks_no_more_questions(
    ana: Typing, line: Line, rows: int, django_assert_num_queries: Any
) -> None:
    make_entry(line, "B1")
    ana.open()
    for _n in range(rows):
        ana.add(**ENTRY)

    with django_assert_num_queries(25):
        ana.save()
