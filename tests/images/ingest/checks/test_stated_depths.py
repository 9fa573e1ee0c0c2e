import pytest

from images.ingest.checks.stated_depths import Range, differing
from images.ingest.table import Ends, Table


def told(ends, *found):
    table = Table("", (), lambda _: iter(()), ends=ends)
    return [*differing(table, Range(*found))]


@pytest.mark.parametrize(
    "ends",
    [
        None,
        pytest.param(Ends(100, 200, 0.5, "m"), id="the same"),
        pytest.param(Ends(200, 100, -0.5, "m"), id="descending"),
        pytest.param(Ends(100.5, 200, None, "m"), id="within a step"),
        pytest.param(Ends(100 / 0.3048, 200 / 0.3048, 0.5 / 0.3048, "ft"), id="in feet"),
        pytest.param(Ends(1, 2, 0.5, ""), id="without a unit"),
    ],
)
def test_a_header_that_tells_the_depths_of_the_rows_is_not_told(ends):
    assert told(ends, 100.0, 200.0, 0.5, "m") == []


@pytest.mark.parametrize(
    ("ends", "by_header"),
    [
        (Ends(50, 200, 0.5, "m"), "50 to 200 with a step of 0.5"),
        (Ends(100, 300, None, "m"), "100 to 300"),
        (Ends(100, 200, 0.1, "m"), "100 to 200 with a step of 0.1"),
    ],
)
def test_a_header_that_tells_other_depths_is_told_with_both(ends, by_header):
    [(code, detail)] = told(ends, 100.0, 200.0, 0.5, "m")
    assert code == "header-disagrees"
    assert detail == (
        f"by STRT, STOP and STEP the depths are {by_header}; they are 100 to 200 with a step of 0.5"
    )
