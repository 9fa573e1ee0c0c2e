import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from images.errors import InvalidFile
from tests.images.ingest.dlis_files import dlis
from tests.images.ingest.files import assert_one_sentence, table


@pytest.fixture(scope="module")
def small():
    return dlis(cube=np.zeros((20, 6)), T2_DIST=np.ones((20, 30)))


def test_a_frame_gives_its_arrays_and_curves(small):
    plan, depths, values = table(small)
    assert [(log.name, log.unit, log.kind, log.width) for log in plan.logs] == [
        ("AMP", "dB", "image", 16),
        ("GR", "dB", "curve", 1),
        ("cube", "dB", "image", 6),
        ("T2_DIST", "dB", "array", 30),
    ]
    assert depths.tolist() == (1000 + np.arange(20) / 10).tolist()
    assert plan.depth_unit == "m"
    assert values[1, :17].tolist() == [*range(16, 32), 1.5]


@pytest.mark.parametrize("length", [90, 300, 900])
def test_a_dlis_that_is_cut_off_is_refused(small, length):
    with pytest.raises(InvalidFile, match="the DLIS"):
        table(small[:length])


@given(st.data())
@settings(max_examples=5)
def test_a_damaged_dlis_is_read_or_refused_with_a_sentence(small, data):
    changed = bytearray(small)
    for _ in range(data.draw(st.integers(1, 8))):
        changed[data.draw(st.integers(80, len(changed) - 1))] = data.draw(st.integers(0, 255))
    try:
        table(bytes(changed))
    except InvalidFile as error:
        assert_one_sentence(error)
