from __future__ import annotations
import pytest
@pytest.mark.django_db
def test_x():
    from django.db import connection
    with connection.cursor() as c:
        c.execute("select current_database(), current_setting('fsync')")
        assert c.fetchone() == ("test_twinning", "off")
def test_b(page):
    page.goto("data:text/html,<h1>hi")
    assert page.inner_text("h1") == "hi"
