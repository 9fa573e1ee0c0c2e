"""The picks for diagrams and statistics."""

import numpy as np
import pytest

from dips.models import Query
from dips.picks import editing, holes
from dips.picks.selection import select
from dips.picks.shown import shown

SINE = {"depth": 1500.0, "height": 0.4, "reference": "top of hole"}


@pytest.fixture
def picks(well):
    hole = holes.hole(well.name)
    for number in range(6):
        editing.add(hole, {**SINE, "azimuth": 60.0 * number, "depth": 1500.0 + number}, "anna")
    return Query(well=well.name)


def picks_shown(query):
    return shown([*query.each()], holes.hole(query.well))


def test_terzaghi_weights_are_those_of_the_planes_that_the_hole_met(picks):
    met, restored = select(picks), select(picks, (30.0, 140.0))
    assert not np.allclose(met.dip, restored.dip)
    # One over the cosine of the apparent dip, which is the angle between pole and hole.
    expected = 1 / np.cos(np.radians([pick["apparent_dip"] for pick in picks_shown(picks)]))
    np.testing.assert_allclose(met.terzaghi, expected)
    np.testing.assert_allclose(restored.terzaghi, expected)


def test_some_of_the_picks_keep_all_that_is_known_of_them(picks):
    whole = select(picks)
    some = whole.only(whole.depth > 1503)
    assert some.depth.tolist() == [1504, 1505]
    assert some.dip.tolist() == whole.dip[4:].tolist()
    assert some.azimuth.tolist() == whole.azimuth[4:].tolist()
    assert some.types.tolist() == ["other"] * 2
    assert some.terzaghi.tolist() == whole.terzaghi[4:].tolist()
    np.testing.assert_allclose(some.trace_length, whole.trace_length[4:])
