import numpy as np
import pytest

from images.errors import InvalidFile
from images.ingest.depths import Depth, null_depths
from images.ingest.layout.plan import Options
from images.ingest.table import USUAL_NULLS


@pytest.mark.parametrize(
    ("top", "step", "reason"),
    [(1e308, 1e308, "larger than a number"), (1.0, 1e-320, "is lost"), (1e17, 1.0, "is lost")],
)
def test_a_top_and_a_step_that_make_no_depths_are_refused(top, step, reason):
    with pytest.raises(InvalidFile, match=reason):
        Depth(Options(top=top, step=step), ()).of(None, np.zeros((3, 1), np.float32))


@pytest.mark.parametrize(("largest", "factor"), [(1e308, 3.28), (np.inf, 1.0)])
def test_a_depth_that_is_infinite_in_the_file_or_in_another_unit_is_refused(largest, factor):
    with pytest.raises(InvalidFile, match="larger than a number"):
        Depth(Options(), (-999.25,), factor).of(
            np.array([0, largest]), np.zeros((2, 1), np.float32)
        )


@pytest.mark.parametrize(
    ("depths", "nulls", "expected"),
    [
        ([-0.1, 0, 0.1], (0.0,), []),
        ([0, 0.1, 0.2], (0.0,), []),
        ([0.1, 0.2, 0], (0.0,), [2]),
        ([5, 0, 0, 6, 7, np.nan], (0.0,), [1, 2, 5]),
        ([-999.75, -999.5, -999.25, -999.0, -998.75], (), []),
        ([-2000, -999.25, -1999, -1998], (-999.25,), [1]),
        ([100, -999.25, 101], (), [1]),
        ([-999.25], (), [0]),
    ],
)
def test_a_depth_that_is_declared_a_null_is_none_where_it_is_a_step_from_the_next(
    depths, nulls, expected
):
    nulls = nulls or USUAL_NULLS
    assert np.flatnonzero(null_depths(np.array(depths, float), nulls)).tolist() == expected


def test_a_null_that_is_asked_for_is_one_of_depths_as_well():
    depths = Depth(Options(null=(-99.99,)), (-999.25,))
    kept, _ = depths.of(np.array([1.0, -99.99, -999.25, 2.0]), np.zeros((4, 1), np.float32))
    assert (kept.tolist(), depths.skipped) == ([1.0, 2.0], 2)
