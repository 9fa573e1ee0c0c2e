"""Minimum curvature: laws, wellpathpy, and a real survey."""

import csv

import numpy as np
import pytest
import wellpathpy
from hypothesis import given
from hypothesis import strategies as st

from tests.test_real_files import real
from wells import survey

STEPS = st.lists(
    st.tuples(st.floats(1, 200), st.floats(0, 179.9), st.floats(0, 359.9)), min_size=2, max_size=12
)


def stations(steps):
    depths, inclinations, azimuths = np.array(steps).T
    return survey.survey(np.cumsum(depths), inclinations, azimuths)


def assert_as_wellpathpy(found):
    tvd, north, east, _ = wellpathpy.mincurve.minimum_curvature(*found)
    path = survey.path(found)
    for ours, theirs in zip(path, (tvd, north, east), strict=True):
        np.testing.assert_allclose(ours, theirs, rtol=0, atol=1e-6)


def sharpest(found):
    """The largest turn between two stations, degrees."""
    i, a = np.radians(found.inclination), np.radians(found.azimuth)
    way = np.column_stack([np.sin(i) * np.sin(a), np.sin(i) * np.cos(a), np.cos(i)])
    return np.degrees(np.arccos(np.clip(np.sum(way[1:] * way[:-1], axis=1), -1, 1))).max()


@given(STEPS)
def test_positions_are_those_of_wellpathpy(steps):
    found = stations(steps)
    if sharpest(found) < 150:
        assert_as_wellpathpy(found)


@given(STEPS, st.floats(0, 1))
def test_a_station_put_between_two_others_leaves_the_path_as_it_was(steps, share):
    found = stations(steps)
    if sharpest(found) > 150:
        return
    depth = found.depth[0] * (1 - share) + found.depth[1] * share
    if not found.depth[0] + 0.1 < depth < found.depth[1] - 0.1:
        return
    inclination, azimuth = survey.at(found, depth)
    more = survey.survey(
        np.insert(found.depth, 1, depth),
        np.insert(found.inclination, 1, inclination),
        np.insert(found.azimuth, 1, azimuth),
    )
    for before, after in zip(survey.path(found), survey.path(more), strict=True):
        assert after[-1] == pytest.approx(before[-1], abs=1e-6)


@given(STEPS)
def test_at_its_stations_a_survey_says_what_was_measured(steps):
    found = stations(steps)
    inclination, azimuth = survey.at(found, found.depth)
    np.testing.assert_array_equal(inclination, found.inclination)
    np.testing.assert_array_equal(azimuth, found.azimuth % 360)


def test_between_a_vertical_station_and_another_the_azimuth_is_that_of_the_other():
    inclination, azimuth = survey.at(survey.survey([0, 100], [0, 10], [0, 64.3]), [25, 50])
    assert inclination == pytest.approx([2.5, 5])
    assert azimuth == pytest.approx([64.3, 64.3])


def test_across_north_the_azimuth_goes_the_short_way():
    inclination, azimuth = survey.at(survey.survey([0, 100], [90, 90], [350, 10]), 75)
    assert inclination == pytest.approx([90])
    assert azimuth == pytest.approx([5])


def test_beyond_its_ends_the_hole_goes_straight_on():
    inclination, azimuth = survey.at(survey.survey([10, 20], [5, 15], [100, 110]), [-50, 500])
    assert inclination == pytest.approx([5, 15])
    assert azimuth == pytest.approx([100, 110])


def test_a_real_survey_to_89_degrees_is_that_of_wellpathpy():
    rows = list(csv.DictReader(real("field/P11-A-02_survey.csv").decode().splitlines()))
    columns = ([float(row[name]) for row in rows] for name in ("DEPTH", "DEVI", "AZIM"))
    found = survey.survey(*columns)
    assert found.inclination.max() > 89
    assert_as_wellpathpy(found)
    depths = np.union1d(found.depth, np.linspace(found.depth[0], found.depth[-1], 500))
    path = survey.path(survey.survey(depths, *survey.at(found, depths)))
    theirs = wellpathpy.deviation(*found).minimum_curvature().resample(depths)
    for ours, other in zip(path, (theirs.depth, theirs.northing, theirs.easting), strict=True):
        np.testing.assert_allclose(ours, other, rtol=0, atol=1e-6)


def test_the_first_vertical_depth_is_not_minus_zero():
    path = survey.path(survey.survey(np.array([0.0, 10.0]), np.zeros(2), np.zeros(2)))
    assert str(path.vertical.tolist()) == "[0.0, 10.0]"
