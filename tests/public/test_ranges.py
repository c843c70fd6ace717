"""Files go on where a download broke off, are asked for by their age, and travel compressed."""

from __future__ import annotations

import gzip
from typing import Any

import pytest
from django.test import Client

from tests.public.make import KS

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("seeded")]
FILE = f"/en/{KS}release.json"


def ask(client: Client, **headers: str) -> Any:
    return client.get(
        FILE, headers={name.replace("_", "-"): text for name, text in headers.items()}
    )


def test_a_download_goes_on_where_it_broke_off(client: Client) -> None:
    whole = ask(client)
    size = len(whole.content)
    assert whole.headers["Accept-Ranges"] == "bytes"
    for asked, first, last in (
        ("bytes=0-99", 0, 99), ("bytes=100-", 100, size - 1), ("bytes=-50", size - 50, size - 1),
        (f"bytes=10-{size * 9}", 10, size - 1), (f"bytes=-{size * 9}", 0, size - 1),
    ):  # fmt: skip
        part = ask(client, range=asked, accept_encoding="gzip")
        assert (part.status_code, part.content) == (206, whole.content[first : last + 1]), asked
        assert part.headers["Content-Range"] == f"bytes {first}-{last}/{size}"
        assert part.headers["ETag"] == whole.headers["ETag"]


@pytest.mark.parametrize("asked", ["bytes=5-2", "bytes=-", "bytes=0-1,4-5", "lines=1-2", "x"])
def test_a_range_that_makes_no_sense_is_left_alone(client: Client, asked: str) -> None:
    answer = ask(client, range=asked)
    assert (answer.status_code, answer.content) == (200, ask(client).content)


def test_what_is_past_the_end_is_not_there(client: Client) -> None:
    size = len(ask(client).content)
    for asked in (f"bytes={size}-", f"bytes={'9' * 400}-", "bytes=-0"):
        answer = ask(client, range=asked)
        assert (answer.status_code, answer.content) == (416, b""), asked
        assert answer.headers["Content-Range"] == f"bytes */{size}"


def test_the_rest_of_another_edition_is_not_put_behind_this_one(client: Client) -> None:
    known = ask(client).headers["ETag"]
    parts = [ask(client, range="bytes=5-", if_range=tag).status_code for tag in (known, '"other"')]

    assert parts == [206, 200]


def test_a_file_is_asked_for_by_its_age(client: Client) -> None:
    since = ask(client).headers["Last-Modified"]
    again = ask(client, if_modified_since=since)

    assert (again.status_code, again.content) == (304, b"")
    assert ask(client, if_modified_since="Mon, 01 Jan 2001 00:00:00 GMT").status_code == 200


@pytest.mark.parametrize("address", [FILE, f"/lv/{KS}", "/api/v1/projects"])
def test_what_is_public_travels_compressed_and_is_known_again(client: Client, address: str) -> None:
    plain = client.get(address)
    sent = client.get(address, headers={"accept-encoding": "gzip"})

    assert gzip.decompress(sent.content) == plain.content
    assert len(sent.content) < len(plain.content) / 2
    assert "Accept-Encoding" in sent.headers["Vary"]
    assert "Accept-Encoding" in plain.headers["Vary"]
    assert "Repr-Digest" not in sent.headers
    again = client.get(
        address, headers={"accept-encoding": "gzip", "if-none-match": sent.headers["ETag"]}
    )
    assert again.status_code == 304
