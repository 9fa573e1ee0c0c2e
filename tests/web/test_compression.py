import gzip

import pytest
from hypothesis import given
from hypothesis import strategies as st

from web.compression import gzipped, wanted


@given(st.lists(st.binary(max_size=500), max_size=5))
def test_the_pieces_are_one_gzip_stream(pieces):
    assert gzip.decompress(b"".join(gzipped(pieces))) == b"".join(pieces)


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("gzip", True),
        ("gzip, deflate, br", True),
        ("br, GZIP;q=0.5", True),
        ("*", True),
        ("", False),
        ("identity", False),
        ("gzip;q=0", False),
        ("gzip; q=0.0", False),
        ("*;q=0", False),
    ],
)
def test_gzip_is_for_those_who_accept_it(header, expected):
    assert wanted(header) == expected
