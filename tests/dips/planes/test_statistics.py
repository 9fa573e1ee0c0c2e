"""What many planes say together, against mplstereonet."""

import warnings

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dips.planes import geometry, statistics

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # of what matplotlib is about to drop
    import mplstereonet

ANGLES = st.floats(0, 359.9)


def scattered(count, dip=30.0, azimuth=140.0, seed=3):
    """Planes around one that dips gently."""
    random = np.random.default_rng(seed)
    normals = geometry.pole(dip, azimuth) + random.normal(0, 0.15, (count, 3))
    return geometry.plane_of(normals / np.linalg.norm(normals, axis=1)[:, None])


def test_the_mean_pole_and_fishers_concentration_are_those_of_mplstereonet():
    dips, azimuths = scattered(60)
    mean = statistics.mean_pole(dips, azimuths)
    vector, (r, angle, kappa) = mplstereonet.find_fisher_stats(
        azimuths - 90, dips, measurement="poles"
    )
    assert mean.resultant == pytest.approx(r, rel=1e-9)
    assert mean.concentration == pytest.approx(kappa, rel=1e-9)
    assert mean.confidence == pytest.approx(angle, rel=1e-6)
    assert mean.dip == pytest.approx(90 - vector[0])
    assert mean.azimuth == pytest.approx((vector[1] + 180) % 360)


def test_steep_planes_that_dip_both_ways_do_not_cancel_each_other_out():
    mean = statistics.mean_pole(np.array([85.0, 85.0]), np.array([90.0, 270.0]))
    assert mean.dip == pytest.approx(90)
    assert mean.resultant > 0.99


def test_one_plane_has_a_mean_and_no_concentration():
    mean = statistics.mean_pole(np.array([12.0]), np.array([34.0]))
    assert (mean.dip, mean.azimuth) == (pytest.approx(12), pytest.approx(34))
    assert (mean.concentration, mean.confidence) == (None, None)


@pytest.mark.parametrize("weighted", [False, True])
def test_densities_are_those_of_mplstereonet(weighted):
    dips, azimuths = scattered(40)
    weights = np.random.default_rng(1).uniform(1, 5, 40) if weighted else None
    lon, lat, expected = mplstereonet.density_grid(
        azimuths - 90, dips, measurement="poles", weights=weights, gridsize=(9, 9)
    )
    x, y, z = mplstereonet.stereonet_math.sph2cart(lon.ravel(), lat.ravel())
    # Theirs look down along x, with y to the east and z to the north.
    stations = np.column_stack([y, z, -x])
    found = statistics.kamb(geometry.pole(dips, azimuths), stations, weights)
    np.testing.assert_allclose(found, expected.ravel(), atol=1e-9)


def test_densities_of_many_poles_are_those_of_each_pole_at_each_place():
    random = np.random.default_rng(1)
    poles, stations = (
        geometry.pole(random.uniform(0, 90, count), random.uniform(0, 360, count))
        for count in (10_000, 300)
    )
    weights = random.uniform(1, 5, len(poles))
    found = statistics.kamb(poles, stations, weights)
    sharpness = 2 * (1 + len(poles) / 9)
    totals = [np.exp(sharpness * (np.abs(poles @ s) - 1)) @ weights for s in stations]
    expected = np.array(totals) / weights.mean() - 0.5
    unit = np.sqrt(len(poles) * (sharpness / 2 - 1) / sharpness**2)
    np.testing.assert_allclose(found, np.maximum(expected / unit, 0), atol=1e-9)


@given(st.floats(0, 90), ANGLES)
def test_the_net_is_that_of_mplstereonet(dip, azimuth):
    x, y = statistics.equal_area(geometry.pole(dip, azimuth))
    lon, lat = mplstereonet.pole(azimuth - 90, dip)
    toward, right, up = mplstereonet.stereonet_math.sph2cart(lon, lat)
    scale = 1 / np.sqrt(1 + toward[0])
    assert (x[0], y[0]) == pytest.approx((right[0] * scale, up[0] * scale), abs=1e-7)
    assert np.hypot(x[0], y[0]) <= 1 + 1e-12


@given(st.floats(-1, 1), st.floats(-1, 1))
def test_the_planes_at_a_place_of_the_net_have_their_poles_there(x, y):
    dip, azimuth = statistics.planes_at(np.array([x]), np.array([y]))
    shown = statistics.equal_area(-geometry.pole(dip, azimuth))
    beyond = max(np.hypot(x, y), 1.0)
    assert np.ravel(shown) == pytest.approx([x / beyond, y / beyond], abs=1e-9)


def test_terzaghi_counts_planes_across_the_hole_once_and_those_along_it_ten_times():
    weights = statistics.terzaghi(
        np.array([0.0, 60.0, 90.0]), np.array([0.0, 10.0, 50.0]), np.zeros(3), np.zeros(3)
    )
    assert weights == pytest.approx([1, 2, 10])


def test_spacing_and_p10():
    found = statistics.spacing(np.array([5.0, 1.0, 2.0]), 10.0)
    assert found == (pytest.approx(2), pytest.approx(2), pytest.approx(0.3))
    corrected = statistics.spacing(np.array([5.0, 1.0, 2.0]), 10.0, np.array([2.0, 2.0, 2.0]))
    assert (corrected.mean, corrected.p10) == (pytest.approx(10 / 6), pytest.approx(0.6))


@given(st.floats(0, 85), st.floats(0.05, 1))
def test_the_trace_of_a_plane_is_an_ellipse(dip, diameter):
    length = statistics.trace_length(np.array([dip]), diameter)[0]
    long = diameter / np.cos(np.radians(dip))
    angle = np.linspace(0, 2 * np.pi, 20_001)
    points = np.column_stack([np.cos(angle) * long / 2, np.sin(angle) * diameter / 2])
    walked = np.linalg.norm(np.diff(points, axis=0), axis=1).sum()
    assert length == pytest.approx(walked, rel=1e-6)
