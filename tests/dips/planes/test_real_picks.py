"""The picks of an expert, with the dips that were published."""

import csv

import numpy as np
import pytest

from dips.planes import geometry
from dips.planes.geometry import Reference
from tests.test_real_files import real

INCHES_IN_A_FOOT = 12


@pytest.fixture(scope="module")
def picks():
    rows = list(csv.DictReader(real("field/48-19a-c2_dips.csv").decode().splitlines()))
    return {name: np.array([float(row[name]) for row in rows]) for name in rows[0]}


def turn(one, other):
    return np.abs((one - other + 180) % 360 - 180)


def test_apparent_and_true_dips_are_those_published(picks):
    dips = geometry.apparent_dip(picks["height_ft"] * INCHES_IN_A_FOOT, picks["caliper_in"])
    assert np.abs(dips - picks["apparent_dip_deg"]).max() < 0.001
    true, azimuth = geometry.true_dip(hole(picks), dips, picks["azimuth_toh_deg"])
    assert np.abs(true - picks["true_dip_deg"]).max() < 0.001
    assert turn(azimuth, picks["true_azimuth_deg"]).max() < 0.002


def test_azimuths_counterclockwise_would_be_found(picks):
    dips = picks["apparent_dip_deg"]
    _, azimuth = geometry.true_dip(hole(picks), dips, -picks["azimuth_toh_deg"])
    assert np.median(turn(azimuth, picks["true_azimuth_deg"])) > 90


def hole(picks):
    axes = picks["hole_deviation_deg"], picks["hole_azimuth_deg"]
    return geometry.frame(Reference.TOP_OF_HOLE, *axes)
