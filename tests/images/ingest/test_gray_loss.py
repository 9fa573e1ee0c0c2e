from contextlib import closing

import numpy as np
import pytest

from images.ingest.gray_loss import FEWEST_GRAYS, ValuesBeside, values_of


def taken(*slabs):
    """What is kept of slabs of (rows, 200) values."""
    beside = ValuesBeside()
    for pixels in slabs:
        beside.add(np.arange(len(pixels), dtype=float), values_of(pixels, beside.spool is not None))
    return closing(beside)


def decimals(least, most, rows=3):
    return np.linspace(least, most, rows * 200).reshape(rows, 200)


def test_decimals_that_are_few_grays_are_kept_as_values_which_is_told():
    with taken(decimals(1.5, 2.5), decimals(2.5, 3)) as beside:
        assert len(beside.kept.sort()) == 6
        code, detail = beside.warning()
        assert code == "values-kept"
        assert "from 1.5 to 3, would be 2 grays" in detail


@pytest.mark.parametrize(
    "slabs",
    [
        [decimals(0, 254.5)],
        [decimals(1, 2), decimals(1, FEWEST_GRAYS)],
        [np.full((2, 200), 7, np.uint8)],
        [np.full((2, 200), 7.0)],
        [np.empty((0, 200))],
    ],
    ids=["many grays", "many grays later", "whole numbers", "written as decimals", "no rows"],
)
def test_values_that_grays_do_not_destroy_are_not_kept(slabs):
    with taken(*slabs) as beside:
        assert beside.kept is None
        assert beside.warning() is None
