import numpy as np
import pytest

from images.ingest.nulls import among, blank


@pytest.mark.parametrize("null", [-999.25, 1e30, float(np.finfo(np.float32).max)])
def test_nulls_become_nan_and_are_counted(null):
    values = np.array([[1, null], [np.nan, null]], np.float32)
    assert among(values, (null, -9999.0)) == {null: 2}
    assert blank(values, (null, -9999.0)) == {null: 2}
    assert np.isnan(values).tolist() == [[False, True], [True, True]]
    assert among(values, (null,)) == {}


def test_values_of_nothing_but_nan_have_no_nulls():
    assert blank(np.full((2, 2), np.nan, np.float32), (-999.25,)) == {}
    assert blank(np.empty((0, 2), np.float32), (-999.25,)) == {}
