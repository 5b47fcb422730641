"""A region, a few invented employers, and a way to deliver a table."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence

import pytest
from stdnum.cn import uscc as uscc_numbers

from anxin.evidence.imports import accept_batch, open_batch
from anxin.evidence.journal import Actor
from anxin.evidence.models import ImportBatch
from anxin.registry.models import Employer, Project, Region

CLERK = Actor("user:1", "钱一")
NOW = dt.datetime(2026, 9, 10, 9, 0, tzinfo=dt.UTC)


def uscc(number: int) -> str:
    """A code of an invented business, with the right check character."""
    body = f"91990101MA{number:07d}"
    return body + uscc_numbers.calc_check_digit(body)


def table(*rows: Sequence[object]) -> bytes:
    return "\n".join(",".join("" if cell is None else str(cell) for cell in row) for row in rows).encode()


def deliver(kind: str, data: bytes, *, now: dt.datetime = NOW, name: str = "表.csv") -> ImportBatch:
    """Open and accept one file."""
    batch = open_batch(kind=kind, data=data, filename=name, actor=CLERK, now=now)
    assert batch.recognition is not None, batch.refusal
    if batch.already_accepted:
        return batch
    return accept_batch(batch.pk, actor=CLERK, now=now, recognition=batch.recognition)


@pytest.fixture
def district(db) -> Region:
    city = Region.objects.create(code="9901", name="示例市")
    return Region.objects.create(code="990101", name="示例区", parent=city)


@pytest.fixture
def employer(district) -> Callable[[int], Employer]:
    return lambda number: Employer.objects.create(
        uscc=uscc(number), name=f"示例公司{number}", region=district
    )


@pytest.fixture
def project(district) -> Callable[..., Project]:
    def make(code: str, name: str = "", **values: object) -> Project:
        given = {"region": district, "industry": "housing", "recorded_at": NOW, **values}
        return Project.objects.create(code=code, name=name or f"示例项目{code}", **given)

    return make
