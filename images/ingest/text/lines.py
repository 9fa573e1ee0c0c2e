"""Text of any encoding, as slabs of whole lines."""

import codecs
from collections.abc import Iterator
from typing import IO, NamedTuple

import numpy as np

from images.errors import InvalidFile
from images.ingest.table import Told
from tables.encodings import LATIN, assumption, encoding_of_letters, is_utf8, wide_encoding
from web.temporary_files import filled

READ_BYTES = 1024 * 1024
SLAB_BYTES = 2 * 1024 * 1024
MAX_LINE_BYTES = 1024 * 1024
# The layout of a file is found from so much of it.
HEAD_BYTES = 2 * 1024 * 1024


class Slab(NamedTuple):
    """Whole lines, and the number of the first of them in the file, counted from 1."""

    data: bytes
    first_line: int


def narrowed(file: IO[bytes], limit: int) -> tuple[IO[bytes], list[Told]]:
    """The text of ``file`` with one byte for each ASCII character and with LF at the end of lines,
    and warnings.

    Returns: ``file`` itself where it is like that, else a new nameless temporary file.
    Raises InvalidFile, NoRoom.
    """
    file.seek(0)
    head = file.read(READ_BYTES)
    file.seek(0)
    wide = wide_encoding(head)
    unknown = wide is None and not is_utf8(head)
    letters = encoding_of_letters(head) if unknown else None
    encoding = wide or letters
    narrow = head.decode(wide, "ignore").encode() if wide else head
    only_cr = b"\r" in narrow and b"\n" not in narrow
    told = assumption(head, letters or LATIN) if unknown else None
    warnings = [("encoding-assumed", told)] if told else []
    if encoding is None and not only_cr:
        return file, warnings
    pieces = _transcoded(file, encoding, only_cr, limit, lenient=letters is not None)
    return filled(pieces), warnings


def _transcoded(
    file: IO[bytes], encoding: str | None, only_cr: bool, limit: int, lenient: bool
) -> Iterator[bytes]:
    """The text of ``file`` as UTF-8, or with its bytes as they are if no ``encoding`` is given.
    ``lenient`` replaces bytes that are no letters in the encoding."""
    errors = "replace" if lenient else "strict"
    decoder = codecs.getincrementaldecoder(encoding or "latin-1")(errors)
    size = 0
    try:
        while data := file.read(READ_BYTES):
            text = decoder.decode(data)
            text = text.replace("\r", "\n") if only_cr else text
            piece = text.encode("utf-8" if encoding else "latin-1")
            size += len(piece)
            if size > limit:
                raise InvalidFile(f"the text is larger than the limit of {limit} bytes")
            yield piece
        decoder.decode(b"", final=True)
    except UnicodeError as error:
        name = (encoding or "").upper()
        raise InvalidFile(f"the text is not the {name} that it begins as: {error.reason}") from None  # type: ignore[attr-defined]


def each_line(data: bytes) -> Iterator[bytes]:
    """The lines of ``data``, one at a time.

    Splitting megabytes of short lines at once takes tenths of a second, in which no other thread
    goes on, and many times their memory.
    """
    start = 0
    while end := data.find(b"\n", start) + 1:
        yield data[start : end - 1]
        start = end
    if start < len(data):
        yield data[start:]


def line_around(data: bytes, position: int) -> bytes:
    """The line that ``position`` is in, without its end."""
    end = data.find(b"\n", position)
    return data[data.rfind(b"\n", 0, position) + 1 : end if end >= 0 else None]


def slabs(file: IO[bytes], start: int, first_line: int, stop: int | None = None) -> Iterator[Slab]:
    """The lines from byte ``start`` to byte ``stop``, where lines begin, or to the end.

    Raises InvalidFile for a line of more than MAX_LINE_BYTES.
    """
    file.seek(start)
    left, line, rest = (float("inf") if stop is None else stop - start), first_line, b""
    while left > 0 and (data := file.read(int(min(left, SLAB_BYTES)))):
        left -= len(data)
        end = data.rfind(b"\n") + 1
        if not end:
            rest += data
            if len(rest) > MAX_LINE_BYTES:
                raise too_long(line)
            continue
        slab = b"".join((rest, memoryview(data)[:end]))
        rest = data[end:]
        del data
        yield Slab(slab, line)
        line += count(slab, "\n")
    # Some systems end a file with control-Z, or fill its last block with zeros.
    rest = rest.rstrip(b"\0\x1a")
    if rest:
        if len(rest) > MAX_LINE_BYTES:
            raise too_long(line)
        yield Slab(rest, line)


def count(data: bytes, character: str) -> int:
    """How many bytes of ``data`` are ``character``. ``bytes.count`` takes ten times as long where
    there are many."""
    return int(np.count_nonzero(np.frombuffer(data, np.uint8) == ord(character)))


def too_long(line: int) -> InvalidFile:
    return InvalidFile(f"line {line} is longer than {MAX_LINE_BYTES} bytes")
