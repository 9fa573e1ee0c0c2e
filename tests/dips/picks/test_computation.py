"""Picks to dips, as in the field: against a computation of its own, and case by case."""

from datetime import UTC, datetime

import numpy as np
import pytest
from bson import ObjectId
from hypothesis import assume, given
from hypothesis import strategies as st

from dips.picks.computation import planes
from dips.terms import Basis
from tests.dips import reference
from wells.hole import Hole

ANGLES = st.floats(0, 360, exclude_max=True)
REFERENCES = st.sampled_from(["north", "top of hole"])
UNITS = {"m": 1.0, "ft": reference.FEET_IN_A_METRE}
KNOWN = {"log": None, "diameter": None, "diameter_unit": None, "points": None}


def hole(inclination=0.0, azimuth=0.0, **facts):
    """A straight hole of 8.5 inches in metres, to which facts are added."""
    survey = {"depth": [0, 5000], "inclination": [inclination] * 2, "azimuth": [azimuth] * 2}
    well = {"_id": ObjectId(), "name": "A", "generation": 0, "changed_at": datetime.now(UTC)}
    known = {"depth_unit": "m", "bit_size": 8.5, "bit_size_unit": "in", "survey": survey}
    return Hole.of({**well, **known, **facts})


def sinusoid(height, azimuth, of="north", **fields):
    pick = {"basis": Basis.SINUSOID, "depth": 1000.0, "height": height, "azimuth": azimuth}
    return {**KNOWN, **pick, "plane_dip": None, "plane_azimuth": None, "reference": of, **fields}


def plane(dip, azimuth, of="north"):
    true = {"basis": Basis.PLANE, "plane_dip": dip, "plane_azimuth": azimuth}
    return {**sinusoid(None, None, of), **true}


def dip_of(pick, in_hole):
    found = planes([pick], in_hole)
    return float(found.true_dip[0]), float(found.true_azimuth[0])


def turn(one, other):
    return abs((one - other + 180) % 360 - 180)


@given(
    REFERENCES,
    st.floats(2, 178),
    ANGLES,
    st.floats(0.001, 5),
    ANGLES,
    st.floats(-30, 30),
    st.floats(-5, 5),
    st.sampled_from(["m", "ft"]),
    st.sampled_from([(8.5, "in"), (0.2159, "m"), (215.9, "mm")]),
)
def test_true_dips_are_those_of_a_plane_through_points_in_space(
    of, inclination, hole_azimuth, height, azimuth, declination, convergence, unit, diameter
):
    size, size_unit = diameter
    well = {
        "depth_unit": unit,
        "bit_size": size,
        "bit_size_unit": size_unit,
        "declination": declination,
        "grid_convergence": convergence,
    }
    in_hole = hole(inclination, hole_azimuth, **well)
    dip, towards = dip_of(sinusoid(height * UNITS[unit], azimuth, of), in_hole)
    expected = reference.true_dip(height, azimuth, 0.2159, inclination, hole_azimuth, of)
    assert dip == pytest.approx(expected[0], abs=1e-5)
    assume(0.01 < expected[0] < 89.99)
    # What is measured from the north, hole and wall alike, is from the magnetic one.
    assert turn(towards, expected[1] + declination - convergence) < 1e-4


@given(REFERENCES, st.floats(2, 88), ANGLES, st.floats(0.1, 89), ANGLES, ANGLES)
def test_a_turn_of_hole_and_plane_together_turns_the_dip_azimuth_by_as_much(
    of, inclination, hole_azimuth, dip, azimuth, by
):
    found = planes([plane(dip, azimuth, of)], hole(inclination, hole_azimuth))
    seen = planes([plane(dip, (azimuth + by) % 360, of)], hole(inclination, hole_azimuth + by))
    assert seen.apparent_dip[0] == pytest.approx(found.apparent_dip[0], abs=1e-6)
    assume(found.apparent_dip[0] > 0.1)
    expected = found.apparent_azimuth[0] + (by if of == "north" else 0)
    assert turn(seen.apparent_azimuth[0], expected) < 1e-5


