import pytest

from dips.formats.notations import azimuth, dip, plane
from dips.formats.type_names import type_named
from tests.tables.times import PUMPS, assert_takes_no_longer_than_its_length_says


@pytest.mark.parametrize("pump", PUMPS)
@pytest.mark.parametrize(
    "take", [azimuth, dip, type_named, lambda text: plane(text, "attitude", float)]
)
def test_no_text_takes_longer_than_its_length_says(take, pump):
    assert_takes_no_longer_than_its_length_says(take, pump)


@pytest.mark.parametrize("text", ["N٤٥E", "٣٠SE", "N45E/٣٠SE"])
def test_digits_of_other_scripts_are_no_angles(text):
    assert azimuth(text) is None
    assert dip(text) is None
    assert plane(text, "attitude", float) is None
