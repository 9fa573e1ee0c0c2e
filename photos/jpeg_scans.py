"""The scans of a JPEG, counted by its markers (ITU-T T.81, annex B) without decoding anything."""

import re
from typing import IO

from photos.errors import NotAPhoto

# Progressive JPEGs have about ten. Each is decoded over all pixels, so many of them take minutes.
MAX_SCANS = 32
# Of tables, comments and scans together; phones and cameras write less than a hundred.
MAX_SEGMENTS = 4096
# A frame header with its length and one component.
LEAST_FRAME_BYTES = 11
_SOS, _EOI = 0xDA, 0xD9
_FRAMES = {*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC}
# In coded data FF is followed by 00, and restart markers D0 to D7 belong to it.
_MARKER = re.compile(rb"\xff+([^\x00\xff\xd0-\xd7])", re.DOTALL)
_BLOCK_BYTES = 64 * 1024


def coefficient_bytes(file: IO[bytes]) -> int:
    """The memory for all coefficients of the JPEG ``file``, which one of several scans needs.

    Raises NotAPhoto for one that is cut off, has more than MAX_SCANS, segments without an end, or a
    frame header that is too short.
    """
    scans, needed = 0, 0
    file.seek(2)
    for _ in range(MAX_SEGMENTS):
        marker = _next_marker(file)
        if marker == _EOI:
            return needed if scans > 1 else 0
        if marker is None:
            raise NotAPhoto("the JPEG is cut off: it has no end")
        length = int.from_bytes(file.read(2), "big")
        if marker in _FRAMES:
            if length < LEAST_FRAME_BYTES:
                raise NotAPhoto(f"the JPEG is damaged: a frame header has {length} bytes")
            needed = max(needed, _coefficients(file.read(length - 2)))
        else:
            scans += marker == _SOS
            file.seek(max(0, length - 2), 1)
        if scans > MAX_SCANS:
            raise NotAPhoto(f"the JPEG has more than {MAX_SCANS} scans; save it anew")
    raise NotAPhoto(f"the JPEG has more than {MAX_SEGMENTS} segments; save it anew")


def _next_marker(file: IO[bytes]) -> int | None:
    """Move behind the next marker, and return its last byte; None at the end of the file."""
    start = file.tell()
    while len(block := file.read(_BLOCK_BYTES)) > 1:
        if found := _MARKER.search(block):
            file.seek(start + found.end())
            return found[1][0]
        start += len(block) - 1  # a marker may lie across two blocks
        file.seek(start)
    return None


def _coefficients(frame: bytes) -> int:
    """Bytes of the coefficients, 2 each, of the components of a frame header."""
    height, width = int.from_bytes(frame[1:3], "big"), int.from_bytes(frame[3:5], "big")
    sampling = [(byte >> 4, byte & 15) for byte in frame[7::3]]
    across, down = (max((s[i] for s in sampling), default=1) or 1 for i in (0, 1))
    pixels = (width + 8 * across) * (height + 8 * down)
    return sum(2 * pixels * h * v // (across * down) for h, v in sampling)