@pytest.mark.parametrize(
    ("pick", "in_hole", "expected"),
    [
        # In a vertical hole of a metre: a sinusoid as high as wide is 45 degrees.
        (sinusoid(1.0, 135), {"bit_size": 1, "bit_size_unit": "m"}, (45, 135)),
        # Depths in feet, the bit in inches.
        (sinusoid(0.5, 350), {"depth_unit": "ft", "bit_size": 6}, (45, 350)),
        # A hole of 30 degrees to the east: a plane across it dips to where the hole comes from.
        (sinusoid(0.0, 0), {"inclination": 30, "azimuth": 90}, (30, 270)),
        # A declination turns what the compass of the tool measured, once.
        (sinusoid(0.2159, 358), {"declination": 5.0}, (45, 3)),
        (sinusoid(0.2159, 3), {"declination": 5.0, "grid_convergence": 10.0}, (45, 358)),
        # A flat bed along a horizontal hole has its crest at the top, and no azimuth of its own.
        (plane(0.0, None, "top of hole"), {"inclination": 90, "azimuth": 10}, (0, None)),
        # Upright planes.
        (plane(90.0, 360.0), {"inclination": 45, "azimuth": 10}, (90, 360)),
        # A hole that is drilled upwards.
        (sinusoid(0.0, 0, "top of hole"), {"inclination": 150, "azimuth": 0}, (30, 0)),
    ],
)
def test_dips_that_a_geologist_knows_by_heart(pick, in_hole, expected):
    dip, azimuth = dip_of(pick, hole(**in_hole))
    assert dip == pytest.approx(expected[0], abs=1e-9)
    if expected[1] is None:
        assert np.isnan(azimuth)
    else:
        assert turn(azimuth, expected[1]) < 1e-9


def test_an_azimuth_that_rounds_to_360_is_0():
    _, azimuth = dip_of(sinusoid(0.2159, 355.0), hole(declination=5.0 - 1e-15))
    assert 0 <= azimuth < 360
    assert hole(10, 359.0, declination=1.0 - 1e-17).at([1000])[1] == [0]


@pytest.mark.parametrize("inclination", [0.0, 1.4])
def test_in_a_nearly_vertical_hole_the_top_of_the_hole_is_no_reference_and_the_north_is(
    inclination,
):
    found = planes([sinusoid(0.2, 30, "top of hole"), sinusoid(0.2, 30)], hole(inclination, 50))
    assert np.isnan(found.true_dip).tolist() == [True, False]
    assert "azimuths from the top of hole are not defined" in found.reasons[0][0]
    assert found.reasons[1] == []


@pytest.mark.parametrize("inclination", [178.7, 180.0])
def test_in_a_hole_that_goes_straight_up_neither_reference_is_defined(inclination):
    # The azimuth of such a hole has no meaning, and true azimuths would depend on it.
    found = planes([sinusoid(0.2, 30, "top of hole"), sinusoid(0.2, 30)], hole(inclination, 50))
    assert np.isnan(found.true_dip).all()
    for reasons, of in zip(found.reasons, ("top of hole", "north"), strict=True):
        assert f"azimuths from the {of} are not defined" in reasons[0]


@pytest.mark.parametrize(
    ("pick", "well", "reason"),
    [
        (sinusoid(0.2, 30), {"survey": None}, "the well has no survey"),
        (sinusoid(0.2, 30, None), {}, "neither the pick nor its log says"),
        (sinusoid(0.2, 30), {"bit_size": None}, "no diameter is known"),
        (sinusoid(0.2, 30), {"depth_unit": None}, "the unit of depth of the well is not known"),
    ],
)
def test_what_a_true_dip_lacks_is_told(pick, well, reason):
    found = planes([pick], hole(**well))
    assert np.isnan(found.true_dip[0])
    assert reason in "; ".join(found.reasons[0])


def test_a_counterclockwise_azimuth_would_be_found():
    in_hole = hole(60, 40)
    one, other = (dip_of(sinusoid(0.2, azimuth, "top of hole"), in_hole) for azimuth in (70, -70))
    assert turn(one[1], other[1]) > 50
