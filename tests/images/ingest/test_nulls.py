import numpy as np
import pytest

from images.ingest.depths import null_depths
from images.ingest.nulls import Nulls, among, blank


@pytest.mark.parametrize("null", [-999.25, 1e30, float(np.finfo(np.float32).max)])
def test_nulls_become_nan_and_are_counted(null):
    values = np.array([[1, null], [np.nan, null]], np.float32)
    assert among(values, (null, -9999.0)) == {null: 2}
    assert blank(values, (null, -9999.0)) == {null: 2}
    assert np.isnan(values).tolist() == [[False, True], [True, True]]
    assert among(values, (null,)) == {}


@pytest.mark.parametrize("huge", [1e30, 1e31, 9.96921e36, 3.4e38, np.finfo(np.float32).max])
@pytest.mark.parametrize("sign", [1, -1])
def test_a_usual_null_of_1e30_stands_for_all_numbers_beyond_it(sign, huge):
    values = np.array([[1, sign * huge, 2e29]], np.float32)
    nulls = Nulls(None, (), ["A"] * 3)
    nulls.blank(values)
    assert np.isnan(values).tolist() == [[False, True, False]]
    [(code, detail)] = nulls.warnings()
    assert code == "nulls-assumed"
    assert detail.startswith(f"{sign * 1e30:g} or beyond (1 time) was taken for a null")
    assert null_depths(np.array([1.0, sign * huge, 2.0])).tolist() == [False, True, False]


def test_huge_numbers_beside_a_declared_null_are_told_and_left():
    values = np.array([[1, -3.4e38]], np.float32)
    nulls = Nulls(None, (-999.25,), ["A", "A"])
    nulls.blank(values)
    assert not np.isnan(values).any()
    [(code, detail)] = nulls.warnings()
    assert (code, "null=-999.25,-1e+30 makes nulls of them" in detail) == ("nulls-suspected", True)
    assert blank(values, (-999.25, -1e30)) == {-1e30: 1}


def test_values_of_nothing_but_nan_have_no_nulls():
    assert blank(np.full((2, 2), np.nan, np.float32), (-999.25,)) == {}
    assert blank(np.empty((0, 2), np.float32), (-999.25,)) == {}
