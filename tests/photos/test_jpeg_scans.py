"""Counting the scans of a JPEG."""

import contextlib
import io
import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from photos.errors import NotAPhoto
from photos.examine import examine
from photos.jpeg_scans import MAX_SCANS, coefficient_bytes
from tests.photos.pictures import picture

PROGRESSIVE = picture(size=(640, 480), progressive=True)


def with_scans(count: int, data: bytes = PROGRESSIVE) -> bytes:
    """``data`` with its last scan repeated until there are ``count``."""
    starts = [found.start() for found in re.finditer(rb"\xff\xda", data)]
    last = data[starts[-1] : -2]
    return data[:-2] + last * (count - len(starts)) + data[-2:]


def test_a_jpeg_of_one_scan_keeps_no_coefficients():
    assert coefficient_bytes(io.BytesIO(picture())) == 0


@pytest.mark.parametrize(("subsampling", "samples"), [(0, 3), (1, 2), (2, 1.5)])
def test_a_progressive_jpeg_keeps_two_bytes_for_each_sample(subsampling, samples):
    data = picture(size=(640, 480), progressive=True, subsampling=subsampling)
    assert coefficient_bytes(io.BytesIO(data)) == pytest.approx(640 * 480 * samples * 2, rel=0.08)


def test_a_jpeg_of_300_scans_is_refused_at_once():
    assert coefficient_bytes(io.BytesIO(with_scans(MAX_SCANS))) > 0
    since = time.process_time()
    with pytest.raises(NotAPhoto, match=f"more than {MAX_SCANS} scans"):
        examine(io.BytesIO(with_scans(300)), 10**8, 10**8)
    assert time.process_time() - since < 1


def test_a_progressive_jpeg_is_decoded():
    facts, _ = examine(io.BytesIO(PROGRESSIVE), 10**8, 10**8)
    assert (facts.format, facts.width) == ("JPEG", 640)


def test_millions_of_empty_segments_are_not_all_looked_at():
    comments = picture()[:2] + b"\xff\xfe\0\2" * 1_000_000 + picture()[2:]
    since = time.process_time()
    with pytest.raises(NotAPhoto, match="segments"):
        coefficient_bytes(io.BytesIO(comments))
    assert time.process_time() - since < 1


@given(st.binary(max_size=300))
def test_any_bytes_behind_the_start_come_to_an_end(noise):
    with contextlib.suppress(NotAPhoto):
        assert coefficient_bytes(io.BytesIO(b"\xff\xd8" + noise)) >= 0


def test_a_jpeg_without_its_end_is_cut_off():
    with pytest.raises(NotAPhoto, match="cut off"):
        coefficient_bytes(io.BytesIO(picture()[:-2]))


@pytest.mark.parametrize("length", [0, 1, 2, 10])
def test_a_frame_header_that_is_too_short_is_refused_and_nothing_behind_it_is_read(
    length, tmp_path
):
    path = tmp_path / "core.jpg"
    path.write_bytes(PROGRESSIVE[:-2] + b"\xff\xc2\0" + bytes([length]) + b"\xff\xd9")
    with path.open("rb") as file, pytest.raises(NotAPhoto, match=f"header has {length} bytes"):
        coefficient_bytes(file)


def test_bytes_between_segments_of_which_libjpeg_warns_are_taken():
    data = picture()
    facts, _ = examine(io.BytesIO(data[:-2] + bytes(9) + data[-2:]), 10**8, 10**8)
    assert facts.format == "JPEG"


def test_a_marker_across_two_blocks_is_found():
    # The comment ends where the first block does, so that coded data follows in the next.
    for length in range(65_500, 65_536):
        comment = b"\xff\xfe" + length.to_bytes(2, "big") + b"\0" * (length - 2)
        data = PROGRESSIVE[:2] + comment + PROGRESSIVE[2:]
        assert coefficient_bytes(io.BytesIO(data)) == coefficient_bytes(io.BytesIO(PROGRESSIVE))
