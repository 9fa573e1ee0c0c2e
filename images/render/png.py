"""Encode pixels as PNG (ISO/IEC 15948): one image for each trace, or one picture."""

import struct
from typing import Any

import numpy as np
from isal import isal_zlib

from images.arrays import Traces
from images.render.colour.colormap import ColorTable

SIGNATURE = b"\x89PNG\r\n\x1a\n"
GRAYSCALE, RGB, PALETTE, RGBA = 0, 2, 3, 6  # the specification's colour types
NO_FILTER, UP = 0, 2  # and its types of filter
FASTEST = 1
# Rows of an image with alpha that are compressed at a time.
BLOCK_ROWS = 256

Images = np.ndarray[Any, np.dtype[np.uint8]]


def chunk(kind: bytes, data: bytes) -> bytes:
    """Encode a chunk: length, kind, data, CRC-32 of kind and data."""
    crc = isal_zlib.crc32(kind + data)
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", crc)


_END = chunk(b"IEND", b"")


def header(width: int, height: int, color_type: int) -> bytes:
    """Encode the signature and IHDR of an 8-bit image without interlacing."""
    fields = struct.pack(">IIBBBBB", width, height, 8, color_type, 0, 0, 0)
    return SIGNATURE + chunk(b"IHDR", fields)


def trace_images(traces: Traces, colors: ColorTable | None) -> Images:
    """Encode each trace as a PNG of its own, one pixel high.

    ``traces`` is (n, width) uint8. ``colors`` is (256, 3) uint8 for RGB, (256, 4) for RGBA, None
    for grayscale. Returns (n, length) uint8: each row is one PNG file.

    The image data is one uncompressed deflate block (RFC 1951, 3.2.4) in a zlib stream (RFC 1950),
    because 150 pixels hardly compress. So all images have the same length, and differ only in their
    pixels and two checksums.
    """
    width = traces.shape[1]
    channels = 1 if colors is None else colors.shape[1]
    pixels = traces if colors is None else colors[traces].reshape(-1, width * channels)
    line_bytes = 1 + pixels.shape[1]
    block = struct.pack("<BHH", 1, line_bytes, line_bytes ^ 0xFFFF)  # final, stored
    before = header(width, 1, {1: GRAYSCALE, 3: RGB, 4: RGBA}[channels])
    before += struct.pack(">I", 2 + len(block) + line_bytes + 4)
    start = len(before)
    before += b"IDAT\x78\x01" + block
    end = len(before) + line_bytes  # after the pixels: Adler-32 and CRC-32
    images = np.empty((len(traces), end + 8 + len(_END)), np.uint8)
    images[:, : len(before)] = np.frombuffer(before, np.uint8)
    images[:, len(before)] = NO_FILTER
    images[:, len(before) + 1 : end] = pixels
    images[:, end + 8 :] = np.frombuffer(_END, np.uint8)
    _checksum(images, len(before), end, isal_zlib.adler32)
    _checksum(images, start, end + 4, isal_zlib.crc32)
    return images


def palette_image(
    width: int, height: int, colors: ColorTable | None, data: bytes, transparent: int | None = None
) -> bytes:
    """Encode 8-bit pixels as a PNG with a palette, or as a grayscale PNG.

    ``colors`` is (256, 3) uint8, None for grayscale. ``data`` is the ``image_data`` of (height,
    width) uint8 pixels. ``transparent`` is the pixel value that is transparent, or None.
    """
    alpha = b""
    if colors is None:
        alpha = b"" if transparent is None else chunk(b"tRNS", struct.pack(">H", transparent))
        return header(width, height, GRAYSCALE) + alpha + data + _END
    if transparent is not None:
        alpha = chunk(b"tRNS", b"\xff" * transparent + b"\x00")
    palette = chunk(b"PLTE", colors.tobytes())
    return header(width, height, PALETTE) + palette + alpha + data + _END


def rgba_image(
    pixels: Traces, colors: ColorTable, filled: np.ndarray[Any, np.dtype[np.bool_]]
) -> bytes:
    """Encode 8-bit pixels as an RGBA PNG. The parameters are those of ``rgba``."""
    height, width = pixels.shape
    compressor = isal_zlib.compressobj(FASTEST)
    above = np.zeros(width * 4, np.uint8)
    data = []
    for start in range(0, height, BLOCK_ROWS):
        part = slice(start, start + BLOCK_ROWS)
        rows = rgba(pixels[part], colors, filled[part]).reshape(-1, width * 4)
        data.append(compressor.compress(_filtered(rows, above).data))
        above = rows[-1]
    data.append(compressor.flush())
    return header(width, height, RGBA) + chunk(b"IDAT", b"".join(data)) + _END


def rgba(
    pixels: Traces, colors: ColorTable, filled: np.ndarray[Any, np.dtype[np.bool_]]
) -> np.ndarray[Any, np.dtype[np.uint8]]:
    """Colour pixels; rows that are not ``filled`` become transparent.

    ``pixels`` is (height, width) uint8. ``colors`` is (256, 3) uint8, or (256, 4) with alpha.
    ``filled`` is (height,) bool. Returns (height, width, 4) uint8.
    """
    alpha = np.full((256, 4 - colors.shape[1]), 255, np.uint8)
    image = np.hstack([colors, alpha])[pixels]
    image[~filled] = 0
    return image


def image_data(rows: np.ndarray[Any, np.dtype[np.uint8]]) -> bytes:
    """Compress (height, bytes per row) uint8 into the IDAT chunk of a PNG."""
    filtered = _filtered(rows, np.zeros(rows.shape[1], np.uint8))
    return chunk(b"IDAT", isal_zlib.compress(filtered.data, FASTEST))


def _filtered(rows: Traces, above: Traces) -> Traces:
    """Apply the filter Up: the filter type, then the difference to the row above."""
    filtered = np.empty((len(rows), 1 + rows.shape[1]), np.uint8)
    filtered[:, 0] = UP
    np.subtract(rows[0], above, out=filtered[0, 1:])
    np.subtract(rows[1:], rows[:-1], out=filtered[1:, 1:])
    return filtered


def _checksum(images: Images, start: int, stop: int, function: Any) -> None:
    """Write the checksum of bytes ``start`` to ``stop`` of each image behind these bytes."""
    flat = images.reshape(-1).data
    length = images.shape[1]
    sums = [function(flat[i + start : i + stop]) for i in range(0, len(flat), length)]
    images[:, stop : stop + 4] = np.array(sums, ">u4").view(np.uint8).reshape(-1, 4)
