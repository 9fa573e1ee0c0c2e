import pytest

from tables.table import Column


@pytest.mark.parametrize(
    ("name", "plain", "unit"),
    [
        ("Depth (m MD)", "depth", "m MD"),
        ("DEPT.F", "dept", "F"),
        ("Dip (apparent)", "dipapparent", None),
        ("azimuth_toh_deg", "azimuthtoh", "deg"),
        ("Azimuth °", "azimuth", "°"),
        ("Strike/Dip", "strike/dip", None),
    ],
)
def test_a_unit_is_told_from_the_name_it_stands_in(name, plain, unit):
    column = Column.named(name)
    assert (column.plain, column.unit) == (plain, unit)
