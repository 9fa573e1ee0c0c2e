"""Planes and sinusoids: laws over random holes, and a second way to compute the same."""

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from dips.planes import geometry
from dips.planes.geometry import Reference

ANGLES = st.floats(0, 360, exclude_max=True)
DIPS = st.floats(0.01, 89.99)
INCLINATIONS = st.floats(0, 180)
REFERENCES = st.sampled_from(Reference)


def rotation(axis, degrees):
    """The matrix that turns by so many degrees about an axis, right-handed."""
    x, y, z = axis
    c, s = np.cos(np.radians(degrees)), np.sin(np.radians(degrees))
    return np.array(
        [
            [c + x * x * (1 - c), x * y * (1 - c) - z * s, x * z * (1 - c) + y * s],
            [y * x * (1 - c) + z * s, c + y * y * (1 - c), y * z * (1 - c) - x * s],
            [z * x * (1 - c) - y * s, z * y * (1 - c) + x * s, c + z * z * (1 - c)],
        ]
    )


def dip_by_matrices(reference, inclination, azimuth, dip, towards):
    """A plane is drawn in a vertical hole, then hole and plane are tilted together."""
    east, up = np.array([1.0, 0, 0]), np.array([0, 0, 1.0])
    normal = rotation(up, -towards) @ rotation(east, -dip) @ up
    # The hole leans to the north about the line to the east, then all is turned to its azimuth.
    lean = rotation(east, inclination)
    if reference is Reference.NORTH:
        # Whatever is drawn is first turned back, so that the azimuth turns it where it was.
        lean = lean @ rotation(up, azimuth)
    normal = rotation(up, -azimuth) @ lean @ normal
    normal *= -1 if normal[2] < 0 else 1
    angle = np.degrees(np.arctan2(np.hypot(normal[0], normal[1]), normal[2]))
    return angle, np.degrees(np.arctan2(normal[0], normal[1])) % 360


def turn(one, other):
    return abs((one - other + 180) % 360 - 180)


def same_plane(one, other):
    return np.linalg.norm(np.cross(one, other)) < 1e-9


def true(reference, inclination, hole_azimuth, dip, azimuth):
    hole = geometry.frame(reference, inclination, hole_azimuth)
    dips, azimuths = geometry.true_dip(hole, dip, azimuth)
    return float(dips[0]), float(azimuths[0])


@given(REFERENCES, INCLINATIONS, ANGLES, st.floats(0, 90), ANGLES)
def test_rotation_matrices_give_the_same_true_dip(reference, inclination, hole, dip, azimuth):
    expected_dip, expected_azimuth = dip_by_matrices(reference, inclination, hole, dip, azimuth)
    found_dip, found_azimuth = true(reference, inclination, hole, dip, azimuth)
    assert found_dip == pytest.approx(expected_dip, abs=1e-9)
    # Where the plane is horizontal or upright rounding decides which way it dips.
    assume(1e-4 < expected_dip < 90 - 1e-9)
    assert turn(found_azimuth, expected_azimuth) < 1e-8


@given(REFERENCES, INCLINATIONS, ANGLES, DIPS, ANGLES)
def test_apparent_dips_of_a_true_dip_give_it_again(reference, inclination, hole, dip, azimuth):
    frame = geometry.frame(reference, inclination, hole)
    apparent, towards = geometry.seen_in(frame, dip, azimuth)
    assert 0 <= apparent[0] <= 90
    assume(apparent[0] > 1e-4)
    dips, azimuths = geometry.true_dip(frame, apparent, towards)
    assert dips[0] == pytest.approx(dip, abs=1e-9)
    assert turn(azimuths[0], azimuth) < 1e-6


@given(DIPS, ANGLES, ANGLES)
def test_in_a_vertical_hole_oriented_to_north_true_dips_are_the_apparent_ones(dip, azimuth, hole):
    found = true(Reference.NORTH, 0, hole, dip, azimuth)
    assert found[0] == pytest.approx(dip, abs=1e-9)
    assert turn(found[1], azimuth) < 1e-9


