"""Small versions of photos, the right way up."""

import io
from typing import Any

from PIL import Image, ImageOps

MAX_WIDTH_PIXELS = 4096
_QUALITY = 85
_MODES_WITH_ALPHA = ("RGBA", "LA", "PA")


def thumbnail(file: Any, width: int) -> tuple[bytes, str]:
    """``file`` at up to ``width`` pixels across as it is shown, and its media type.

    Never larger than the photo. JPEG, or PNG where there is transparency.
    """
    with Image.open(file) as image:
        # A JPEG can be decoded at a fraction; twice the width, as it may be turned or resized.
        image.draft("RGB", (2 * width, 2 * width))
        upright = _eight_bits(ImageOps.exif_transpose(image))
    height = max(1, round(upright.height * width / upright.width))
    if width < upright.width:
        upright = upright.resize((width, height), Image.Resampling.LANCZOS)
    transparent = upright.mode in _MODES_WITH_ALPHA
    out = io.BytesIO()
    if transparent:
        upright.save(out, "PNG")
        return out.getvalue(), "image/png"
    upright.save(out, "JPEG", quality=_QUALITY)
    return out.getvalue(), "image/jpeg"


def _eight_bits(image: Image.Image) -> Image.Image:
    """A mode that both JPEG and resampling know."""
    if image.mode.startswith(("I", "F")):
        # Scanners write 16 bits, of which Pillow would cut the upper ones off.
        return image.convert("F").point(lambda value: value / 256).convert("L")
    if image.mode == "P" and "transparency" in image.info:
        return image.convert("RGBA")
    return image if image.mode in ("L", "RGB", *_MODES_WITH_ALPHA[:2]) else image.convert("RGB")
