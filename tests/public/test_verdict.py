"""The first sentence of a project: does it run, does it deliver, is it late."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.utils.translation import override

from public.sentences import verdict
from tests.public.make import get

CONTRACT: dict[str, Any] = {"basis": "contract", "whole": 13, "accepted": 6, "delivered": 8}
PUBLISHED: dict[str, Any] = {"basis": "published", "whole": 18, "accepted": 0, "delivered": 18}


@pytest.mark.parametrize(
    ("status", "results", "late", "english", "latvian"),
    [
        ("running", CONTRACT, 1, "Behind plan: 6 of 13 results accepted, 1 overdue.",
         "Atpaliek no plāna: saņēmējs pieņēmis 6 no 13 rezultātiem, 1 kavējas."),
        ("running", CONTRACT, 0, "On plan: 6 of 13 results accepted, none overdue.",
         "Norit pēc plāna: saņēmējs pieņēmis 6 no 13 rezultātiem, neviens nekavējas."),
        ("running", CONTRACT, None, "Running: 6 of 13 results accepted.",
         "Tiek īstenots: saņēmējs pieņēmis 6 no 13 rezultātiem."),
        ("concluded", PUBLISHED, None, "Concluded: 18 of 18 main results reported delivered.",
         "Noslēdzies: 18 no 18 galvenajiem rezultātiem paziņoti par sasniegtiem."),
        ("concluded", CONTRACT, 2, "Concluded: 6 of 13 results accepted.",
         "Noslēdzies: saņēmējs pieņēmis 6 no 13 rezultātiem."),
        ("planned", {**CONTRACT, "whole": 0}, None, "Not begun.", "Nav sācies."),
    ],
)  # fmt: skip
def test_a_project_in_a_sentence(
    status: str, results: Any, late: int | None, english: str, latvian: str
) -> None:
    with override("en"):
        assert verdict(status, results, late) == english
    with override("lv"):
        assert verdict(status, results, late) == latvian


@pytest.mark.django_db
@pytest.mark.usefixtures("seeded")
@pytest.mark.parametrize(
    ("where", "sentence", "after"),
    [
        (
            "/en/projects/ks-14-jb-jh-04/",
            "Concluded: 18 of 18 main results reported delivered.",
            "Measure",
        ),
        (
            "/lv/projects/ks-14-jb-jh-04/",
            "Noslēdzies: 18 no 18 galvenajiem rezultātiem",
            "Komponentes",
        ),
    ],
)
def test_it_stands_above_all_figures(client: Client, where: str, sentence: str, after: str) -> None:
    text = get(client, where)
    assert text.index(sentence) < text.index(after)
