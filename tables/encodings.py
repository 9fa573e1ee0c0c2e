"""Tell the encoding of a text by its bytes, as no file names it."""

import codecs
import re

# Of Windows, where nothing tells another.
LATIN = "cp1252"
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
PIECE_BYTES = 1024**2


def encoding_of(data: bytes) -> str:
    """The encoding of all of a text."""
    if wide := wide_encoding(data):
        return wide
    return "utf-8-sig" if is_utf8(data) else encoding_of_letters(data[:PIECE_BYTES]) or LATIN


def wide_encoding(head: bytes) -> str | None:
    """The encoding that needs to be changed to be read in bytes, or None for all the others.

    UTF-16 and UTF-32 without a byte order mark are told by where they have zeros.
    """
    for mark, encoding in _WIDE.items():
        if head.startswith(mark):
            return encoding
    fourths = [head[i:4096:4].count(0) / max(len(head[i:4096:4]), 1) for i in range(4)]
    if len(head) >= 16 and min(fourths[1:3]) > 0.9 and max(fourths[0], fourths[3]) > 0.9:
        return "utf-32-le" if fourths[3] > fourths[0] else "utf-32-be"
    odd = head[1:4096:2].count(0) / max(len(head[1:4096:2]), 1)
    even = head[0:4096:2].count(0) / max(len(head[0:4096:2]), 1)
    if len(head) >= 8 and max(odd, even) > 0.6 and min(odd, even) < 0.05:
        return "utf-16-le" if odd > even else "utf-16-be"
    return None


def encoding_of_letters(head: bytes) -> str | None:
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


def is_utf8(data: bytes) -> bool:
    """Whether ``data`` is UTF-8; the last letter may be cut."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        # One character beyond the BMP would quadruple a text that is held as a whole.
        for start in range(0, len(data), PIECE_BYTES):
            decoder.decode(data[start : start + PIECE_BYTES])
    except UnicodeDecodeError:
        return False
    return True


def assumption(data: bytes, encoding: str) -> str | None:
    """What to tell of letters that are not UTF-8 and were read in ``encoding``; None where there
    are none."""
    found = (_LETTERS if encoding == LATIN else _FOREIGN_WORDS).search(data)
    if found is None:
        return None
    begin = data.rfind(b"\n", 0, found.start()) + 1
    line = data[begin : begin + 200].split(b"\n", 1)[0].strip()[:60]
    told = f"letters that are not UTF-8 were read as {encoding.upper()}, as in"
    return f"{told} {line.decode(encoding, 'replace')!r}; if that is wrong save the file as UTF-8"


def decoded(line: bytes) -> str:
    """A line as text: UTF-8 where it is that, else the Latin of Windows."""
    try:
        return line.decode("utf-8-sig")
    except UnicodeDecodeError:
        return line.decode(LATIN, "replace")
