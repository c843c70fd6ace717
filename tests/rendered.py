"""What users see, byte for byte: to compare the house before and after it is rebuilt.

    python -m tests.rendered FOLDER [--text [--of PLAIN]]

Writes each answer to each kind of person as a file: `diff -r before after` is the comparison. Both
seeded projects at two stages of the story, a release more, papers, exports, and every mail. Links
are followed from every address that takes nothing; of addresses alike (one name, the same keys in
the query) a few are asked. Forms are sent as their page offers them, and empty; what they write is
taken back. What is random is masked (tests/stillness.py). `--text`: as a browser shows it, where
whitespace is one space, and none at the edge of a block; that of <pre> and <textarea> stays.
"""

from __future__ import annotations

import argparse
import csv
import datetime as dt
import html
import io
import logging
import os
import re
import shutil
import sys
import time
import zipfile
from collections import Counter, deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, quote, urljoin, urlsplit

from tests import clusters, stillness

ROLES = ("nobody", "coordinator", "leader", "auditor", "administrator")
# The moment of each stage, and who looks at it.
STAGES = {
    "inception": (dt.datetime(2026, 1, 31, 9, tzinfo=dt.UTC), ()),  # where it is asked for
    "midterm": (dt.datetime(2026, 11, 13, 9, tzinfo=dt.UTC), ROLES),
    "closing": (dt.datetime(2027, 8, 31, 9, tzinfo=dt.UTC), ("nobody", "leader")),
}
FEW = {"nobody": 2}  # addresses of one kind that are asked; of others one
DAY = dt.timedelta(1)
EVER = dt.timedelta(36_500)  # jobs are due by the true clock
LANGUAGES = {"coordinator": "lv", "leader": "lv", "auditor": "en", "administrator": "en"}
# What tells public pages of one address apart; its other parts are rows of a table.
TOLD_APART = ("lang", "slug", "release", "first", "second")
QUERIES = 2  # keys in a query at most: choices add up without end
CHOOSES = ("leader",)  # who also sends each choice of a form and a changed file
ENDS = re.compile(r"logout|language|login")  # a session, or a language
HEADERS = {"Content-Length", "Date", "Set-Cookie"}  # which follow from the body and the moment
HREF = re.compile(r'<(?:a|link)\b[^>]*\bhref="([^"]*)"')
LETTER = re.compile(r"http://127.0.0.1:8000(/\w\w/heads/mail/\S+)$", re.MULTILINE)
POLICY = "Content-Security-Policy"
HTML = "Content-Type: text/html"
tell = partial(print, flush=True)


@dataclass
class Folder:
    """Where answers are written; `count` of their kinds, and of those with one name."""

    root: Path
    text: bool
    masked: Callable[[str], str] = str
    count: Counter[str] = field(default_factory=Counter)
    names: Counter[Path] = field(default_factory=Counter)

    def write(self, stage: str, role: str, name: str, content: str, kind: str) -> None:
        name = re.sub(r"<(\w+) (\w+)>", r"{\1 \2}", self.masked(name.strip("/") or "index"))
        name = quote(name, safe="?=&{} @+,:").replace("?", "_")[:200]
        folder = self.root / stage / role
        folder.mkdir(parents=True, exist_ok=True)
        self.names[folder / name] += 1
        again = self.names[folder / name]
        path = folder / (name if again == 1 else f"{name} again {again}")
        content = self.masked(content)
        content = as_shown(content) if self.text else content
        path.write_text(content, encoding="utf-8", errors="surrogateescape", newline="")
        self.count[kind] += 1

    def answer(self, stage: str, role: str, name: str, response: Any) -> None:
        content = response.getvalue() if response.streaming else response.content
        kind = response.headers.get("Content-Type", "").partition(";")[0]
        said = sorted((k, v) for k, v in response.headers.items() if k not in HEADERS)
        headers = [f"{k}: {in_order(v) if k == POLICY else v}" for k, v in said]
        head = "\n".join([str(response.status_code), *headers])
        what = "pages" if kind == "text/html" else "files"
        self.write(stage, role, name, f"{head}\n\n{self.body(content)}", what)

    def body(self, content: bytes) -> str:
        """As text; what is packed is unpacked, so that keys in it are masked, too."""
        if content.startswith(b"PK\x03\x04"):
            with zipfile.ZipFile(io.BytesIO(content)) as packed:
                return "\n".join(
                    f"--- {one.filename} {one.date_time} {one.compress_type} {one.external_attr}\n"
                    + self.body(packed.read(one))
                    for one in packed.infolist()
                )
        return content.decode("utf-8", "surrogateescape")


