"""Is this upload an image, whole, of a kind that is kept, and nothing else besides?"""

import hashlib
import io
from dataclasses import dataclass
from typing import Any

from PIL import Image

from photos.errors import NotAPhoto, PhotoError, TooManyPixels
from photos.polyglots import check_is_nothing_else
from web.errors import UploadTooLarge

# What Pillow calls the formats: the media type, and the suffix that a file gets.
FORMATS = {
    "JPEG": ("image/jpeg", ".jpg"),
    "PNG": ("image/png", ".png"),
    "TIFF": ("image/tiff", ".tif"),
    "WEBP": ("image/webp", ".webp"),
}
_ORIENTATION = 0x0112  # of EXIF; 5 to 8 are turned by a quarter
_QUARTER_TURNS = (5, 6, 7, 8)


@dataclass(frozen=True, slots=True)
class Facts:
    """What an image says of itself. Width and height are pixels of the image as it is shown."""

    format: str
    width: int
    height: int
    size_bytes: int
    sha256: str


def examine(file: Any, max_bytes: int, max_pixels: int) -> Facts:
    """Decode ``file`` and say what it is.

    Raises UploadTooLarge, TooManyPixels, or NotAPhoto where it is no image, is damaged, or could
    be taken for something else.
    """
    size = file.seek(0, io.SEEK_END)
    if size > max_bytes:
        raise UploadTooLarge(max_bytes)
    file.seek(0)
    image_format, width, height = _decoded(file, max_pixels)
    check_is_nothing_else(file, image_format)
    file.seek(0)
    digest = hashlib.file_digest(file, "sha256").hexdigest()
    file.seek(0)
    return Facts(image_format, width, height, size, digest)


def _decoded(file: Any, max_pixels: int) -> tuple[str, int, int]:
    """Format, width and height of an image of which every pixel can be decoded."""
    try:
        with Image.open(file, formats=[*FORMATS]) as image:
            width, height = image.size
            if width * height > max_pixels:
                raise TooManyPixels(width, height, max_pixels)
            image.load()
            turned = image.getexif().get(_ORIENTATION) in _QUARTER_TURNS
            return str(image.format), *((height, width) if turned else (width, height))
    except PhotoError:
        raise
    except Exception as error:  # Pillow's decoders raise whatever they stumble over
        kinds = ", ".join(FORMATS)
        raise NotAPhoto(f"the file is not a whole image of one of the kinds {kinds}") from error
