"""Bytes of text as polars reads them: without comments, blank lines and padding."""

import re
from collections.abc import Iterator
from typing import Any

import numpy as np

# What a comment may begin with.
_MARKS = np.isin(np.arange(256), list(b"#%/!~*;'"))
COMMENT_LINES = re.compile(rb"(?m)^[ \t]*(?:#(?!N/A|NV|N/D)|%|//|!|~|-- |\* |; |' ).*\n?")
PIECE_BYTES = 128 * 1024
BLANK_LINES = re.compile(rb"(?m)^[ \t]+\n?$")
# A minus that ends one value and begins the next, where columns of a fixed width are full.
TOUCHING = re.compile(rb"(?<=[\d.])-(?=[\d.])")
_SPACE_TO_TAB = bytes.maketrans(b" ", b"\t")

Bytes = np.ndarray[Any, np.dtype[np.uint8]]


def without_blank_lines(data: bytes) -> bytes:
    """``data`` without CR and without empty lines."""
    if b"\r" in data:
        data = data.replace(b"\r", b"")
    # There may be millions. NumPy is ten times as fast as methods of bytes, and lets other threads
    # go on.
    chars: Bytes = np.frombuffer(data, np.uint8)
    if any(map(_has_blank_line, _pieces(chars))):
        kept = np.ones(len(chars), bool)
        np.logical_or(chars[1:] != 10, chars[:-1] != 10, out=kept[1:])
        data = chars[kept].tobytes()
    return data[1:] if data.startswith(b"\n") else data


def _pieces(chars: Bytes) -> Iterator[Bytes]:
    """``chars`` in pieces that stay in the cache of a processor; each begins with the last
    character of the one before."""
    for start in range(0, len(chars), PIECE_BYTES):
        yield chars[max(start - 1, 0) : start + PIECE_BYTES]


def _has_blank_line(chars: Bytes) -> bool:
    ends = chars == 10
    return bool((ends[1:] & ends[:-1]).any())


def is_comment(line: str) -> bool:
    """Whether a line is a comment."""
    return bool(COMMENT_LINES.match(line.encode()))


def without_comments(data: bytes) -> bytes:
    """``data`` without the lines that are comments."""
    chars: Bytes = np.frombuffer(data, np.uint8)
    if len(chars) < 2:
        return data
    begins = np.concatenate(([0], np.flatnonzero(chars[:-2] == 10) + 1))
    firsts = chars[begins]
    dashes = (firsts == 45) & (chars[begins + 1] == 45)
    return COMMENT_LINES.sub(b"", data) if (_MARKS[firsts] | dashes).any() else data


def spaces_to_tabs(data: bytes) -> bytes:
    """Lines with fields between any number of spaces and tabs, with one tab between two fields.

    Further spaces stay in front of a field, where polars passes over them.
    """
    chars: Bytes = np.frombuffer(data, np.uint8)
    blank = (chars == 32) | (chars == 9)
    if (blank[:-1] & (chars[1:] == 10)).any() or blank[-1:].any():
        return spaces_to_tabs(b"\n".join([line.rstrip() for line in data.split(b"\n")]))
    double = blank[1:] & (blank[:-1] | (chars[:-1] == 10))
    if not double.any() and not blank[:1].any():
        return data.translate(_SPACE_TO_TAB)
    tidied = chars.copy()
    tidied[blank] = 32
    tidied[1:][blank[1:] & (chars[:-1] > 32)] = 9
    return tidied.tobytes()


def without_padding(data: bytes, separator: str) -> bytes:
    """``data`` without the spaces around fields."""
    chars: Bytes = np.frombuffer(data, np.uint8)
    blank = (chars == 32) if separator == "\t" else (chars == 32) | (chars == 9)
    if not blank.any():
        return data
    edge = np.zeros(256, bool)
    edge[[10, 13, 34, ord(separator)]] = True
    before, after = around(chars, blank)
    if (edge[before] | edge[after]).all():
        return data.translate(None, b" " if separator == "\t" else b" \t")
    # Some fields hold spaces themselves, as times do: line by line, which takes longer.
    stripped = []
    for line in data.split(b"\n"):
        fields = line.strip(b" \r").split(separator.encode())
        stripped.append(separator.encode().join(field.strip(b' "') for field in fields))
    return b"\n".join(stripped)


def around(chars: Bytes, blank: np.ndarray[Any, np.dtype[np.bool_]]) -> tuple[Bytes, Bytes]:
    """The characters before and after each run of ``blank`` ones among (n,) ``chars``; LF where the
    run is at the beginning or the end."""
    framed = np.pad(chars, 1, constant_values=10)
    edges = np.diff(np.pad(blank, 1).view(np.int8))
    return framed[:-1][edges == 1], framed[1:][edges == -1]
