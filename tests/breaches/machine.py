"""Rules of what the register writes by itself: the trail, people, exports, imports, releases."""

from __future__ import annotations

import uuid
from typing import Any

from accounts.models import Draft, LastCode, Letter, User
from audit.models import Balance, Batch, Book, Event, Line, Notice, Seal, Timestamp
from exchange.models import Export, Prepared
from releases.document import live
from releases.models import Edition, Listing, Release, SearchEntry, SearchWord
from tests.audit.rows import NOW, ROWS
from tests.breaches.table import Breach, Refusal, Rules, another_project, same
from tests.make import make_project, make_release, make_user

NOT_TYPED = "Nobody types it: a row is written once, by the code that makes it, and never changed."


def an_event() -> Event:
    return Event.objects.create(
        at=NOW, who="U-0001", through="sql", table="t", row=1, operation="update",
        before={"a": 1}, after={"a": 2}, transaction=1, about=["t:1"],
    )  # fmt: skip


def a_book() -> Book:
    return Book.objects.create(ref="t:1", salt="0" * 64)


def a_line() -> Line:
    return Line.objects.create(book=a_book(), number=1, event=1, sha256="0" * 64, digest="0" * 64)


def a_balance() -> Balance:
    return Balance.objects.create(book=a_book(), seal=1, lines=1, digest="0" * 64)


def a_notice() -> Notice:
    return Notice.objects.create(seal=1, word="release", number=1, sha256="0" * 64)


def a_batch() -> Batch:
    return Batch.objects.create(first=1, events=1)


def a_seal() -> Seal:
    return Seal.objects.create(
        number=1, events=1, made_at=NOW, occasion="by hand", root="0" * 64, head="0" * 64
    )


def a_timestamp() -> Timestamp:
    return Timestamp.objects.create(seal=a_seal(), service="tsa.example", at=NOW, answer=b"x")


def another_seal(_first: Any) -> Seal:
    return Seal.objects.create(
        number=2, events=1, made_at=NOW, occasion="by hand", root="0" * 64, head="1" * 64
    )


def a_letter() -> Letter:
    return Letter.objects.create(
        user=make_user("reader"), kind="reset", key="a cause", since=NOW.date(), on=NOW.date(),
        entered_at=NOW, next_try_at=NOW,
    )  # fmt: skip


def an_entry() -> SearchEntry:
    release = ROWS["releases.Release"][0]()
    return SearchEntry.objects.create(
        project=release.project, release=release, place=1, kind="project", fictitious=False,
        lengths=[0, 0, 0, 0], words="'likum':1", keys=[],
    )  # fmt: skip


def a_draft() -> Draft:
    return Draft.objects.create(
        owner=make_user("maker"), address="/admin/a/", digest="0" * 64, sealed=b"x", kept_at=NOW
    )


def a_prepared_file() -> Prepared:
    return Prepared.objects.create(
        asked_by=make_user("maker"), language="en", kind="list", given={}, title="x", scope="x"
    )


def an_export(_first: Any) -> Export:
    export: Export = ROWS["exchange.Export"][0]()
    return export


def a_ready_file() -> Prepared:
    row = a_prepared_file()
    row.export, row.key = an_export(row), "x"
    row.save()
    return row


def the_same_owner(first: Draft) -> User:
    return first.owner


def the_same_reader(first: Prepared) -> User:
    return first.asked_by


def a_subscriber_too(_first: Any) -> Any:
    return ROWS["accounts.Subscriber"][0]()


def an_edition() -> Edition:
    """In the place of the one that is there from the beginning."""
    Edition.objects.all().delete()
    return Edition(id=1, token=uuid.uuid4())


def another_release(_first: Any) -> Release:
    """One that no list has yet."""
    project = make_project("third")
    release = make_release(project, live.build(project), number=1, made_at=NOW)
    Listing.objects.filter(release=release).delete()
    return release


def _violated(name: str) -> dict[str, str]:
    return {"__all__": f"Constraint “{name}” is violated."}


def somebody(_first: Any) -> Any:
    return make_user("maker")


