"""Files through the real form, storage and addresses."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.core.management.base import CommandError
from django.test import Client
from django.urls import reverse

from audit.models import Event
from deliverables.evidence import attaching
from deliverables.evidence.models import Evidence, File
from deliverables.ladder.models import Deliverable
from deliverables.projects import codes
from releases import actions
from tests.deliverables.test_file_kinds import PDF, PNG
from tests.make import make_component, make_deliverable, make_member, make_project

pytestmark = pytest.mark.django_db
SHA = hashlib.sha256(PDF).hexdigest()
TEXTS = {"shows_lv": "Ziņojums", "shows_en": "Report"}


@pytest.fixture(autouse=True)
def folder(settings: Any, tmp_path: Path) -> Path:
    settings.STORAGES = settings.STORAGES | {
        "evidence": {
            **settings.STORAGES["evidence"],
            "OPTIONS": {**settings.STORAGES["evidence"]["OPTIONS"], "location": tmp_path / "kept"},
        }
    }
    return tmp_path / "kept"


@pytest.fixture
def row(client: Client) -> Deliverable:
    row = make_deliverable(make_component(make_project()))
    client.force_login(make_member(row.component, "coordinator"))
    return row


def post(client: Client, row: Deliverable, *files: tuple[str, bytes], **given: Any) -> Any:
    uploads = [SimpleUploadedFile(name, data) for name, data in files]
    address = reverse("admin:deliverables_deliverable_attach", args=[row.pk])
    return client.post(address, {"uploads": uploads, **TEXTS, **given}, follow=True)


def kept(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()] if folder.exists() else []


def test_two_files_are_kept_privately_and_one_proves_two_deliverables(
    client: Client, row: Deliverable, folder: Path
) -> None:
    other = make_deliverable(row.component, "D1.2")

    page = post(client, row, ("Ziņojums Bērziņš.pdf", PDF), ("a.png", PNG), others=[other.pk])

    assert [str(one) for one in page.context["messages"]] == ["4 pieces of evidence were added."]
    assert list(Evidence.objects.values_list("code", "deliverable__code", "file__kind")) == [
        ("F1", "D1.1", "pdf"),
        ("F2", "D1.2", "pdf"),
        ("F3", "D1.1", "png"),
        ("F4", "D1.2", "png"),
    ]
    file = File.objects.get(kind="pdf")
    assert (file.sha256, file.size, file.public) == (SHA, len(PDF), False)
    (path,) = [path for path in kept(folder) if path.read_bytes() == PDF]
    assert "rzi" not in str(path)
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700
    assert Event.objects.filter(table="deliverables_file", why="attach").count() == 2


def test_the_same_file_again_is_the_same_row(
    client: Client, row: Deliverable, folder: Path
) -> None:
    other = make_deliverable(row.component, "D1.2")
    post(client, row, ("a.pdf", PDF))
    post(client, other, ("b.pdf", PDF))
    post(client, other, kept=[File.objects.get().pk])

    assert File.objects.count() == 1
    assert len(kept(folder)) == 1
    assert Evidence.objects.count() == 2


@pytest.mark.parametrize(
    ("name", "data", "sentence"),
    [
        ("a.pdf", PNG, "a.pdf: It is called “a.pdf”, but what is in it is: PNG image."),
        ("a.svg", b"<svg/>", "a.svg: It is a web page or a drawing of code"),
        ("a.pdf", b"%PDF-" + b"0" * (26 * 1024 * 1024), "a.pdf: It has 26.0 MB; at most 25 MB"),
        ("a.pdf", b"", "The submitted file is empty."),
    ],
)
def test_a_wrong_file_is_told_and_nothing_is_stored(
    client: Client, row: Deliverable, folder: Path, name: str, data: bytes, sentence: str
) -> None:
    page = post(client, row, ("good.pdf", PDF), (name, data))

    text = page.content.decode()
    assert sentence in text or "It is empty (0 bytes)" in text
    assert 'value="Report"' in text
    assert not File.objects.exists()
    assert not Evidence.objects.exists()
    assert kept(folder) == []


@pytest.mark.parametrize("name", ["../../x.pdf", "C:\\\\folder\\\\x.pdf", "/etc/x.pdf"])
def test_a_path_in_the_name_is_refused(
    client: Client, row: Deliverable, folder: Path, name: str
) -> None:
    parts = "".join(
        f'--b\r\nContent-Disposition: form-data; name="{key}"\r\n\r\n{value}\r\n'
        for key, value in TEXTS.items()
    )
    body = (
        f'{parts}--b\r\nContent-Disposition: form-data; name="uploads"; filename="{name}"\r\n'
        f"Content-Type: application/pdf\r\n\r\n{PDF.decode()}\r\n--b--\r\n"
    )
    page = client.post(
        reverse("admin:deliverables_deliverable_attach", args=[row.pk]),
        body,
        content_type="multipart/form-data; boundary=b",
    )

    assert "The name of a file holds a path." in page.content.decode()
    assert not File.objects.exists()
    assert kept(folder) == []


def test_a_failure_after_the_storage_leaves_neither_file_nor_row(
    row: Deliverable, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(series: str, number: int) -> str:
        raise RuntimeError

    monkeypatch.setattr(codes, "after", broken)
    sniffed, _wrong = attaching.sniff([SimpleUploadedFile("a.pdf", PDF)])
    leader = make_member(row.project, name="lea")

    with pytest.raises(RuntimeError):
        attaching.attach([row], sniffed, by=leader, **TEXTS)

    assert not File.objects.exists()
    assert kept(folder) == []


def test_a_download_is_for_those_who_see_the_deliverable_and_runs_nowhere(
    client: Client, row: Deliverable
) -> None:
    post(client, row, ("Pārskats.pdf", PDF))
    address = reverse("admin:deliverables_file_download", args=[File.objects.get().pk])

    answer = client.get(address)

    assert b"".join(answer.streaming_content) == PDF  # type: ignore[attr-defined]
    assert answer.headers["Content-Disposition"] == (
        "attachment; filename*=utf-8''P%C4%81rskats.pdf"
    )
    assert answer.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cache-Control"] == "no-store"
    stranger = make_member(make_component(row.project, 2), "coordinator", "bea")
    client.force_login(stranger)
    missing = client.get(reverse("admin:deliverables_file_download", args=[987654]))
    hidden = client.get(address)
    assert (hidden.status_code, hidden.content) == (404, missing.content)


def test_a_file_is_public_only_when_flagged_and_released_and_at_once_not(
    client: Client, row: Deliverable
) -> None:
    post(client, row, ("Bērziņš.pdf", PDF))
    actions.publish(row.project, by=None)
    page = "/en/projects/tw-1/deliverables/D1.1/"
    address = f"/en/projects/tw-1/files/{SHA}/"
    anonymous = Client()
    assert SHA not in anonymous.get(page).content.decode()
    assert "not public" in anonymous.get(page).content.decode()
    assert anonymous.get(address).status_code == 404

    File.objects.update(public=True)
    assert anonymous.get(address).status_code == 404  # not released yet
    actions.publish(row.project, by=None)
    answer = anonymous.get(address)
    assert b"".join(answer.streaming_content) == PDF  # type: ignore[attr-defined]
    assert answer.headers["Content-Disposition"] == 'attachment; filename="F1.pdf"'
    assert answer.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert answer.headers["ETag"] == f'"{SHA}"'
    assert "Bērziņš" not in anonymous.get(page).content.decode()
    assert f'href="{address}"' in anonymous.get(page).content.decode()

    File.objects.update(public=False)
    assert anonymous.get(address).status_code == 404


def test_only_leaders_say_that_a_file_is_public(client: Client, row: Deliverable) -> None:
    post(client, row, ("a.pdf", PDF))
    file = File.objects.get()
    address = reverse("admin:deliverables_file_change", args=[file.pk])

    assert client.post(address, {"public": "on", "seen": "1"}).status_code == 403
    client.force_login(make_member(row.project, name="lea"))
    client.post(address, {"public": "on", "seen": "1"})

    file.refresh_from_db()
    assert file.public


def test_check_data_names_what_vanished_changed_or_is_nobodys(
    client: Client, row: Deliverable, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    post(client, row, ("a.pdf", PDF), ("a.png", PNG))
    call_command("check_data")
    assert capsys.readouterr().out == "0 findings.\n"
    pdf, png = File.objects.order_by("kind")
    (folder / pdf.key).write_bytes(b"%PDF-other")
    (folder / png.key).unlink()
    (folder / "zz").mkdir()
    (folder / "zz" / "stray").write_bytes(b"x")

    with pytest.raises(CommandError, match="2 errors in the data: see above."):
        call_command("check_data")

    other = hashlib.sha256(b"%PDF-other").hexdigest()
    files = f"{settings.SITE_URL}/desk/tw-1/admin/deliverables/file/"
    assert capsys.readouterr().out.splitlines() == [
        f"error: tw-1 File {pdf.pk} (evidence F1) was changed in the storage: its SHA-256 is "
        f"{other}, and {SHA} was recorded. {files}{pdf.pk}/change/",
        f"error: tw-1 File {png.pk} (evidence F2) is not in the storage any more. "
        f"{files}{png.pk}/change/",
        "warning:  zz/stray in the storage belongs to no file.",
        "3 findings.",
    ]
    address = reverse("admin:deliverables_file_download", args=[png.pk])
    told = client.get(address, follow=True).context["messages"]
    assert [str(one) for one in told][0].startswith("The storage does not have this file any more.")
