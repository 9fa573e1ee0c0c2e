"""Texts of one array, and what should come of them."""

import pytest

from images.errors import InvalidFile
from tests.images.ingest.files import table

ROWS = [[100.0, 1.5, 2.5, 3.0], [100.5, 4.0, 5.0, 6.25]]


NAMES = ["depth", "A[0]", "A[1]", "A[2]"]


def text(separator=",", names=NAMES, rows=ROWS, end="\n", form=str):
    lines = [names, *([form(value) for value in row] for row in rows)]
    return "".join(separator.join(line) + end for line in lines)


def assert_read(found, name="A", unit="", depth_unit=""):
    plan, depths, values = found
    assert depths.tolist() == [100.0, 100.5]
    assert values.tolist() == [row[1:] for row in ROWS]
    [log] = plan.logs
    assert (log.name, log.unit, plan.depth_unit) == (name, unit, depth_unit)
    assert (log.kind, log.width) == ("image", 3)
    return plan


def refusal(data, **options):
    with pytest.raises(InvalidFile) as caught:
        table(data, **options)
    return str(caught.value)