RULES = {
    "audit.Event": Rules(
        an_event, {}, {"event_operation_is_known": {"operation": "guess"}}
    ),
    "audit.Book": Rules(
        a_book,
        {"ref": "t:2"},
        {
            "audit_book_ref_key": same("ref", "Book with this What it is of already exists."),
            "book_salt_has_64_digits": {"salt": "0"},
        },
    ),
    "audit.Line": Rules(
        a_line,
        {"number": 2, "event": 2, "book": lambda first: first.book},
        {
            "line_numbers_begin_at_one": {"number": 0},
            "line_number_is_unique": Breach(
                {"number": 1}, told={"__all__": "Line with this Book and Number already exists."}
            ),
            "line_holds_its_event_once": Breach(
                {"event": 1}, told={"__all__": "Line with this Book and Event already exists."}
            ),
        },
    ),
    "audit.Balance": Rules(
        a_balance,
        {"seal": 2, "book": lambda first: first.book},
        {
            "balance_is_of_lines": {"lines": 0},
            "balance_is_drawn_once": Breach(
                {"seal": 1}, told={"__all__": "Balance with this Book and Seal already exists."}
            ),
        },
    ),
    "audit.Notice": Rules(
        a_notice,
        {"number": 2},
        {
            "notice_is_of_a_sha256": {"sha256": "0" * 63},
            "notice_is_posted_once": Breach(
                {"number": 1},
                told={
                    "__all__": "Notice with this What it is, SHA-256 and Number already exists."
                },
            ),
        },
    ),
    "audit.Batch": Rules(a_batch, {}, {"batch_is_of_events": {"events": 0}}),
    "audit.Seal": Rules(
        a_seal,
        {"number": 2, "head": "1" * 64},
        {
            "seal_head_is_a_sha256": {"head": "0" * 63},
            "seal_root_is_a_sha256": {"root": "0" * 63},
            "audit_seal_head_key": same("head", "Seal with this SHA-256 already exists."),
        },
    ),
    "audit.Timestamp": Rules(
        a_timestamp, {"seal": another_seal}, {"timestamp_names_its_service": {"service": ""}}
    ),
    "accounts.User": Rules(
        ROWS["accounts.User"][0],
        {"username": "berta", "email": "berta@example.org"},
        {
            "accounts_user_username_key": same(
                "username", "A user with that username already exists."
            ),
            "user_language_is_one_we_speak": {"language": "de"},
            "user_name_is_one_persons": [
                {"username": lambda first: first.username.upper()},
                {"username": lambda first: f" {first.username}\N{NO-BREAK SPACE}"},
            ],
            "user_email_is_one_persons": Breach(
                {"email": "ZANE@Example.ORG"}, row=lambda: make_user(email="zane@example.org")
            ),
        },
    ),
    "accounts.LastCode": Rules(
        lambda: LastCode.objects.create(user=make_user(), step=1),
        {"user": somebody},
        {"lastcode_step_is_not_before_1970": {"step": -1}},
    ),
    "accounts.Letter": Rules(
        a_letter,
        {"key": "another cause"},
        {
            "accounts_letter_key_key": same("key", "Letter with this Cause already exists."),
            "letter_kind_is_one_we_write": {"kind": "greeting"},
            "letter_has_one_reader": {"subscriber": a_subscriber_too},
            "letter_waits_for_its_next_try": [
                {"next_try_at": None}, {"state": "refused"}, {"state": "lost"},
            ],
            "letter_that_is_sent_says_when": [
                {"state": "sent", "next_try_at": None}, {"sent_at": NOW},
            ],
        },
    ),
    "accounts.Subscriber": Rules(
        ROWS["accounts.Subscriber"][0],
        {"email": "berta@example.org", "confirmed_at": NOW, "month": NOW.date()},
        {
            "subscriber_address_is_entered_once": {"email": "ANNA@example.org"},
            "subscriber_language_is_one_we_speak": {"language": "de"},
            "subscriber_confirms_before_the_first_letter": {"confirmed_at": None},
        },
    ),
    "accounts.Draft": Rules(
        a_draft,
        {"digest": "1" * 64, "owner": the_same_owner},
        {
            "draft_is_kept_once": Breach(
                {"digest": "0" * 64}, told={"__all__": "This draft is kept already."}
            ),
        },
    ),
    "exchange.Export": Rules(
        ROWS["exchange.Export"][0],
        {"made_by": somebody, "files": [{}]},
        {
            "export_kind_is_known": {"kind": "fax"},
            "export_digest_is_a_sha256": {"sha256": "x" * 64},
        },
    ),
    "exchange.Prepared": Rules(
        a_prepared_file,
        {
            "token": lambda _first: uuid.uuid4(), "asked_by": the_same_reader, "export": None,
            "key": "",
        },
        {
            "exchange_prepared_token_key": same(
                "token", "Prepared file with this Token already exists."
            ),
            "exchange_prepared_export_id_key": Breach(
                {"export": lambda first: first.export, "key": "x"},
                row=lambda: a_ready_file(),
                told={"export": "Prepared file with this Export already exists."},
            ),
            "prepared_file_is_there_or_is_not": [
                {"key": "x"}, {"export": an_export},
                {"export": an_export, "key": "x", "told": "No room."},
            ],
        },
    ),
    "exchange.Import": Rules(
        ROWS["exchange.Import"][0],
        {
            "token": lambda _first: uuid.uuid4(), "content": b"x", "applied_at": NOW,
            "transaction": 1, "told": {"new": 1},
        },
        {
            "exchange_import_token_key": same(
                "token", "Import with this Token already exists."
            ),
            "import_state_is_known": {"state": "lost", "content": None},
            "import_keeps_no_file_once_it_is_over": {"state": "applied"},
        },
    ),
    "releases.Pack": Rules(
        ROWS["releases.Pack"][0],
        {"period": "2026-01-01/.."},
        {
            "pack_digest_is_a_sha256": {"files": "0"},
            "pack_is_recorded_once": Breach(
                {"period": ""},
                told={
                    "__all__": "Audit pack with this Book, Period and SHA-256 of the list of "
                    "files already exists."
                },
            ),
        },
    ),
    "releases.Withdrawal": Rules(
        ROWS["releases.Withdrawal"][0],
        {"project": another_project},
        {
            "withdrawal_reason_is_known": {"reason": "whim"},
            "withdrawal_says_why": {"sentence_en": ""},
            "releases_withdrawal_project_id_key": same(
                "project", "Withdrawal with this Project already exists."
            ),
        },
    ),
    "releases.Edition": Rules(
        an_edition,
        {"id": 1},
        {"edition_is_one_row": Breach({"id": 2}, told=_violated("edition_is_one_row"))},
    ),
    "releases.Listing": Rules(
        lambda: ROWS["releases.Release"][0]().listing,
        {"release": another_release, "project": another_project},
        {
            "listing_is_in_force_once": Breach(
                {"project": lambda first: first.project},
                told=_violated("listing_is_in_force_once"),
            ),
        },
    ),
    "releases.SearchEntry": Rules(
        an_entry,
        {"place": 2, "kind": "result"},
        {
            "search_entry_has_a_place_of_its_own": Breach(
                {"place": 1},
                told={"__all__": "Search entry with this Project and Place already exists."},
            ),
            "search_entry_of_a_project_is_there_once": Breach(
                {"kind": "project"},
                told={
                    "__all__": "Constraint “search_entry_of_a_project_is_there_once” is violated."
                },
            ),
        },
    ),
    "releases.SearchWord": Rules(
        lambda: SearchWord.objects.create(
            folded="likums", shown="likums", stems=["likum"], near=["likum"]
        ),
        {"folded": "likumi"},
        {
            "releases_searchword_folded_key": same(
                "folded", "Search word with this Folded already exists."
            ),
            "search_word_has_a_stem": {"stems": []},
        },
    ),
    "releases.Release": Rules(
        ROWS["releases.Release"][0],
        {"number": 2, "made_by": somebody, "document": {"a": 1}, "files": [{}]},
        {
            "release_number_is_unique_in_its_project": Breach(
                {"number": 1, "slug": "other"},
                told={"__all__": "Release with this Project and Number already exists."},
            ),
            "release_address_is_unique": Breach(
                {"number": 1, "project": another_project},
                told={"__all__": "Release with this Address and Number already exists."},
            ),
            "release_numbers_begin_at_one": {"number": 0},
            "release_digest_is_a_sha256": {"digest": "0"},
            "release_summary_is_a_sha256": {"summary": "0"},
            "release_files_digest_is_a_sha256": {"files_digest": "0"},
        },
    ),
}  # fmt: skip