BLOCKS = (
    "address|article|aside|blockquote|body|br|caption|circle|col|colgroup|dd|details|dialog|div|dl|dt"
    "|fieldset|figcaption|figure|footer|form|g|h[1-6]|head|header|hr|html|legend|li|line|link|main"
    "|meta|nav|ol|optgroup|option|p|path|polyline|rect|script|section|select|style|summary|svg|table"
    "|tbody|td|tfoot|th|thead|title|tr|ul"
)
KEPT = re.compile(r"(<(pre|textarea)\b.*?</\2>)", re.DOTALL)
TAG = re.compile(r"<[^<>]*>")
EDGE = re.compile(rf"\s*(</?(?:{BLOCKS})\b[^<>]*>|<!doctype[^>]*>)\s*", re.IGNORECASE)


def in_order(policy: str) -> str:
    """Its directives come in another order in each process."""
    return "; ".join(sorted(policy.split("; ")))


def as_shown(content: str) -> str:
    """An answer that was written, with its page as it is shown."""
    head, gap, body = content.partition("\n\n")
    return head + gap + shown(body) if HTML in head else content


def shown(page: str) -> str:
    """The page as it is shown, a line for each block."""
    parts = KEPT.split(page)  # text, what is kept, its name, text, …
    for number in range(0, len(parts), 3):
        plain = re.sub(r"\s+", " ", parts[number])
        plain = TAG.sub(lambda tag: re.sub(r"\s+(?=/?>$)", "", tag[0]), plain)
        parts[number] = re.sub(r"\n+", "\n", EDGE.sub(r"\n\1\n", plain)).strip()
    return "\n".join(part for number, part in enumerate(parts) if number % 3 != 2)


