"""DLIS made by hand, after API RP66 version 1: one logical file with one frame."""

import struct
from collections.abc import Iterable

import numpy as np

LABEL = b"   1V1.00RECORD 8192" + b"Default Storage Set".ljust(60)
FSINGL, FDOUBL, UVARI, IDENT, ASCII, OBNAME, UNITS = 2, 7, 18, 19, 20, 23, 27
CODES = {"f4": FSINGL, "f8": FDOUBL}
MAX_RECORD = 8192


def uvari(number: int) -> bytes:
    if number < 0x80:
        return bytes([number])
    if number < 0x4000:
        return struct.pack(">H", number | 0x8000)
    return struct.pack(">L", number | 0xC0000000)


def ident(text: str) -> bytes:
    return bytes([len(text)]) + text.encode()


def obname(name: str) -> bytes:
    return uvari(1) + b"\0" + ident(name)


def value(code: int, content: object) -> bytes:
    if code == UVARI:
        return uvari(int(str(content)))
    if code == OBNAME:
        return obname(str(content))
    if code == ASCII:
        return uvari(len(str(content))) + str(content).encode()
    return ident(str(content))


def table(kind: str, template: dict[str, int], objects: dict[str, dict[str, list]]) -> bytes:
    """A set of objects: each attribute of the template has values, or is absent."""
    body = b"\xf0" + ident(kind)
    for label, code in template.items():
        body += b"\x34" + ident(label) + bytes([code])
    for name, attributes in objects.items():
        body += b"\x70" + obname(name)
        for label, code in template.items():
            values = attributes.get(label, [])
            coded = b"".join(value(code, content) for content in values)
            body += b"\x29" + uvari(len(values)) + coded if values else b"\0"
    return body


def segments(body: bytes, kind: int, explicit: bool) -> Iterable[bytes]:
    """A logical record as visible records of one segment each."""
    size = MAX_RECORD - 64
    parts = [body[i : i + size] for i in range(0, len(body), size)]
    for i, part in enumerate(parts):
        attributes = 0x80 * explicit | 0x40 * (i > 0) | 0x20 * (i < len(parts) - 1)
        missing = max(0, 12 - len(part)) + (len(part) % 2)
        if missing:
            # The last byte of the padding counts it.
            part += bytes(missing - 1) + bytes([missing])
            attributes |= 0x01
        segment = struct.pack(">HBB", len(part) + 4, attributes, kind) + part
        yield struct.pack(">HBB", len(segment) + 4, 0xFF, 1) + segment


def dlis(rows: int = 20, width: int = 16, well: str = "15/9-F-4", **channels) -> bytes:
    """An image, a curve and whatever else is named, (rows, n), against depth in metres."""
    image = np.arange(rows * width, dtype=np.float32).reshape(rows, width)
    columns = {"DEPTH": 1000 + np.arange(rows) / 10, "AMP": image, "GR": np.arange(rows) * 1.5}
    columns |= channels
    arrays = {n: c.astype(c.dtype.newbyteorder(">")) for n, c in columns.items()}
    described = {
        name: {
            "LONG-NAME": [name],
            "REPRESENTATION-CODE": [CODES[array.dtype.str[1:]]],
            "UNITS": ["m" if name == "DEPTH" else "dB"],
            "DIMENSION": array.shape[1:] or [1],
        }
        for name, array in arrays.items()
    }
    template = {
        "LONG-NAME": ASCII,
        "REPRESENTATION-CODE": UVARI,
        "UNITS": UNITS,
        "DIMENSION": UVARI,
    }
    header = {"SEQUENCE-NUMBER": ["1".rjust(10)], "ID": ["FILE".ljust(65)]}
    frame = {"CHANNELS": list(arrays), "INDEX-TYPE": ["BOREHOLE-DEPTH"]}
    records = [
        (0, table("FILE-HEADER", {"SEQUENCE-NUMBER": ASCII, "ID": ASCII}, {"0": header})),
        (1, table("ORIGIN", {"WELL-NAME": ASCII}, {"O": {"WELL-NAME": [well]}})),
        (3, table("CHANNEL", template, described)),
        (4, table("FRAME", {"CHANNELS": OBNAME, "INDEX-TYPE": IDENT}, {"MAIN": frame})),
    ]
    written = [LABEL]
    for kind, body in records:
        written += segments(body, kind, explicit=True)
    for row in range(rows):
        data = b"".join(array[row : row + 1].tobytes() for array in arrays.values())
        written += segments(obname("MAIN") + uvari(row + 1) + data, 0, explicit=False)
    return b"".join(written)
