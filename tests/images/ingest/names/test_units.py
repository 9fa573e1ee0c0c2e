import pytest

from images.ingest.names.units import unit_of


@pytest.mark.parametrize("unit", ["", "-", "none", "No Unit", "UNITLESS", "NaN", "[]", "_", "n/a"])
def test_words_for_no_unit_are_no_unit(unit):
    assert unit_of(unit) == ""


@pytest.mark.parametrize(("unit", "told"), [("[dB]", "dB"), ("(ohm.m)", "ohm.m"), (" 'm' ", "m")])
def test_brackets_and_quotes_are_no_part_of_a_unit(unit, told):
    assert unit_of(unit) == told
