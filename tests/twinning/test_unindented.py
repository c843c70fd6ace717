"""Indentation is for those who read templates; it is neither sent nor mailed."""

from __future__ import annotations

import pytest
from django.template import Engine
from django.template.loader import render_to_string
from django.test import Client


@pytest.mark.django_db
def test_a_page_is_sent_without_its_indentation_and_a_text_as_it_stands(client: Client) -> None:
    page = client.get("/en/accessibility/").content.decode()
    assert "\n<h2>Status</h2>\n" in page
    assert [line for line in page.splitlines() if line.startswith((" ", "\t"))] == []

    text = render_to_string("releases/packs/README.en.txt", {"project": {}})
    assert "\n  data/*.csv               the tables" in text


def test_the_templates_of_packages_are_left_as_they_are() -> None:
    source = Engine.get_default().get_template("admin/app_list.html").source
    assert "\n  <div" in source or "\n    <div" in source
