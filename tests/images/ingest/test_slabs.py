import pytest
from hypothesis import given
from hypothesis import strategies as st

from images.ingest import slabs
from images.ingest.slabs import LineTooLong, SlabCutter
from images.ingest.text.lines import MAX_LINE_BYTES


@given(st.binary(max_size=300).map(lambda b: b.replace(b"\x00", b"\n")), st.integers(1, 50))
def test_slabs_are_whole_lines_and_together_the_whole_file(data, step):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(slabs, "SLAB_BYTES", 20)
        cutter = SlabCutter()
        parts = [cutter.feed(data[i : i + step]) for i in range(0, len(data), step)]
    whole = [part for part in parts if part]
    assert all(part.endswith(b"\n") for part in whole)
    assert b"".join(whole) + cutter.rest() == data


def test_a_line_without_end_is_given_up():
    cutter = SlabCutter()
    for _ in range(0, slabs.SLAB_BYTES + MAX_LINE_BYTES, 1 << 20):
        assert cutter.feed(b"7" * (1 << 20)) is None
    with pytest.raises(LineTooLong):
        cutter.feed(b"7")
