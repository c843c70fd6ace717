"""What docs/proxy/ says is what the code says. The proxies themselves: docs/measurements.md."""

from __future__ import annotations

import re
from pathlib import Path

from django.conf import settings

from exchange.tables import limits
from tests.sources import ROOT
from tryout import bodies, ports

CADDY = (ROOT / "docs" / "proxy" / "Caddyfile").read_text("utf-8")
NGINX = (ROOT / "docs" / "proxy" / "nginx.conf").read_text("utf-8")
MEGA, KILO = 1024 * 1024, 1024


def directives(text: str) -> dict[str, str]:
    """Each by its name, without comment and closing signs."""
    lines = (line.partition("#")[0].strip(" \t;{") for line in text.splitlines())
    return dict(line.split(maxsplit=1) for line in lines if " " in line)


def test_both_lead_to_the_server_and_limit_what_comes_as_the_register_does() -> None:
    caddy, nginx = directives(CADDY), directives(NGINX)
    most, memory = limits.REQUEST // MEGA, bodies.IN_MEMORY // KILO

    assert caddy["reverse_proxy"] == f"{ports.HOST}:8000"
    assert nginx["proxy_pass"] == f"http://{ports.HOST}:8000"
    assert (caddy["max_size"], nginx["client_max_body_size"]) == (f"{most}MiB", f"{most}m")
    assert nginx["client_body_buffer_size"] == f"{memory}k"
    assert f'"request_buffers {memory}KiB"' in CADDY
    assert caddy["max_header_size"] == "8KiB"
    assert nginx["client_header_buffer_size"] == "8k"
    assert nginx["client_body_timeout"] == f"{bodies.GRACE}s"
    assert (caddy["read_body"], bodies.GRACE + limits.REQUEST / bodies.PACE < 3600) == ("1h", True)


def test_a_body_is_whole_before_it_is_handed_on_and_headers_have_an_end() -> None:
    caddy, nginx = directives(CADDY), directives(NGINX)

    assert nginx["proxy_request_buffering"] == "on"
    assert (caddy["read_header"], nginx["client_header_timeout"]) == ("10s", "10s")


def test_the_address_of_the_client_is_told_and_hsts_is_sent_once() -> None:
    assert "proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;" in NGINX
    assert "proxy_set_header X-Forwarded-Proto $scheme;" in NGINX
    example = Path(ROOT / ".env.example").read_text("utf-8")
    for text in (CADDY, NGINX):
        assert "TRUSTED_PROXIES=1" in text
        assert not re.search("strict-transport-security", text, re.IGNORECASE)
    assert "# TRUSTED_PROXIES=0" in example
    assert settings.SECURE_REDIRECT_EXEMPT == [r"^healthz$"]
