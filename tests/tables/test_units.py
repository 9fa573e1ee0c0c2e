import pytest

from tables.table import Column
from tables.units import angle_unit, depth_unit, length_unit
from tests.tables.times import PUMPS, assert_takes_no_longer_than_its_length_says


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        *[
            (text, "m")
            for text in (
                "m",
                "M.",
                "metres",
                "m MD",
                "mRKB",
                "m_MD",
                "mGL",
                '"m"',
                "метров",
                "mbsf",
            )
        ],
        *[
            (text, "ft")
            for text in ("FT", "f", "'", "ftKB", "ft BRT", "US ft", "ft.md.rkb", "ft bgs")
        ],
        *[("in", "in"), ('"', "in"), ("mm", "mm"), ("CM.", "cm")],
        *[(text, None) for text in ("", None, "m/s", "ms", "m TVD", "md", "km", "deg")],
    ],
)
def test_lengths_have_many_names(text, unit):
    assert length_unit(text) == unit


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("DEGA", "deg"),
        ("°", "deg"),
        ("deg GN", "deg"),
        ("radians", "rad"),
        ("grad", "gon"),
        ("Deg.", "deg"),
        ("m", None),
        (None, None),
    ],
)
def test_angles_have_many_names(text, unit):
    assert angle_unit(text) == unit


@pytest.mark.parametrize(("text", "unit"), [("feet", "ft"), ("m RKB", "m"), ("in", None)])
def test_depths_are_in_metres_or_feet(text, unit):
    assert depth_unit(text) == unit


@pytest.mark.parametrize("pump", PUMPS)
@pytest.mark.parametrize("take", [length_unit, angle_unit, Column.named])
def test_no_text_takes_longer_than_its_length_says(take, pump):
    assert_takes_no_longer_than_its_length_says(take, pump)
