"""Tell the encoding of a text by its bytes, as no file names it."""

import codecs
import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress

from tables.names import is_measured_depth

# Of Windows, where nothing tells another.
LATIN = "cp1252"
_WIDE = {
    codecs.BOM_UTF32_LE: "utf-32",
    codecs.BOM_UTF32_BE: "utf-32",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}
# What words look like in other encodings than Latin ones, the most usual encoding first.
_CYRILLIC = "[А-ЯЁ]?[а-яё]+|[А-ЯЁ]+"
_GREEK = "[Α-ΩΆΈ-Ώ]?[ά-ώ]+|[Α-ΩΆΈ-Ώ]+"
_HAN, _KANA, _HANGUL = "\u4e00-\u9fff", "\u3041-\u30fe々", "\uac00-\ud7a3"
_WORDS = {
    encoding: re.compile(rf"[A-Z0-9]*(?:{letters})[A-Z0-9]*")
    for encoding, letters in {
        **dict.fromkeys(("cp1251", "cp866", "koi8-r"), _CYRILLIC),
        "gb2312": f"[{_HAN}]+",
        **dict.fromkeys(("cp932", "euc-jp"), f"[{_HAN}{_KANA}]+"),
        "big5": f"[{_HAN}]+",
        "cp949": f"[{_HANGUL}]+",
        "cp1253": _GREEK,
    }.items()
}
# Only a word for depth tells these from each other.
_LATINS = (LATIN, "cp1250", "cp1257")
# Encodings that are recognised by their letters, and read in another one that extends them.
_EXTENDED = {"gb2312": "gb18030"}
# Mnemonics, whose capitals may be anywhere.
_MNEMONIC = re.compile("[А-ЯЁа-яёA-Z0-9]+")
_BETWEEN_FIELDS = re.compile(rb"[\t\r\n,;:\"]+")
_UNIT = re.compile(r"[\[({<].*", re.DOTALL)
_WORD = re.compile("[0-9A-Za-z\u0080-\U0010ffff]+")
_LATIN_WORD = re.compile("[a-z]")
_LETTER = re.compile("[\u0080-\U0010ffff]")
# In Latin words there are hardly ever three letters with accents in a row.
_FEWEST_BYTES = 3
_LATIN_LETTERS = re.compile(rb"[A-Za-z][\xc0-\xff]|[\xc0-\xff][A-Za-z]|[\x80-\xff]{3,}")
_HIGH = re.compile(rb"[\x80-\xff]")
_MAX_FIELDS = 1000
PIECE_BYTES = 1024**2


def encoding_of(data: bytes) -> str:
    """The encoding of all of a text."""
    if wide := wide_encoding(data):
        return wide
    return "utf-8-sig" if is_utf8(data) else encoding_of_letters(data[:PIECE_BYTES]) or LATIN


def wide_encoding(head: bytes) -> str | None:
    """UTF-16 or UTF-32, where a text is in one of them; else None.

    Without a byte order mark they are recognised by where they have zeros.
    """
    for mark, encoding in _WIDE.items():
        if head.startswith(mark):
            return encoding
    first, second, third, fourth = _zeros(head, 4)
    if len(head) >= 16 and min(second, third) > 0.9 and max(first, fourth) > 0.9:
        return "utf-32-le" if fourth > first else "utf-32-be"
    even, odd = _zeros(head, 2)
    if len(head) >= 8 and max(odd, even) > 0.6 and min(odd, even) < 0.05:
        return "utf-16-le" if odd > even else "utf-16-be"
    return None


def _zeros(head: bytes, step: int) -> list[float]:
    """The part of zeros among every ``step``-th byte, from the first one, from the second, …"""
    parts = [head[i:4096:step] for i in range(step)]
    return [part.count(0) / max(len(part), 1) for part in parts]


def encoding_of_letters(head: bytes) -> str | None:
    """The encoding of text that is not UTF-8; None for the Latin one of Windows.

    It is the one in which a field is a word for depth, else the one in which most of its words look
    like words.
    """
    fields = [field for field in _BETWEEN_FIELDS.split(head) if not field.isascii()][:_MAX_FIELDS]
    for encoding in (*_LATINS, *_WORDS):
        names = (_UNIT.sub("", field) for field in _decoded(fields, encoding))
        if any(map(is_measured_depth, names)):
            return None if encoding == LATIN else _EXTENDED.get(encoding, encoding)
    likeness = {encoding: _likeness(fields, encoding) for encoding in _WORDS}
    best = max(likeness, key=lambda encoding: likeness[encoding])
    return _EXTENDED.get(best, best) if likeness[best] >= 0.5 else None


def _decoded(fields: Iterable[bytes], encoding: str) -> Iterator[str]:
    """The fields as text, without those that are none in the encoding."""
    for field in fields:
        with suppress(UnicodeDecodeError):
            yield field.decode(encoding)


def _likeness(fields: Sequence[bytes], encoding: str) -> float:
    """How much the words of fields look like words of an encoding, from 0 to 1. Long words tell
    more than short ones."""
    texts = [*_decoded(fields, encoding)]
    words = {word for text in texts for word in _WORD.findall(text)}
    fitting = total = 0.0
    for word in words:
        size = len("".join(_LETTER.findall(word)).encode(encoding))
        if _LATIN_WORD.search(word):
            total += len(word) if size else 0
        elif size >= _FEWEST_BYTES:
            total += size
            is_word = _WORDS[encoding].fullmatch(word)
            fitting += size * (1.0 if is_word else 0.5 if _MNEMONIC.fullmatch(word) else 0.0)
    return fitting / total * len(texts) / len(fields) if total else 0.0


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
    """A warning that letters that are not UTF-8 were read in ``encoding``; None without such
    letters."""
    found = (_LATIN_LETTERS if encoding == LATIN else _HIGH).search(data)
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