@dataclass
class Walk:
    """All that one person is answered."""

    folder: Folder
    stage: str
    role: str
    client: Any
    few: int
    asked: Counter[tuple[Any, ...]] = field(default_factory=Counter)
    pages: dict[str, str] = field(default_factory=dict)  # address -> page with a form
    first: list[str] = field(default_factory=list)

    def everything(self) -> None:
        waiting, seen = deque(self.first), set(self.first)
        while waiting:
            where = waiting.popleft()
            if not self._is_wanted(where):
                continue
            for link in HREF.findall(self.get(where)):
                link = html.unescape(link).partition("#")[0]
                found = urljoin(f"http://127.0.0.1{where}", link)
                parts = urlsplit(found)
                address = parts.path + (f"?{parts.query}" if parts.query else "")
                if parts.hostname == "127.0.0.1" and address not in seen:
                    seen.add(address)
                    waiting.append(address)
        self._forms()

    def get(self, where: str) -> str:
        """The page that was written, or nothing where it is no page."""
        response = self.client.get(where)
        self.folder.answer(self.stage, self.role, where, response)
        if response.headers.get("Content-Type", "").startswith("text/html"):
            page = str(response.content.decode())
            if response.status_code == 200 and 'method="post"' in page:
                self.pages[where] = page
            return page
        return f'<a href="{response.headers.get("Location", "")}">'

    def _is_wanted(self, where: str) -> bool:
        """Whether few enough like it were asked."""
        from django.urls import Resolver404, resolve

        path, _, query = where.partition("?")
        keys = tuple(sorted(dict(parse_qsl(query, keep_blank_values=True))))
        if path.startswith("/static/") or len(keys) > QUERIES:
            return False
        try:
            match = resolve(path)
        except Resolver404:
            return True
        is_public = match.namespaces[:1] == ["public"]
        if is_public != (self.role == "nobody") and where not in self.first:
            return False
        apart = [*TOLD_APART] if is_public else []
        if is_public and "release" not in match.kwargs:
            apart.append("table")  # each file of the newest release, some of those that are cited
        of = [match.kwargs.get(key) for key in apart]
        kind = (match.view_name, keys if is_public else bool(keys), *of)
        self.asked[kind] += 1
        return self.asked[kind] <= self.few and not ENDS.search(match.view_name)

    def _forms(self) -> None:
        """Each form once as it stands and once empty, each choice of a file's kind by itself."""
        from django.urls import Resolver404, resolve

        from tests.twinning.forms import Page

        sent = set()
        for where, page in self.pages.items():
            for form in Page(page).forms:
                action = urljoin(where, form.action)
                try:
                    match = resolve(urlsplit(action).path)
                except Resolver404:
                    continue
                kind = (match.view_name, *sorted(re.sub(r"\d+", "0", name) for name in form.names))
                if kind in sent or ENDS.search(match.view_name):
                    continue
                sent.add(kind)
                for name, data in self._filled(match.view_name, action, form):
                    self.post(action, name, data)

    def _filled(self, view: str, action: str, form: Any) -> Iterator[tuple[str, dict[str, Any]]]:
        yield "empty", {}
        yield "as it stands", dict(form.fields)
        if self.role not in CHOOSES:
            return
        for name in ("format", "what"):
            for choice in form.offers.get(name, ()):
                yield f"{name} {choice}", {**form.fields, name: choice}
        if view.endswith("_import"):
            yield "changed", {"file": partial(self._changed, action)}

    def _changed(self, action: str) -> Any:
        """The register's own rows, one with another text."""
        from django.core.files.uploadedfile import SimpleUploadedFile

        given = self.client.post(action.replace("/import/", "/export/"), {"format": "csv"})
        rows = list(csv.reader(io.StringIO(given.getvalue().decode("utf-8-sig"))))
        if len(rows) > 1:
            at = next((n for n, head in enumerate(rows[0]) if head.endswith("_en")), 0)
            rows[1][at] += "x"
        out = io.StringIO()
        csv.writer(out).writerows(rows)
        return SimpleUploadedFile("rows.csv", out.getvalue().encode())

    def post(self, where: str, how: str, data: dict[str, Any]) -> None:
        """The answer, and the page that it leads to; nothing of it stays."""
        from django.db import transaction

        with transaction.atomic():
            data = {name: value() if callable(value) else value for name, value in data.items()}
            response = self.client.post(where, data)
            self.folder.answer(self.stage, self.role, f"{where} POST {how}", response)
            if response.status_code == 302:
                after = self.client.get(response["Location"])
                self.folder.answer(self.stage, self.role, f"{where} POST {how}, then", after)
            transaction.set_rollback(True)


