import time

import pytest

from images.errors import MAX_FAULTS, InvalidCsv
from images.ingest.contract.header import PIXELS, parse_header
from tests.csvs import COLUMNS, HEADER


def header_faults(header: bytes):
    with pytest.raises(InvalidCsv) as caught:
        parse_header(header)
    return [(f.line, f.column, f.reason) for f in caught.value.faults], caught.value.total


def test_a_header_may_have_a_byte_order_mark_quotes_spaces_and_any_order():
    names = ", ".join(f'"{name}"' if name == "col7" else name for name in reversed(COLUMNS))
    assert parse_header(b"\xef\xbb\xbf" + names.encode() + b"\r\n") == tuple(reversed(COLUMNS))


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        (b"\n", (1, None, "the header is empty; it must be depth,col1,…,col200")),
        (HEADER.replace("depth,", "").encode(), (1, "depth", "missing column")),
        (HEADER.replace(",col7,", ",").encode(), (1, "col7", "missing column")),
        (HEADER.replace("col7,", "col7,col7,").encode(), (1, "col7", "repeated column")),
        (
            f"{HEADER},GAMMA".encode(),
            (1, "GAMMA", "unknown column; allowed: depth, col1 to col200"),
        ),
        (
            HEADER.replace("depth", "DEPTH").encode(),
            (1, "DEPTH", "unknown column; did you mean depth?"),
        ),
        (
            HEADER.replace(",", ";").encode(),
            (1, None, "the fields are separated by semicolons; separate them with commas"),
        ),
        (b"\x89PNG\r\n", (1, None, "not UTF-8: byte 0x89 at position 1 of the line")),
        (
            HEADER.encode() + b"\r1,2,3\r",
            (1, None, "lines end with CR alone; end them with LF or CRLF"),
        ),
        (b'depth,"col1', (1, None, "the header is not CSV: unexpected end of data")),
    ],
)
def test_a_bad_header_is_explained(header, expected):
    assert header_faults(header)[0][0] == expected


def test_a_header_of_something_else_names_what_is_missing_and_counts_it():
    found, total = header_faults(b"PK\x03\x04\x00\x00")
    assert len(found) == MAX_FAULTS
    assert total == 1 + len(COLUMNS)


def test_the_columns_are_a_depth_and_two_hundred_pixels():
    assert HEADER.startswith("depth,col1,col2,")
    assert len(PIXELS) == 200


def test_a_header_of_very_many_unknown_names_takes_little_time():
    header = ",".join(f"column{i}" for i in range(50_000)).encode()
    since = time.thread_time()
    header_faults(header)
    header_faults(b"depth," + b"c" * 400_000)
    assert time.thread_time() - since < 2