@given(DIPS, ANGLES, ANGLES)
def test_the_north_reference_is_continuous_where_the_hole_becomes_vertical(dip, azimuth, hole):
    vertical = geometry.pole(*true(Reference.NORTH, 0, 0, dip, azimuth))
    tilted = geometry.pole(*true(Reference.NORTH, 1e-7, hole, dip, azimuth))
    assume(dip < 89)
    assert np.abs(vertical - tilted).max() < 1e-8


@given(INCLINATIONS, ANGLES, DIPS, ANGLES)
def test_azimuths_from_north_are_those_from_the_high_side_and_the_azimuth_of_the_hole(
    inclination, hole, dip, azimuth
):
    north = true(Reference.NORTH, inclination, hole, dip, azimuth)
    high = true(Reference.TOP_OF_HOLE, inclination, hole, dip, azimuth - hole)
    assert same_plane(geometry.pole(*north), geometry.pole(*high))


@pytest.mark.parametrize(
    ("inclination", "hole", "dip", "azimuth", "expected"),
    [
        (30, 90, 0, 0, (30, 270)),  # across a hole that goes down to the east
        (90, 0, 90, 0, (0, None)),  # a flat bed along a horizontal hole
        (90, 0, 90, 90, (90, 90)),  # an upright one along it
        (90, 0, 0, 0, (90, None)),  # across it
        (45, 180, 45, 0, (0, None)),  # a flat bed is met last by the high side
        (45, 180, 45, 180, (90, 180)),
        (135, 0, 0, 0, (45, 0)),  # a hole that climbs to the north
    ],
)
def test_dips_of_0_and_90_and_inclinations_beyond_90(inclination, hole, dip, azimuth, expected):
    found = true(Reference.TOP_OF_HOLE, inclination, hole, dip, azimuth)
    assert found[0] == pytest.approx(expected[0], abs=1e-9)
    if expected[0] == 0:
        assert np.isnan(found[1])
    elif expected[1] is not None:
        # An upright plane dips both ways.
        assert turn(2 * found[1], 2 * expected[1]) < 1e-6


@given(st.floats(1e-3, 100), st.floats(0.01, 10), ANGLES)
def test_height_and_dip_are_one_another_by_the_diameter(height, diameter, azimuth):
    dip = geometry.apparent_dip(height, diameter)
    assert geometry.height_of(dip, diameter) == pytest.approx(height, rel=1e-9)
    again, towards = geometry.height_and_azimuth(
        height / 2 * np.cos(np.radians(azimuth)), height / 2 * np.sin(np.radians(azimuth))
    )
    assert again == pytest.approx(height)
    assert turn(towards, azimuth) < 1e-9


def test_a_plane_along_the_hole_has_no_height():
    assert geometry.apparent_dip(np.inf, 0.2) == 90
    assert geometry.height_of(90, 0.2) == np.inf


@given(st.floats(-10, 9000), st.floats(0, 50), ANGLES, ANGLES)
def test_the_trace_is_deepest_at_its_azimuth(depth, height, azimuth, elsewhere):
    deepest, there = geometry.trace(depth, height, azimuth, [azimuth, elsewhere])
    assert deepest == pytest.approx(depth + height / 2)
    assert there <= deepest


@given(DIPS, ANGLES, st.floats(0, 89), ANGLES)
def test_structural_dip_is_removed_and_put_back(dip, azimuth, structural, towards):
    removed = geometry.without_structural_dip(dip, azimuth, structural, towards)
    back = geometry.without_structural_dip(*removed, -structural, towards)
    assume(removed[0][0] > 1e-3)
    assert same_plane(geometry.pole(dip, azimuth), geometry.pole(*back))


@given(DIPS, ANGLES)
def test_without_itself_a_dip_is_0(dip, azimuth):
    assert geometry.without_structural_dip(dip, azimuth, dip, azimuth)[0] == pytest.approx(
        0, abs=1e-9
    )
