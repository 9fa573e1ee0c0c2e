import errno
import os

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from images.store.spool import TraceSpool
from web.errors import NoRoom

WIDTH = 4


def spooled(depths, parts=3):
    """Everything that a spool gives back: depths and, for each trace, where it came in."""
    spool = TraceSpool(WIDTH)
    arrived = np.arange(len(depths) * WIDTH, dtype=np.uint32).astype(np.uint8).reshape(-1, WIDTH)
    for at, part in zip(
        np.array_split(np.arange(len(depths)), parts),
        np.array_split(np.array(depths, float), parts),
        strict=True,
    ):
        spool.append(part, arrived[at])
    ordered = spool.sort()
    pixels = b"".join(spool.chunks(len(depths), 5))
    spool.close()
    return ordered, np.frombuffer(pixels, np.uint8).reshape(-1, WIDTH), arrived


@given(st.lists(st.integers(-20, 20), max_size=60))
def test_traces_come_back_in_ascending_depth_and_equal_depths_as_they_came(depths):
    ordered, pixels, arrived = spooled(depths)
    order = np.argsort(depths, kind="stable") if depths else []
    assert ordered.tolist() == sorted(depths)
    assert pixels.tolist() == arrived[order].tolist()


def test_a_log_run_upwards_is_turned_round():
    _, pixels, arrived = spooled(list(range(100, 0, -1)))
    assert pixels.tolist() == arrived[::-1].tolist()


def test_traces_far_from_each_other_are_gathered_one_by_one():
    depths = [i % 2 * 1000 + i for i in range(400)]
    _, pixels, arrived = spooled(depths)
    assert pixels.tolist() == arrived[np.argsort(depths)].tolist()


@given(st.lists(st.integers(-20, 20), max_size=30))
def test_values_come_back_as_the_float32_that_came_nulls_too(depths):
    spool = TraceSpool(2, np.float32)
    arrived = np.arange(len(depths) * 2, dtype=np.float32).reshape(-1, 2) / 7
    arrived[::3, 1] = np.nan
    spool.append(np.array(depths, float), arrived)
    spool.sort()
    order = np.argsort(depths, kind="stable").astype(int)
    found = np.frombuffer(b"".join(spool.chunks(len(depths), 4)), "<f4").reshape(-1, 2)
    np.testing.assert_array_equal(found, arrived[order])
    spool.close()


def test_a_full_disk_is_said_to_be_one():
    spool = TraceSpool(WIDTH)
    with open("/dev/full", "wb", buffering=0) as full:
        spool._pixels = full
        with pytest.raises(NoRoom):
            spool.append(np.zeros(1), np.zeros((1, WIDTH), np.uint8))
    spool.close()


def test_errors_other_than_of_room_pass_unchanged():
    spool = TraceSpool(WIDTH)
    with open(os.devnull, "rb", buffering=0) as unwritable:
        spool._pixels = unwritable
        with pytest.raises(OSError, match="not open for writing") as caught:
            spool.append(np.zeros(1), np.zeros((1, WIDTH), np.uint8))
    assert caught.value.errno != errno.ENOSPC
    spool.close()
