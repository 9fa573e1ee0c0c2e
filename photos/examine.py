"""Check that an upload is a whole image of a supported kind and not too large to decode."""

import hashlib
import io
from dataclasses import dataclass
from typing import Any

from django.core.files.base import ContentFile

from photos.decoding import FORMATS, Decoder
from photos.errors import TooManyPixels
from web.budget import budget
from web.errors import UploadTooLarge

# Thumbnails up to this width are made from the preview, which is made once.
PREVIEW_WIDTH_PIXELS = 1024


@dataclass(frozen=True, slots=True)
class Facts:
    """The properties of an image file. Width and height are pixels of the image as it is shown."""

    format: str
    width: int
    height: int
    size_bytes: int
    sha256: str


def examine(file: Any, max_bytes: int, max_pixels: int) -> tuple[Facts, ContentFile]:
    """Decode all of ``file``. Returns its properties and its preview: a small version, upright.

    Raises UploadTooLarge; TooManyPixels; NotAPhoto if it is no image or is damaged;
    TooLargeForBudget or BudgetExhausted if there is not enough memory to decode it.
    """
    size = file.seek(0, io.SEEK_END)
    if size > max_bytes:
        raise UploadTooLarge(max_bytes)
    decoder = Decoder(file)
    if decoder.width * decoder.height > max_pixels:
        raise TooManyPixels(decoder.width, decoder.height, max_pixels)
    data, media_type = thumbnail(decoder, PREVIEW_WIDTH_PIXELS)
    file.seek(0)
    digest = hashlib.file_digest(file, "sha256").hexdigest()
    file.seek(0)
    facts = Facts(decoder.format, decoder.width, decoder.height, size, digest)
    return facts, ContentFile(data, f"preview{dict(FORMATS.values())[media_type]}")


def thumbnail(photo: Decoder, width: int) -> tuple[bytes, str]:
    """``photo.thumbnail(width)``, made within the memory budget."""
    what = f"decoding this {photo.format} of {photo.width} × {photo.height} pixels"
    with budget.reserve(photo.worst_case_bytes(width), what):
        return photo.thumbnail(width)
