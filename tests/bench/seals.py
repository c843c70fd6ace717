"""What sealing costs the writers: p95 of a save by four writers, with and without, in turn."""

from __future__ import annotations

import pytest

from tests.audit.test_seals import p95, saves_with_and_without_sealing


@pytest.mark.django_db(transaction=True)
def test_report(capsys: pytest.CaptureFixture[str]) -> None:
    quiet, sealing = saves_with_and_without_sealing(rounds=10, saves=200)
    with capsys.disabled():
        print(  # noqa: T201 - it is what a bench is for
            f"\np95 of a save: {p95(quiet):.2f} ms, while sealing {p95(sealing):.2f} ms: "
            f"{p95(sealing) / p95(quiet):.2f} x ({len(quiet)} saves each)"
        )