class Played:
    """Both projects at a stage, and what some days more bring about."""

    def __init__(self, stage: str, moment: dt.datetime) -> None:
        from django.apps import apps
        from django.core.management import call_command

        self.models: dict[str, Any] = {
            str(model._meta.model_name): model for model in apps.get_models()
        }
        stillness.count_from_afar()
        stillness.set_the_clock(moment)
        call_command("seed", stage=stage, stdout=io.StringIO())
        self._enter()
        stillness.set_the_clock(moment + DAY)
        self._work()
        stillness.set_the_clock(moment + 3 * DAY)
        self._write(moment.date())

    def _enter(self) -> None:
        user, member = self.models["user"], self.models["membership"]
        self.people = {
            "coordinator": user.objects.create_user("ana"),
            "leader": user.objects.get(username="demo.leader"),
            "auditor": user.objects.create_user("aud"),
            "administrator": user.objects.create_superuser("root"),
        }
        for project in self.models["project"].objects.order_by("slug"):
            part = project.components.order_by("number").first()
            member.objects.create(
                user=self.people["coordinator"], project=project, component=part, role="coordinator"
            )
            for role, name in (("auditor", "auditor"), ("ms_leader", "leader")):
                given = {"user": self.people[name], "project": project, "role": role}
                if not member.objects.filter(**given).exists():
                    member.objects.create(**given)
        for row in user.objects.all():
            row.email, row.first_name, row.is_staff = f"{row.username}@example.org", "Ana", True
            row.set_password("a long pass phrase")
            row.save()
        for name, person in self.people.items():
            user.objects.filter(pk=person.pk).update(language=LANGUAGES[name])
            person.refresh_from_db()

    def client(self, role: str) -> Any:
        from django.test import Client

        client = Client(
            raise_request_exception=False,
            SERVER_NAME="127.0.0.1",
            headers={"accept-language": LANGUAGES.get(role, "en")},
        )
        if role in self.people:
            client.force_login(self.people[role])
        return client

    def _work(self) -> None:
        """A change, a paper that is public, and a release by hand of each project."""
        from django.core.files.uploadedfile import SimpleUploadedFile
        from django.urls import reverse

        for project in self.models["project"].objects.order_by("slug"):
            row = project.components.order_by("number").last().deliverables.order_by("code").first()
            change = reverse("admin:deliverables_deliverable_change", args=[row.pk])
            self._send("leader", change, title_en=f"{row.title_en}, in other words")
            attach = reverse("admin:deliverables_deliverable_attach", args=[row.pk])
            paper = SimpleUploadedFile("paper.pdf", b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\n%%EOF\n")
            self._send(
                "leader", attach, uploads=paper, shows_lv="Viss", shows_en="All", public="on"
            )
            self._carry_out()
            for file in self.models["file"].objects.filter(project=project):
                own = reverse("admin:deliverables_file_change", args=[file.pk])
                self._send("leader", own, public="on")
            publish = reverse("admin:releases_release_changes", args=[project.slug])
            self._send("leader", publish)
        self._task("seal_events")
        self._carry_out()

    def _send(self, role: str, where: str, action: str = "", **given: Any) -> None:
        from tests.twinning.forms import form_of

        client = self.client(role)
        page = client.get(where)
        form = form_of(page.content.decode(), action)
        assert form, (where, page.status_code, page.headers)
        sent = client.post(action or where, {**form.fields, **given})
        assert sent.status_code == 302, (where, sent.status_code)

    def _write(self, day: dt.date) -> None:
        """Every kind of mail."""
        from django.core import mail
        from django.core.management import call_command
        from django.urls import reverse

        add = reverse("admin:accounts_subscriber_add")
        for language in ("lv", "en"):
            self._send("administrator", add, email=f"{language}@example.org", language=language)
        for name in ("coordinator", "auditor"):
            row = self.people[name]
            change = reverse("admin:accounts_user_change", args=[row.pk])
            self._send(
                "administrator", change, reverse("admin:accounts_user_invite", args=[row.pk])
            )
            reset = {"email": f"{row.username}@example.org"}
            self.client("nobody").post(reverse("account_reset_password"), reset)
        self._carry_out()
        for sent in mail.outbox:
            for link in LETTER.findall(str(sent.body)):
                self.client("nobody").post(link)
        call_command("send_reminders", day=day + (7 - day.weekday()) * DAY, stdout=io.StringIO())
        self._task("mail_heads")
        self._carry_out()

    def _task(self, name: str) -> None:
        from procrastinate.contrib.django import app

        (task,) = (task for task in app.tasks.values() if task.name.endswith(f".{name}"))
        task.func(0)

    def _carry_out(self) -> None:
        from tests.work import carry_out

        carry_out(EVER)


def addresses() -> list[str]:
    """Those that take nothing, or only a language."""
    from django.urls import NoReverseMatch, reverse

    from tests.twinning.matrix import addresses as known

    found = []
    for name, keys in sorted(set(known()), key=lambda pair: pair[0]):
        for lang in ("lv", "en") if keys == {"lang"} else ("",) if not keys else ():
            try:
                found.append(reverse(name, kwargs={"lang": lang} if lang else {}))
            except NoReverseMatch:
                continue
    return found


def odd() -> list[str]:
    """What is not there, or cannot be understood."""
    base = "projects/demo/"
    wrong = ["nowhere/", "projects/none/", f"{base}releases/99/", f"{base}deliverables/D99.9/",
             f"{base}components/x/", f"{base}?at=soon", f"{base}deliverables/?page=99",
             f"{base}none.csv", f"{base}releases/1..99/"]  # fmt: skip
    return [f"/{lang}/{page}" for lang in ("lv", "en") for page in wrong]


def walk(folder: Folder, stage: str, moment: dt.datetime, roles: tuple[str, ...]) -> None:
    from django.core import mail

    mail.outbox = []
    played = Played(stage, moment)
    tell(f"{stage} is played")
    folder.masked = stillness.masks()
    for number, sent in enumerate(mail.outbox, 1):
        head = [str(sent.subject), sent.from_email, *sent.to]
        head += [f"{k}: {v}" for k, v in sorted(sent.extra_headers.items())]
        others: list[Any] = getattr(sent, "alternatives", [])
        for kind, text in [("text/plain", sent.body), *((kind, text) for text, kind in others)]:
            content = "\n".join([*head, f"Content-Type: {kind}"]) + f"\n\n{text}"
            name = f"{number:03} {sent.to[0]} {kind.replace('/', ' ')}"
            folder.write(stage, "mails", name, content, "mails")
    first, at = addresses(), f"?at={moment:%Y-%m-%d}"
    for role in roles:
        person = Walk(folder, stage, role, played.client(role), FEW.get(role, 1), first=first)
        if role == "nobody":
            person.first = [*first, *odd()]
            person.first += [f"/{lang}/projects/demo/{at}" for lang in ("lv", "en")]
        person.everything()
        tell(f"{stage}, {role}: {dict(folder.count)}, {time.process_time():.0f} s")


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(usage="%(prog)s FOLDER [--text [--of PLAIN]]")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--text", action="store_true")
    parser.add_argument("--of", type=Path, help="answers that were written without --text")
    parser.add_argument("--stage", choices=STAGES, action="append")
    given = parser.parse_args(arguments)
    if given.folder.exists() and any(given.folder.iterdir()):
        parser.error(f"{given.folder} is not empty. Name another folder.")
    if given.of:
        _of_plain(given.of, given.folder)
        return 0
    var_dir = clusters.RUNS / str(os.getpid())
    logging.disable()  # of what is refused on purpose
    with stillness.standing_still(var_dir):
        _made(given, var_dir)
    return 0


def _of_plain(plain: Path, folder: Path) -> None:
    """The other mode without asking again."""
    for path in (path for path in plain.rglob("*") if path.is_file()):
        target = folder / path.relative_to(plain)
        target.parent.mkdir(parents=True, exist_ok=True)
        with path.open(encoding="utf-8", errors="surrogateescape", newline="") as file:
            content = as_shown(file.read())
        target.write_text(content, encoding="utf-8", errors="surrogateescape", newline="")


def _made(given: argparse.Namespace, var_dir: Path) -> None:
    from django.db import connection

    from tests import databases

    folder = Folder(given.folder, given.text)
    for stage in given.stage or list(STAGES)[1:]:
        moment, roles = STAGES[stage]
        with databases.filled(stage, lambda: None):
            walk(folder, stage, moment, roles or ROLES)
        shutil.rmtree(var_dir / "evidence", ignore_errors=True)
    connection.close()
    tell(", ".join(f"{count} {kind}" for kind, count in sorted(folder.count.items())))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
