import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from images.ingest.names.places import axis_place, bare_axis_place, turn_of


@given(st.integers(3, 400), st.floats(-180, 180), st.booleans(), st.integers(1, 4))
def test_even_places_around_the_wall_are_a_turn_from_anywhere_in_both_senses(
    count, start, clockwise, decimals
):
    sense = 1 if clockwise else -1
    places = [round((start + sense * i * 360 / count) % 360, decimals) for i in range(count)]
    found = turn_of(places, "")
    assert found is not None
    assert found.clockwise is clockwise
    assert abs(found.first_azimuth - places[0] % 360) < 1e-6


@pytest.mark.parametrize(
    "places",
    [
        range(200),
        range(1, 9),
        [0, 2.5, 5, 7.5],
        [10, 20, 30, 60, 90, 120],
        [0, 90, 90, 270],
        [0, 45, 90, 135, 180, 200, 270, 315],
    ],
)
def test_numbers_that_do_not_make_one_even_turn_are_no_azimuths(places):
    assert turn_of([float(place) for place in places], "") is None


def test_azimuths_that_were_cut_to_whole_degrees_are_still_a_turn():
    assert turn_of([float(int(i * 1.8)) for i in range(200)], "°") == (0.0, True)


def test_radians_are_angles_and_other_units_are_not():
    places = [i * 0.7853981 for i in range(8)]
    assert turn_of(places, "rad") == (0.0, True)
    assert turn_of([i * 45.0 for i in range(8)], "us") is None


@pytest.mark.parametrize("width", [7, 36, 150, 200, 360])
def test_azimuths_are_numbers_with_all_digits_that_pandas_and_numpy_write(width):
    """3 * 2.4 is 7.199999999999999: the columns of a data frame are often named so."""
    azimuths = (np.arange(width) * (360 / width)).tolist()
    assert [bare_axis_place(repr(azimuth)).value for azimuth in azimuths] == azimuths
    assert [axis_place(f"AMP_{azimuth!r}deg").value for azimuth in azimuths] == azimuths
    assert turn_of(azimuths, "") == (0, True)
