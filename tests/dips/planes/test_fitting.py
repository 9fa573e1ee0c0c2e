"""Points on the wall to sinusoids: exact, robust, and with an honest covariance."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dips.errors import PointsInsufficient
from dips.planes import fitting, geometry

AZIMUTHS = st.floats(0, 360, exclude_max=True)


@given(st.floats(0, 9000), st.floats(1e-3, 30), AZIMUTHS, AZIMUTHS, st.integers(3, 40))
def test_points_of_a_plane_give_the_plane(depth, height, azimuth, start, count):
    azimuths = start + np.linspace(0, 330, count)
    fit = fitting.fit(geometry.trace(depth, height, azimuth, azimuths), azimuths)
    assert fit.depth == pytest.approx(depth, abs=1e-9)
    assert fit.height == pytest.approx(height, abs=1e-9)
    assert abs((fit.azimuth - azimuth + 180) % 360 - 180) < 1e-6
    assert fit.residual < 1e-9


def test_one_wrong_point_does_not_draw_the_plane_away():
    azimuths = np.arange(0, 360, 30.0)
    depths = geometry.trace(2000, 0.5, 75, azimuths)
    depths[4] += 0.4
    fit = fitting.fit(depths, azimuths)
    assert fit.height == pytest.approx(0.5, abs=1e-6)
    assert fit.azimuth == pytest.approx(75, abs=1e-4)
    assert fit.weights[4] < 1e-6
    assert (np.delete(fit.weights, 4) == 1).all()
    assert fit.residuals[4] == pytest.approx(0.4, abs=1e-6)


def test_a_third_of_a_thousand_points_may_be_wrong():
    azimuths = np.linspace(0, 360, 1000, endpoint=False)
    depths = geometry.trace(2000, 0.5, 75, azimuths) + np.random.default_rng(1).normal(
        0, 1e-3, 1000
    )
    depths[::3] += 1
    fit = fitting.fit(depths, azimuths)
    assert fit.height == pytest.approx(0.5, abs=3e-3)
    assert fit.azimuth == pytest.approx(75, abs=0.5)


@pytest.mark.parametrize("count", [8, 24])
def test_with_noise_fits_are_unbiased_and_the_covariance_covers_the_error(count):
    random = np.random.default_rng(7)
    azimuths = np.linspace(0, 360, count, endpoint=False)
    clean = geometry.trace(1000, 0.8, 200, azimuths)
    truth = np.array([1000, *0.4 * np.array([np.cos(angle := np.radians(200)), np.sin(angle)])])
    errors, distances = [], []
    for _ in range(400):
        fit = fitting.fit(clean + random.normal(0, 0.01, count), azimuths)
        error = np.array([fit.depth, fit.a, fit.b]) - truth
        errors.append(error)
        distances.append(error @ np.linalg.inv(fit.covariance) @ error / 3)
    spread = np.std(errors, axis=0) / np.sqrt(len(errors))
    assert (np.abs(np.mean(errors, axis=0)) < 4 * spread).all()
    # F(3, n - 3) has 95 % below this.
    inside = np.mean(np.array(distances) < {8: 5.409, 24: 3.072}[count])
    assert 0.92 < inside < 0.98


def test_of_three_points_there_is_no_covariance():
    fit = fitting.fit([10.1, 10.4, 10.2], [0, 100, 220])
    assert fit.covariance is None
    assert fit.residual < 1e-12


@pytest.mark.parametrize(
    ("azimuths", "sentence"),
    [
        ([], "a plane needs 3 points; this has 0 points"),
        ([10, 200], "a plane needs 3 points; this has 2 points"),
        ([90, 90, 90], "the 3 points lie on 1 azimuth; a plane needs points on 3"),
        ([0, 360, 90, 90], "the 4 points lie on 2 azimuths; a plane needs points on 3"),
        (
            [355, 0, 10],
            "the points cover 15 degrees of the wall; a plane needs points over 20 degrees or more",
        ),
    ],
)
def test_points_that_do_not_determine_a_plane_are_refused_with_what_is_missing(azimuths, sentence):
    with pytest.raises(PointsInsufficient) as refusal:
        fitting.fit(np.linspace(1, 2, len(azimuths)), azimuths)
    assert str(refusal.value) == sentence


@pytest.mark.parametrize("points", [4, 12, 13, 200])
def test_residuals_that_are_computed_block_by_block_give_the_same_plane(points, monkeypatch):
    azimuths = np.linspace(0, 340, points)
    noise = np.random.default_rng(points).normal(0, 0.02, points)
    depths = geometry.trace(2000, 0.5, 75, azimuths) + noise
    whole = fitting.fit(depths, azimuths)
    monkeypatch.setattr(fitting, "BLOCK", 1)
    parts = fitting.fit(depths, azimuths)
    assert (parts.depth, parts.a, parts.b) == pytest.approx((whole.depth, whole.a, whole.b))
