"""Traces to PNG images of one pixel in height, all of them at once.

The format is that of the PNG specification (ISO/IEC 15948): signature, IHDR, IDAT, IEND. The
image data is one stored (uncompressed) deflate block (RFC 1951, 3.2.4) in a zlib stream
(RFC 1950): a line of 150 pixels is too short for compression to repay its cost. So all images of
one width have the same length, and all but the pixels and the two checksums is constant.
"""

import struct
from typing import Any

import numpy as np
from isal import isal_zlib

from images.colormap import ColorTable
from images.resample import Traces

SIGNATURE = b"\x89PNG\r\n\x1a\n"
GRAYSCALE, RGB = 0, 2  # the specification's colour types
NO_FILTER = b"\x00"

Images = np.ndarray[Any, np.dtype[np.uint8]]


def chunk(kind: bytes, data: bytes) -> bytes:
    """A chunk of a PNG: length, kind, data, CRC-32 of kind and data."""
    crc = isal_zlib.crc32(kind + data)
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", crc)


def header(width: int, height: int, color_type: int) -> bytes:
    """Signature and IHDR of an 8-bit image without interlacing."""
    fields = struct.pack(">IIBBBBB", width, height, 8, color_type, 0, 0, 0)
    return SIGNATURE + chunk(b"IHDR", fields)


def trace_images(traces: Traces, colors: ColorTable | None) -> Images:
    """Each trace as a PNG of its own.

    Parameters: ``traces`` is (n, width) uint8; ``colors`` is (256, 3) uint8 for RGB images, None
    for grayscale.
    Returns: (n, length) uint8, each row the bytes of one PNG file.
    """
    width = traces.shape[1]
    pixels = traces if colors is None else colors[traces].reshape(-1, width * 3)
    line_bytes = 1 + pixels.shape[1]
    block = struct.pack("<BHH", 1, line_bytes, line_bytes ^ 0xFFFF)  # final, stored
    before = header(width, 1, GRAYSCALE if colors is None else RGB)
    before += struct.pack(">I", 2 + len(block) + line_bytes + 4)
    start = len(before)
    before += b"IDAT\x78\x01" + block
    after = chunk(b"IEND", b"")

    end = len(before) + line_bytes  # of the pixels; then Adler-32 and CRC-32
    images = np.empty((len(traces), end + 8 + len(after)), np.uint8)
    images[:, : len(before)] = np.frombuffer(before, np.uint8)
    images[:, len(before)] = NO_FILTER[0]
    images[:, len(before) + 1 : end] = pixels
    images[:, end + 8 :] = np.frombuffer(after, np.uint8)
    _checksum(images, len(before), end, isal_zlib.adler32)
    _checksum(images, start, end + 4, isal_zlib.crc32)
    return images


def _checksum(images: Images, start: int, stop: int, function: Any) -> None:
    """Put a checksum of bytes ``start`` to ``stop`` of each image behind them."""
    flat = images.reshape(-1).data
    length = images.shape[1]
    sums = [function(flat[i + start : i + stop]) for i in range(0, len(flat), length)]
    images[:, stop : stop + 4] = np.array(sums, ">u4").view(np.uint8).reshape(-1, 4)
