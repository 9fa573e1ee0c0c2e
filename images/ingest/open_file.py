"""Unpack a file, recognise it by its first bytes, and read what it holds."""

import re
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import IO

from images.errors import InvalidFile
from images.ingest import containers
from images.ingest.dlis import reader as dlis
from images.ingest.las import reader as las
from images.ingest.layout.plan import Options
from images.ingest.table import Contents
from images.ingest.text import delimited
from images.ingest.text.lines import narrowed
from tables.encodings import wide_encoding

LAS, DLIS, TEXT = "LAS", "DLIS", "text"
HEAD_BYTES = 64 * 1024
# The first bytes of other files, so many that no table of text begins with them, and what these
# files are and what to do about them.
_OTHERS = {
    b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1": "a spreadsheet or document of Office: save it as CSV",
    b"\x89PNG": "a PNG picture, which holds no depths: send the values that it was drawn from",
    b"\xff\xd8\xff": "a JPEG picture: send core photos to POST /photos/",
    b"II*\0": "a TIFF picture, which holds no depths",
    b"MM\0*": "a TIFF picture, which holds no depths",
    b"GIF8": "a GIF picture, which holds no depths",
    b"%PDF": "a PDF, which holds a drawing of a log: send the values that it was drawn from",
    b"\x89HDF": "an HDF5 or netCDF file: save it as CSV",
    b"CDF\x01": "a netCDF file: save it as CSV",
    b"CDF\x02": "a netCDF file: save it as CSV",
    b"CDF\x05": "a netCDF file: save it as CSV",
    b"PAR1\x15": "a Parquet file: save it as CSV",
    b"ARROW1\0": "an Arrow file: save it as CSV",
    b"\x93NUMPY": "a NumPy array, which holds no depths: save it as CSV",
    b"MATLAB 5.0 MAT-file": "a MATLAB file: save it as CSV",
    b"BZh": "packed with bzip2: unpack it, or use gzip",
    b"\xfd7zXZ": "packed with xz: unpack it, or use gzip",
    b"\x28\xb5\x2f\xfd": "packed with Zstandard: unpack it, or use gzip",
    b"7z\xbc\xaf": "a 7-Zip archive: unpack it and send the files one by one",
    b"Rar!": "a RAR archive: unpack it and send the files one by one",
    b"PK\x05\x06": "an empty zip",
    b"{\\rtf": "a document of a word processor: save it as plain text",
    b"SQLite format 3\0": "a database: export its table as CSV",
    b"DSAA": "a Surfer grid, which holds no depths",
}
_TITLE = re.compile(rb"~[VWCPA]", re.I)
_VERSION = re.compile(rb"~V(ersion\b|\s*$)", re.I)
_MARKUP = {b"<?xml": "XML", b"<!doctype": "a web page", b"<html": "a web page"}


@contextmanager
def contents(
    file: IO[bytes], limit: int, options: Options, well: str | None = None
) -> Iterator[Contents]:
    """What ``file`` holds. Its tables can be read while the context lasts.

    Parameters: ``file`` is a real file, seekable; ``limit`` is the largest number of bytes that it
    may unpack to; ``well`` is the one that is asked for, where a text tells the wells of its rows.
    Raises InvalidFile, NoRoom.
    """
    with ExitStack() as files:
        plain = containers.unpacked(file, limit)
        if plain is not file:
            files.enter_context(plain)
        kind = recognise(plain)
        if kind == DLIS:
            yield files.enter_context(dlis.contents(plain))
            return
        narrow, warnings = narrowed(plain, limit)
        if narrow is not plain:
            files.enter_context(narrow)
        is_las = kind == LAS
        found = las.read(narrow) if is_las else delimited.read(narrow, options, well)
        found.warnings += warnings
        yield found


def recognise(file: IO[bytes]) -> str:
    """LAS, DLIS or TEXT.

    Parameters: ``file`` is seekable, and unpacked.
    Raises InvalidFile for other files, with the name of their kind where it is known.
    """
    file.seek(0)
    head = file.read(HEAD_BYTES)
    file.seek(0)
    if not head.strip(b"\0 \t\r\n\xef\xbb\xbf"):
        raise InvalidFile("the file holds nothing" if head else "the file is empty")
    if _is_dlis(head):
        return DLIS
    _refuse_others(head)
    encoding = wide_encoding(head)
    plain = (head.decode(encoding, "ignore").encode() if encoding else head).rstrip(b"\0\x1a")
    if b"\0" in plain:
        raise InvalidFile("the file is not text, and of no kind that is read here")
    return LAS if _is_las(plain) else TEXT


def _is_dlis(head: bytes) -> bool:
    """Whether the file begins with the storage unit label of RP66 version 1, maybe after tape
    marks."""
    at = head[:128].find(b"V1.")
    return at >= 4 and head[at + 5 : at + 11] in (b"RECORD", b"FIXREC", b"VARREC")


def _refuse_others(head: bytes) -> None:
    for magic, what in _OTHERS.items():
        if head.startswith(magic):
            raise InvalidFile(f"the file is {what}")
    if head.startswith(b"ustar", 257):
        raise InvalidFile("the file is a tar archive: unpack it and send the files one by one")
    if _is_lis(head):
        raise InvalidFile(
            "the file is a LIS tape, which is not read here: export it as DLIS or LAS"
        )
    start = head[:512].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    for tag, what in _MARKUP.items():
        if start.startswith(tag):
            raise InvalidFile(f"the file is {what}; export the log as LAS or CSV")
    if start[:1] == b"{" or start[:2] in (b"[{", b"[["):
        raise InvalidFile("the file is JSON; export the log as LAS or CSV")


def _is_lis(head: bytes) -> bool:
    """Whether the file begins with a record of LIS 79 that describes a reel, a tape or a file. Its
    type follows the length and the attributes of a physical record; tape marks may stand first."""
    for start in (0, 12):
        length, kind = int.from_bytes(head[start : start + 2]), head[start + 4 : start + 6]
        if 60 <= length <= 300 and kind in (b"\x80\0", b"\x82\0", b"\x84\0"):
            return True
    return head[4:12] in (b"reel lab", b"tape hea")


def _is_las(head: bytes) -> bool:
    """Whether the first line that is no comment is the title of a section of LAS, or a later line
    is ``~Version``."""
    titles = [line.lstrip(b"\xef\xbb\xbf \t") for line in head.splitlines()]
    first = next((line for line in titles if line and line[:1] != b"#"), b"")
    return bool(_TITLE.match(first)) or any(map(_VERSION.match, titles))
