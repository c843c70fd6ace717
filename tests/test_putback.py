"""The table of faults that were mended stays true to the code: each can be put back."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.faults import Fault
from tests.mutations import ROOT
from tests.putback import FAULTS


@pytest.mark.parametrize("fault", FAULTS, ids=lambda one: one.what)
def test_each_mended_fault_can_be_put_back_and_names_a_test(fault: Fault) -> None:
    assert Path(ROOT, fault.file).read_text("utf-8").count(fault.now) == 1
    for test in fault.tests:
        file, _sep, name = test.partition("::")
        function = name.partition("[")[0]
        source = Path(ROOT, file).read_text("utf-8")
        assert not function or re.search(rf"^def {function}\(", source, re.MULTILINE), test