APPEND_ONLY = "The audit trail is append-only: {operation} of {table} is refused."
PROTECTED = "pgtrigger: Cannot update or delete rows from {table} table"

REFUSALS = {
    ("audit.Event", "append_only"): Refusal(
        an_event, [{"who": "U-0002"}], says=APPEND_ONLY, unseen=NOT_TYPED
    ),
    ("audit.Book", "append_only"): Refusal(
        a_book, [{"salt": "1" * 64}], says=APPEND_ONLY, unseen=NOT_TYPED
    ),
    ("audit.Line", "append_only"): Refusal(
        a_line, [{"digest": "1" * 64}], says=APPEND_ONLY, unseen=NOT_TYPED
    ),
    ("audit.Balance", "append_only"): Refusal(
        a_balance, [{"lines": 2}], says=APPEND_ONLY, unseen=NOT_TYPED
    ),
    ("audit.Notice", "append_only"): Refusal(
        a_notice, [{"number": 2}], says=APPEND_ONLY, unseen=NOT_TYPED
    ),
    ("audit.Batch", "append_only"): Refusal(
        a_batch, [{"events": 2}], says=APPEND_ONLY, unseen=NOT_TYPED
    ),
    ("audit.Seal", "append_only"): Refusal(
        a_seal, [{"events": 2}], says=APPEND_ONLY, unseen=NOT_TYPED
    ),
    ("audit.Timestamp", "append_only"): Refusal(
        a_timestamp, [{"service": "tsb.example"}], says=APPEND_ONLY, unseen=NOT_TYPED
    ),
    ("exchange.Export", "export_is_immutable"): Refusal(
        RULES["exchange.Export"].row,
        [{**RULES["exchange.Export"].apart, "rows": 2}],
        says=PROTECTED,
        unseen=NOT_TYPED,
    ),
    ("releases.Pack", "pack_is_immutable"): Refusal(
        RULES["releases.Pack"].row,
        [RULES["releases.Pack"].apart],
        says=PROTECTED,
        unseen=NOT_TYPED,
    ),
    ("releases.Release", "release_is_immutable"): Refusal(
        RULES["releases.Release"].row,
        [RULES["releases.Release"].apart],
        says=PROTECTED,
        unseen=NOT_TYPED,
    ),
}
