"""The Latvian catalogues say all that the sources say, and the compiled ones say the same."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import polib
from django.conf import settings
from django.utils.translation.template import templatize

ROOT: Path = settings.BASE_DIR
OURS = ROOT / "locale" / "lv" / "LC_MESSAGES" / "django.po"
LATVIAN_PLURALS = "nplurals=3; plural=(n%10==1 && n%100!=11 ? 0 : n != 0 ? 1 : 2);"
NOT_SOURCES = {"docs", "locale", "seed", "static", "tests", "var"}

# Where the text stands among the arguments.
CALLS = {"gettext": 0, "gettext_lazy": 0, "ngettext": 0, "ngettext_lazy": 0, "pgettext": 1}
IN_TEMPLATE = re.compile(r"""\b(?:n?gettext|_)\(u?('(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")""")
COUNTED = re.compile(r"%\(\w+\)s (expert-)?(days|months|years|missions|activities|more rows)\b")
NEVER_ONE = ("The link works once, for %(days)s days.",)  # a limit of the register
PLACEHOLDER = re.compile(r"%\(\w+\)[.\d]*[a-z]|%[a-z%]|\{\w*\}|<[^>]+>")


def catalogue(path: Path) -> Any:
    return polib.pofile(str(path))


def said(entries: Any) -> dict[str, Any]:
    """The translation of each text; a list of them where it counts something."""
    return {
        entry.msgid: [entry.msgstr_plural[form] for form in sorted(entry.msgstr_plural)]
        or entry.msgstr
        for entry in entries
    }


def current(entries: Any) -> list[Any]:
    return [entry for entry in entries if not entry.obsolete]


def texts_of_code(path: Path) -> Iterator[str]:
    """The texts that a module marks, under whatever name it imports the marker.

    What is not a plain text, and so never found in a catalogue, comes as its code.
    """
    tree = ast.parse(path.read_text(encoding="utf-8"))
    markers = {
        imported.asname or imported.name: CALLS[imported.name]
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module == "django.utils.translation"
        for imported in node.names
        if imported.name in CALLS
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            place = markers.get(node.func.id)
            if place is not None:
                text = node.args[place]
                plain = isinstance(text, ast.Constant) and isinstance(text.value, str)
                yield ast.literal_eval(text) if plain else ast.unparse(text)


def texts_of_template(path: Path) -> Iterator[str]:
    for found in IN_TEMPLATE.finditer(templatize(path.read_text(encoding="utf-8"))):
        yield ast.literal_eval(found[1])


def texts(*folders: Path) -> set[str]:
    return {
        text
        for folder in folders
        for suffix, read in (
            (".py", texts_of_code),
            (".html", texts_of_template),
            (".txt", texts_of_template),
        )
        for path in folder.rglob(f"*{suffix}")
        for text in read(path)
    }


def our_folders() -> list[Path]:
    return [
        folder
        for folder in ROOT.iterdir()
        if folder.is_dir() and folder.name not in NOT_SOURCES and not folder.name.startswith(".")
    ]


def test_the_compiled_catalogue_is_that_of_its_texts(tmp_path: Path) -> None:
    anew = tmp_path / "django.mo"
    catalogue(OURS).save_as_mofile(str(anew))
    committed, expected = polib.mofile(str(OURS.with_suffix(".mo"))), polib.mofile(str(anew))
    assert said(committed) == said(expected)
    assert committed.metadata == expected.metadata


def test_everything_is_translated_and_nothing_is_guessed() -> None:
    entries = catalogue(OURS)
    assert [entry.msgid for entry in entries.untranslated_entries()] == []
    assert [entry.msgid for entry in entries.fuzzy_entries()] == []
    assert [entry.msgid for entry in entries.obsolete_entries()] == []


def test_no_text_stands_there_twice() -> None:
    msgids = [entry.msgid for entry in catalogue(OURS)]
    assert sorted(msgids) == sorted(set(msgids))


def test_the_header_gives_language_and_plurals_and_names_nobody() -> None:
    assert catalogue(OURS).metadata == {
        "Project-Id-Version": "Twinning",
        "Language": "lv",
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=UTF-8",
        "Content-Transfer-Encoding": "8bit",
        "Plural-Forms": LATVIAN_PLURALS,
    }


def test_placeholders_and_tags_are_kept() -> None:
    for entry in catalogue(OURS):
        wanted = sorted(PLACEHOLDER.findall(entry.msgid_plural or entry.msgid))
        for translated in entry.msgstr_plural.values() or [entry.msgstr]:
            assert sorted(PLACEHOLDER.findall(translated)) == wanted, entry.msgid


def test_what_is_counted_has_a_form_for_one() -> None:
    """Not “1 days left”."""
    single = [entry.msgid for entry in catalogue(OURS) if not entry.msgid_plural]
    counted = [text for text in single if COUNTED.search(text)]
    assert [text for text in counted if not text.startswith(NEVER_ONE)] == []


def test_a_translation_keeps_the_spaces_at_its_ends() -> None:
    for entry in catalogue(OURS):
        for translated in entry.msgstr_plural.values() or [entry.msgstr]:
            for end in (str.lstrip, str.rstrip):
                assert (end(translated) == translated) == (end(entry.msgid) == entry.msgid)


def test_our_catalogue_holds_the_texts_of_our_sources_and_no_others() -> None:
    marked, translated = texts(*our_folders()), set(said(catalogue(OURS)))
    assert marked - translated == set()
    assert translated - marked == set()


def test_texts_are_found_in_code_and_templates(tmp_path: Path) -> None:
    """The tests above would pass on nothing: here is what they must find."""
    (tmp_path / "code.py").write_text(
        "from django.utils.translation import gettext as _, ngettext\n"
        "_('one ' 'text'); ngettext('%(n)s row', '%(n)s rows', 2)\n"
        "print('not marked'); _(f'{a}')\n",
        encoding="utf-8",
    )
    (tmp_path / "page.html").write_text(
        '{% translate "It\'s" %} {% blocktranslate trimmed with a=b %}\n By {{ a }}:\n 100 %'
        "{% endblocktranslate %} {% blocktranslate count n=n %}{{ n }} day{% plural %}{{ n }} days"
        '{% endblocktranslate %} {{ _("cited")|default:_("else") }} not marked',
        encoding="utf-8",
    )
    assert texts(tmp_path) == {
        "one text",
        "f'{a}'",
        "%(n)s row",
        "It's",
        "By %(a)s: 100 %%",
        "%(n)s day",
        "cited",
        "else",
    }
