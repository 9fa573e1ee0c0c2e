"""Photos decoded with libvips, row by row where the format can.

libvips reads PNG, TIFF and most JPEGs from top to bottom and keeps some hundred rows, so memory
grows with the width of a photo instead of with its pixels.
"""

import io
import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pyvips

from photos import jpeg_scans
from photos.errors import NotAPhoto

# The formats by libvips' name of their loader; and of each its media type and the suffix of files.
LOADERS = {"jpegload": "JPEG", "pngload": "PNG", "tiffload": "TIFF", "webpload": "WEBP"}
FORMATS = {
    "JPEG": ("image/jpeg", ".jpg"),
    "PNG": ("image/png", ".png"),
    "TIFF": ("image/tiff", ".tif"),
    "WEBP": ("image/webp", ".webp"),
}
KINDS = ", ".join(FORMATS)
# The bytes of a thumbnail depend on the photo and on this.
LIBRARY = f"libvips-{'.'.join(str(pyvips.version(part)) for part in range(3))}"
MAX_WIDTH_PIXELS = 4096
# JPEG ends at 65 535.
MAX_HEIGHT_PIXELS = 65_500
_QUALITY = 85
_QUARTER_TURNS = (5, 6, 7, 8)  # of EXIF's orientation
_GRAY = ("b-w", "grey16")
_SAMPLE_BYTES = {"uchar": 1, "char": 1, "ushort": 2, "short": 2}
# Measured with libvips 8.18: what decoding takes besides rows, the rows that it keeps, and what
# resizing takes for each column of a thumbnail. tests/photos/test_decoding.py compares.
_BASE_BYTES, _ROWS, _BYTES_A_COLUMN = 16 * 1024**2, 1100, 4096

# What libvips lets libtiff take.
_STRIP_BYTES = 50 * 1024**2

# pyvips logs each thread that it starts, and damage that it raises as an error too.
logging.getLogger("pyvips").setLevel(logging.ERROR)
pyvips.cache_set_max(0)
# One thread for each decode: more would each keep rows, and requests have threads already.
pyvips.concurrency_set(1)
pyvips.operation_block_set("VipsForeignLoad", True)
for _kind in ("Jpeg", "Png", "Tiff", "Webp"):
    pyvips.operation_block_set(f"VipsForeignLoad{_kind}", False)


class Decoder:
    """A photo whose header has been read: its format, and its size as it is shown.

    ``file`` is read again for each thumbnail. Raises NotAPhoto if it is not an image of one of
    FORMATS.
    """

    def __init__(self, file: Any) -> None:
        self._file = file
        with self._open(fail_on="none") as image:
            self.format = LOADERS[image.get("vips-loader").removesuffix("_source")]
            self._raw = image.width, image.height
            turned = _field(image, "orientation", 1) in _QUARTER_TURNS
            self.width, self.height = self._raw[::-1] if turned else self._raw
            self._turned = turned
            self._row_bytes = image.width * image.bands * _SAMPLE_BYTES.get(image.format, 4)
            self._alpha = image.hasalpha()
            self._kept_bytes = self._kept(image)

    def worst_case_bytes(self, width: int) -> int:
        """The memory that ``thumbnail(width)`` takes in the worst case."""
        across, down = self._size(width)
        made = across * down * (4 if self._alpha else 1)
        resized = across * _BYTES_A_COLUMN * (2 if self._alpha else 1)
        return _BASE_BYTES + self._kept_bytes + resized + made

    def thumbnail(self, width: int) -> tuple[bytes, str]:
        """The photo as it is shown at up to ``width`` pixels across, and its media type.

        It is never larger than the photo, nor higher than MAX_HEIGHT_PIXELS. It is a JPEG, or a PNG
        if there is transparency, of 8 bits, in sRGB or gray. Raises NotAPhoto if a row cannot be
        decoded.
        """
        across, down = self._size(width)
        with self._open(**self._reading(across)) as image:
            small = _upright(_resized(image, across, down))
            if small.hasalpha():
                return small.pngsave_buffer(keep="none"), "image/png"
            return small.jpegsave_buffer(Q=_QUALITY, keep="none"), "image/jpeg"

    def _size(self, width: int) -> tuple[int, int]:
        """Across and down of the thumbnail before it is turned upright."""
        scale = min(1.0, width / self.width, MAX_HEIGHT_PIXELS / self.height)
        across, down = (max(1, round(length * scale)) for length in self._raw)
        return across, down

    def _kept(self, image: pyvips.Image) -> int:
        """Bytes that the decoder keeps of the photo."""
        pixels = image.width * image.height
        if self.format == "WEBP":  # decoded whole; frames of an animation are laid over each other
            return (8 if _field(image, "n-pages", 1) > 1 else 4) * pixels + self._file_bytes()
        if self.format == "PNG" and _field(image, "interlaced", 0):
            return self._row_bytes * image.height
        kept = _ROWS * (2 if self._alpha else 1) + 2 * _field(image, "tile-height", 0)
        rows = self._row_bytes * min(image.height, kept)
        if self.format == "JPEG":
            return rows + jpeg_scans.coefficient_bytes(self._file)
        # libtiff holds one strip as it was compressed.
        return rows + (min(self._file_bytes(), _STRIP_BYTES) if self.format == "TIFF" else 0)

    def _file_bytes(self) -> int:
        return int(self._file.seek(0, io.SEEK_END))

    def _reading(self, across: int) -> dict[str, Any]:
        """The options to decode all rows, reduced to no less than twice ``across``; WebP to it."""
        if self.format == "JPEG":
            factor = self._raw[0] // (2 * across)
            shrink = next((shrink for shrink in (8, 4, 2) if shrink <= factor), 1)
            # Cameras write bytes between segments. libjpeg warns of these as it does of a file that
            # is cut off, so warnings are ignored: `jpeg_scans` has found the end.
            return {"shrink": shrink, "fail_on": "none"}
        scale = {"scale": across / self._raw[0]} if self.format == "WEBP" else {}
        return {"fail_on": "error", **scale}

    @contextmanager
    def _open(self, **options: Any) -> Iterator[pyvips.Image]:
        """The image, not decoded yet. An error of libvips becomes NotAPhoto."""
        try:
            with _source(self._file) as source:
                yield pyvips.Image.new_from_source(source, "", access="sequential", **options)
        except pyvips.Error as error:
            raise NotAPhoto(_reason(error)) from error


