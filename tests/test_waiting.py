from __future__ import annotations

import pytest

from tests.waiting import wait_for


def test_what_is_awaited_comes_or_the_test_fails() -> None:
    answers = [0, "", "yes"]
    wait_for(lambda: answers.pop(0))
    assert answers == []
    with pytest.raises(AssertionError) as caught:
        wait_for(lambda: False, seconds=0.02)
    assert str(caught.value) == "What is awaited has not come in 0.02 seconds."
