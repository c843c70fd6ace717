"""Drafts: what was typed into a form that could not be saved, for who typed it and nobody else.

A form carries a mark that says, signed, who typed on which page. By it a form that comes without
a log-in is known to be that person's; without it nothing is kept. What is kept is sealed with a key
that follows from SECRET_KEY, for a day. A draft is no record: no trail, no export has it.
"""

from __future__ import annotations

import base64
import datetime as dt
import json
import re
import zlib
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, urlsplit

from cryptography.fernet import Fernet, InvalidToken
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser
from django.core import signing
from django.db import transaction
from django.db.models import Q
from django.http import QueryDict
from django.utils import timezone
from django.utils.crypto import salted_hmac

from accounts.models import Draft, User

MOST = 20  # drafts of a person; the oldest makes room
OPEN = dt.timedelta(days=30)  # how long before it is sent a page may have been opened
SIZE = 2 * 1024 * 1024  # bytes of what was typed; a plan of 1,000 rows has a quarter of that
# The hidden fields of a form: the signed mark, the title of the page, the draft that it offers.
MARK, TITLE, FROM = "typed_by", "typed_on", "typed_from"
SALT = "accounts.typed.drafts"
# What a form sends and nobody typed, and what is never kept, whatever form it stands in.
LEFT_OUT = {"csrfmiddlewaretoken", MARK, TITLE, FROM, "_save", "_continue", "_addanother"}
NEVER = ("password",)  # nor what begins so
HERE_ONLY = "_changelist_filters"  # which list the person came from


@dataclass(frozen=True, slots=True)
class TypedForm:
    """What was typed on a page: its address and title, the fields, the names of chosen files."""

    address: str
    title: str = ""
    fields: QueryDict = field(default_factory=QueryDict)
    files: tuple[str, ...] = ()


def mark_of(user: AbstractBaseUser | AnonymousUser, path: str) -> str:
    return signing.dumps([user.pk, path], salt=SALT)


def owner_of(mark: str, path: str) -> int | None:
    """Whose mark it is; None where it is forged, older than a page may be, or of another page."""
    try:
        owner, of = signing.loads(mark, salt=SALT, max_age=OPEN)
    except (signing.BadSignature, ValueError):
        return None
    return int(owner) if of == path else None


def address_of(full_path: str) -> str:
    """Path and query of a page, wherever the person came from; no host."""
    parts = urlsplit(full_path)
    query = pairs(parts.query)
    query.pop(HERE_ONLY, None)
    return f"{parts.path}?{query.urlencode()}" if query else parts.path


def pairs(text: str) -> QueryDict:
    """The fields of an urlencoded text, however many they are."""
    fields = QueryDict(mutable=True)
    for name, value in parse_qsl(text, keep_blank_values=True):
        fields.appendlist(name, value)
    return fields


@transaction.atomic
def keep(owner: int, typed: TypedForm) -> Draft | None:
    """Keep it, in place of the draft that it was made of; None where it is too large."""
    purge()
    sealed = _seal(owner, typed)
    known = User.objects.filter(pk=owner, is_active=True).exists()
    if sealed is None or not known or len(typed.address) > 2000:
        return None
    forget(owner, typed)
    draft: Draft = Draft.objects.create(
        owner_id=owner,
        address=typed.address,
        digest=_digest(typed),
        sealed=sealed,
        kept_at=timezone.now(),
    )
    newest = Draft.objects.filter(owner=owner).order_by("-kept_at", "-pk")
    Draft.objects.filter(pk__in=list(newest.values_list("pk", flat=True)[MOST:])).delete()
    return draft


def read(draft: Draft) -> TypedForm | None:
    """What was typed; None where another key sealed it, or it is not of this row."""
    try:
        plain = json.loads(zlib.decompress(_key().decrypt(bytes(draft.sealed))))
    except InvalidToken:
        return None
    if (plain["owner"], plain["address"]) != (draft.owner_id, draft.address):
        return None
    fields = QueryDict(mutable=True)
    for name, values in plain["fields"]:
        fields.setlist(name, values)
    return TypedForm(plain["address"], plain["title"], fields, tuple(plain["files"]))


def forget(owner: int, typed: TypedForm) -> None:
    """Delete what was typed, and the draft that it was made of."""
    number = typed.fields.get(FROM, "")
    of = Q(pk=int(number)) if re.fullmatch("[0-9]{1,18}", number) else Q()
    same = Q(digest=_digest(typed))
    Draft.objects.filter(of | same if of else same, owner=owner, address=typed.address).delete()


def purge() -> None:
    """Delete what was kept for a day."""
    Draft.objects.over().delete()


def _fields(typed: TypedForm) -> list[tuple[str, list[str]]]:
    return [
        (name, [str(value) for value in values])
        for name, values in typed.fields.lists()
        if name not in LEFT_OUT and not name.startswith(NEVER)
    ]


def _digest(typed: TypedForm) -> str:
    """By a key: a guess of what was typed cannot be tried on a copy of the database."""
    return salted_hmac(SALT, repr(_fields(typed)), algorithm="sha256").hexdigest()


def _seal(owner: int, typed: TypedForm) -> bytes | None:
    plain = {
        "owner": owner, "address": typed.address, "title": typed.title[:200],
        "fields": _fields(typed), "files": typed.files,
    }  # fmt: skip
    text = json.dumps(plain, ensure_ascii=False).encode(errors="replace")
    return _key().encrypt(zlib.compress(text)) if len(text) <= SIZE else None


def _key() -> Fernet:
    """Of SECRET_KEY, and good for nothing else."""
    key = salted_hmac(SALT, "key", algorithm="sha256").digest()
    return Fernet(base64.urlsafe_b64encode(key))
