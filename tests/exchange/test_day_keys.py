"""Imports of tables whose rows are recognised by a day, or by a class that may be empty."""

from __future__ import annotations

import datetime as dt
import io

import pytest
from django.test import Client

from budget.contract.models import Rate
from budget.contract.resources import RateResource
from deliverables.indicators.models import Measurement
from deliverables.indicators.resources import MeasurementResource
from exchange.exports.extracts import FORMATS, Extract
from exchange.tables.resources import TableResource
from tests.exchange.files import Session
from tests.make import (
    make_component,
    make_indicator,
    make_member,
    make_project,
    make_rate,
    make_value,
)

pytestmark = pytest.mark.django_db
HEAD = "project,kind,grade,from_on,amount,source_lv,source_en\r\n"


@pytest.fixture
def leader(client: Client) -> Client:
    project = make_project(publishing="by_hand")
    make_rate(project, "350.00", from_on=dt.date(2026, 1, 1))
    make_value(make_indicator(make_component(project)))
    client.force_login(make_member(project))
    return client


def out(resource: type[TableResource], format_: str) -> bytes:
    file = io.BytesIO()
    Extract(resource, resource.model()._default_manager.all()).write(file, FORMATS[format_])
    return file.getvalue()


@pytest.mark.parametrize("format_", ["csv", "excel", "xlsx"])
def test_an_own_export_comes_back_unchanged(leader: Client, format_: str) -> None:
    name = "x.xlsx" if format_ == "xlsx" else "x.csv"
    for resource, table, app in (
        (RateResource, "rate", "budget"), (MeasurementResource, "measurement", "deliverables"),
    ):  # fmt: skip
        session = Session(leader, table, app).upload(out(resource, format_), name)

        assert session.counts == {"new": 0, "changed": 0, "unchanged": 1, "conflicts": 0}, table


def test_a_later_rate_of_all_classes_is_new_and_its_day_may_be_typed(leader: Client) -> None:
    session = Session(leader, "rate", "budget").upload(
        f"{HEAD}tw-1,fee,,1.7.2026,400.00,L\u012bgums,Contract\r\n"
        "tw-1,fee,,01.01.2026,360.00,L\u012bgums,Contract\r\n"
    )

    assert session.counts == {"new": 1, "changed": 1, "unchanged": 0, "conflicts": 0}


@pytest.mark.parametrize("day", ["31.02.2026", "2026", "-5", "\U0001f600", "9" * 5000, "x\x00"])
def test_what_is_no_day_is_a_fault_of_its_cell(leader: Client, day: str) -> None:
    session = Session(leader, "rate", "budget").upload(
        f"{HEAD}tw-1,fee,,{day},400.00,L\u012bgums,Contract\r\n"
    )

    assert session.page.status_code == 200
    assert session.faults or "nothing was written" in session.text
    assert Rate.objects.count() == 1


def test_a_new_value_of_an_indicator_is_one_new_row(leader: Client) -> None:
    before = Measurement.objects.count()
    session = Session(leader, "measurement", "deliverables").upload(
        "project,indicator,on,value,source_lv,source_en\r\ntw-1,I1.1,2026-06-30,8,Atskaite,Report\r\n"
    )

    assert session.counts == {"new": 1, "changed": 0, "unchanged": 0, "conflicts": 0}
    assert Measurement.objects.count() == before
