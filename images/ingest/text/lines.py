"""Text of any encoding, as slabs of whole lines."""

import codecs
import re
from collections.abc import Iterator
from tempfile import TemporaryFile
from typing import IO, NamedTuple

import numpy as np

from images.errors import InvalidFile
from web.temporary_files import room_needed

READ_BYTES = 1024 * 1024
SLAB_BYTES = 2 * 1024 * 1024
MAX_LINE_BYTES = 1024 * 1024
# What the layout of a file is found from.
HEAD_BYTES = 2 * 1024 * 1024
_WIDE = {
    codecs.BOM_UTF32_LE: "utf-32",
    codecs.BOM_UTF32_BE: "utf-32",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}
# Those of Cyrillic and Chinese letters, the usual one first.
_OF_LETTERS = ("cp1251", "cp866", "koi8-r", "gb2312")
# What words of them look like, and mnemonics, whose capitals may be anywhere.
_WORD = re.compile("[А-ЯЁ]?[а-яё]+|[А-ЯЁ]+|[\u4e00-\u9fff]+")
_MNEMONIC = re.compile("[А-ЯЁа-яё]+")
# In Latin words there are hardly ever three letters with accents in a row.
_FOREIGN_WORDS = re.compile(rb"[\x80-\xff]{3,}")
_LETTERS = re.compile(rb"[A-Za-z][\xc0-\xff]|[\xc0-\xff][A-Za-z]|[\x80-\xff]{3,}")
_MAX_WORDS = 1000


class Slab(NamedTuple):
    """Whole lines, and the number of the first of them in the file, counted from 1."""

    data: bytes
    first_line: int


def encoding_of(head: bytes) -> str | None:
    """The encoding that needs to be changed to be read in bytes, or None for all the others.

    UTF-16 without a byte order mark is told by the zeros that it has in most other places.
    """
    for mark, encoding in _WIDE.items():
        if head.startswith(mark):
            return encoding
    odd = head[1:4096:2].count(0) / max(len(head[1:4096:2]), 1)
    even = head[0:4096:2].count(0) / max(len(head[0:4096:2]), 1)
    if len(head) >= 8 and max(odd, even) > 0.6 and min(odd, even) < 0.05:
        return "utf-16-le" if odd > even else "utf-16-be"
    return None


def _letters_of(head: bytes) -> str | None:
    """The encoding of text that is not UTF-8, by what words of Cyrillic or Chinese letters it has;
    None where it has no such words. Long words tell more than short ones."""
    words = set(_FOREIGN_WORDS.findall(head)[:_MAX_WORDS])
    fitting = {
        encoding: sum(len(word) * _likeness(word.decode(encoding, "replace")) for word in words)
        for encoding in _OF_LETTERS
    }
    best = max(fitting, key=lambda encoding: fitting[encoding])
    return best if words and 2 * fitting[best] >= sum(map(len, words)) else None


def _likeness(word: str) -> float:
    """How much a word looks like one, from 0 to 1."""
    return 1.0 if _WORD.fullmatch(word) else 0.5 if _MNEMONIC.fullmatch(word) else 0.0


def _is_utf8(head: bytes) -> bool:
    try:
        # The last letter may be cut.
        codecs.getincrementaldecoder("utf-8")().decode(head)
    except UnicodeDecodeError:
        return False
    return True


def narrowed(file: IO[bytes], limit: int) -> tuple[IO[bytes], list[tuple[str, str]]]:
    """``file`` with one byte for each ASCII character, and lines that end with LF; and warnings.

    Returns: ``file`` itself where it is so, else a new nameless temporary file.
    Raises InvalidFile, NoRoom.
    """
    file.seek(0)
    head = file.read(READ_BYTES)
    file.seek(0)
    wide = encoding_of(head)
    unknown = wide is None and not _is_utf8(head)
    letters = _letters_of(head) if unknown else None
    encoding = wide or letters
    only_cr = wide is None and b"\r" in head and b"\n" not in head
    warnings = _of_encoding(head, letters) if unknown else []
    if encoding is None and not only_cr:
        return file, warnings
    decoder = codecs.getincrementaldecoder(encoding or "latin-1")(
        "replace" if letters else "strict"
    )
    to = "utf-8" if encoding else "latin-1"
    with room_needed():
        plain = TemporaryFile()  # noqa: SIM115
    try:
        while data := file.read(READ_BYTES):
            text = decoder.decode(data)
            with room_needed():
                plain.write((text.replace("\r", "\n") if only_cr else text).encode(to))
            if plain.tell() > limit:
                raise InvalidFile(f"the text is larger than the limit of {limit} bytes")
        decoder.decode(b"", final=True)
    except UnicodeError as error:
        plain.close()
        name = (encoding or "").upper()
        raise InvalidFile(f"the text is not the {name} that it begins as: {error.reason}") from None  # type: ignore[attr-defined]
    except BaseException:
        plain.close()
        raise
    plain.seek(0)
    return plain, warnings


def _of_encoding(head: bytes, letters: str | None) -> list[tuple[str, str]]:
    """What to tell of letters that are not UTF-8, as no file says what they are."""
    found = (_FOREIGN_WORDS if letters else _LETTERS).search(head)
    if found is None:
        return []
    line = line_around(head, found.start()).strip()[:60]
    encoding = letters or "cp1252"
    detail = f"letters that are not UTF-8 were read as {encoding.upper()}, as in"
    shown = f"{detail} {line.decode(encoding, 'replace')!r}"
    return [("encoding-assumed", f"{shown}; if that is wrong save the file as UTF-8")]


def decoded(line: bytes) -> str:
    """A line as text: UTF-8 where it is that, else the Latin of Windows."""
    try:
        return line.decode("utf-8-sig")
    except UnicodeDecodeError:
        return line.decode("cp1252", "replace")


def each_line(data: bytes) -> Iterator[bytes]:
    """The lines of ``data``, one at a time.

    To split megabytes of short lines at once takes tenths of a second and many times their memory,
    and no other thread of the process goes on meanwhile.
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
                raise _too_long(line + rest.count(b"\n"))
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
            raise _too_long(line)
        yield Slab(rest, line)


def count(data: bytes, character: str) -> int:
    """How many bytes of ``data`` are ``character``. Where they are many, ``bytes.count`` takes ten
    times as long."""
    return int(np.count_nonzero(np.frombuffer(data, np.uint8) == ord(character)))


def _too_long(line: int) -> InvalidFile:
    return InvalidFile(f"line {line} is longer than {MAX_LINE_BYTES} bytes")