@contextmanager
def _source(file: Any) -> Iterator[pyvips.Source]:
    """``file`` from its start. A file on the disk is read by libvips itself."""
    try:
        descriptor = file.fileno()
    except io.UnsupportedOperation:
        file.seek(0)
        yield pyvips.Source.new_from_memory(file.read())
        return
    # Python's buffer counts on the position where it left the file.
    position = os.lseek(descriptor, 0, os.SEEK_CUR)
    try:
        os.lseek(descriptor, 0, os.SEEK_SET)
        yield pyvips.Source.new_from_descriptor(descriptor)
    finally:
        os.lseek(descriptor, position, os.SEEK_SET)


def _resized(image: pyvips.Image, across: int, down: int) -> pyvips.Image:
    """``image`` at this size, in memory. It is averaged across first, which makes rows short."""
    alpha, kind, interpretation = image.hasalpha(), image.format, image.interpretation
    if alpha:
        image = image.premultiply()
    if (factor := image.width // (2 * across)) > 1:
        image = image.shrinkh(factor)
    if (image.width, image.height) != (across, down):
        image = image.resize(across / image.width, vscale=down / image.height)
    if alpha:
        image = image.unpremultiply().cast(kind).copy(interpretation=interpretation)
    return image.copy_memory()


def _upright(image: pyvips.Image) -> pyvips.Image:
    """``image`` the right way up, with 8 bits of sRGB or gray."""
    image = image.autorot()
    if image.get_typeof("icc-profile-data"):
        try:
            image = image.icc_transform("srgb", embedded=True, depth=8)
        except pyvips.Error:  # a broken profile says nothing of the colours
            image = image.mutate(lambda mutable: mutable.remove("icc-profile-data"))
    image = image.colourspace("b-w" if image.interpretation in _GRAY else "srgb")
    return image.extract_band(0, n=4) if image.bands > 4 else image  # RGB and alpha


def _field(image: pyvips.Image, name: str, default: int) -> int:
    return int(image.get(name)) if image.get_typeof(name) else default


def _reason(error: pyvips.Error) -> str:
    if "memory allocation" in str(error):
        return f"a strip of the TIFF takes over {_STRIP_BYTES} bytes; save it in shorter strips"
    words = error.detail.strip().splitlines()
    detail = f" ({words[0][:200]})" if words else ""
    return f"the file is not a whole image of one of the kinds {KINDS}{detail}"
