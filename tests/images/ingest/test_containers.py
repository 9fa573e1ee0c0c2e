import gzip
import io
import struct
import zipfile
from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from images.errors import InvalidFile
from tests.images.ingest.files import assert_one_sentence, unpacked

TEXT = b"depth,a\n1,2\n" * 100
# Without the time: the ids of tests are made of what they pack.
compressed = partial(gzip.compress, mtime=0)


def zipped(*names, data=TEXT):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in names:
            archive.writestr(zipfile.ZipInfo(name), data, zipfile.ZIP_DEFLATED)
    return buffer.getvalue()


def refusal(data, limit=1 << 20):
    with pytest.raises(InvalidFile) as caught:
        unpacked(data, limit)
    return str(caught.value)


@pytest.mark.parametrize(
    "packed",
    [
        TEXT,
        compressed(TEXT),
        compressed(TEXT[:600]) + compressed(TEXT[600:]),
        compressed(TEXT) + bytes(512),
        zipped("log.csv"),
        zipped("folder/log.csv", "__MACOSX/folder/._log.csv"),
        zipped("folder/log.csv", "folder/.DS_Store", "folder/Thumbs.db"),
    ],
    ids=["plain", "gzip", "two members", "zeros behind", "zip", "zip of a Mac", "of a desktop"],
)
def test_gzip_and_a_zip_of_one_file_are_unpacked(packed):
    assert unpacked(packed) == TEXT


@pytest.mark.parametrize(
    ("packed", "reason"),
    [
        (compressed(TEXT) + b"rubbish", "the gzip has other bytes behind its end"),
        (compressed(TEXT)[:-9], "the gzip is cut off: it ends before its data do"),
        (compressed(TEXT)[:-6] + b"\xff" * 6, "the gzip is damaged"),
        (zipped("a.csv", "b.csv"), "the zip holds 2 files (a.csv, b.csv); send a zip of one file"),
        (zipped("log.csv")[:-30], "the zip is cut off"),
        (
            zipped("[Content_Types].xml", "xl/workbook.xml"),
            "a spreadsheet of Excel: save it as CSV",
        ),
        (zipped("mimetype", "content.xml"), "a document of OpenOffice: save it as CSV"),
        (compressed(compressed(TEXT)), "packed twice"),
        (zipped("a.zip", data=zipped("b.csv")), "packed twice"),
    ],
)
def test_what_is_wrong_with_a_container_is_said_in_one_sentence(packed, reason):
    assert reason in refusal(packed)


@pytest.mark.parametrize("pack", [compressed, lambda data: zipped("a.csv", data=data)])
def test_a_zip_bomb_is_refused_at_the_limit(pack):
    bomb = pack(b" " * 50_000_000)
    assert len(bomb) < 100_000
    assert refusal(bomb) == "the file unpacks to more than the limit of 1048576 bytes"


def test_an_encrypted_zip_is_refused():
    data = bytearray(zipped("a.csv"))
    at = data.rfind(b"PK\x01\x02")
    data[at + 8] |= 1
    assert refusal(bytes(data)) == "the zip is encrypted; send it without a password"


def test_a_zip_of_very_many_files_is_refused_before_its_directory_is_read():
    data = bytearray(zipped("a.csv"))
    struct.pack_into("<L", data, len(data) - 22 + 12, 50_000_000)
    assert refusal(bytes(data)) == "the zip holds many files; send a zip of one file"


@given(st.data())
def test_a_damaged_container_is_unpacked_or_refused_and_nothing_else(data):
    packed = bytearray(data.draw(st.sampled_from([compressed(TEXT), zipped("a.csv")])))
    for _ in range(data.draw(st.integers(1, 4))):
        packed[data.draw(st.integers(0, len(packed) - 1))] = data.draw(st.integers(0, 255))
    try:
        unpacked(bytes(packed[: data.draw(st.integers(1, len(packed)))]))
    except InvalidFile as error:
        assert_one_sentence(error)
