"""Images made for tests, and requests with them."""

import io
from typing import Any

import numpy as np
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart
from PIL import Image

ORIENTATION = 0x0112


def picture(
    kind: str = "JPEG", size: tuple[int, int] = (60, 40), seed: int = 0, **save: Any
) -> bytes:
    """A picture of noise, ``size`` pixels across and down."""
    pixels = np.random.default_rng(seed).integers(0, 256, (size[1], size[0], 3), np.uint8)
    return encoded(Image.fromarray(pixels), kind, **save)


def encoded(image: Image.Image, kind: str, **save: Any) -> bytes:
    out = io.BytesIO()
    image.save(out, kind, **save)
    return out.getvalue()


def turned(orientation: int, size: tuple[int, int] = (60, 40)) -> bytes:
    """A JPEG that is to be shown turned."""
    exif = Image.Exif()
    exif[ORIENTATION] = orientation
    return picture(size=size, exif=exif)


def form(data: bytes | None = None, name: str = "box 7.jpg", **fields: Any) -> dict[str, Any]:
    """A whole form, with ``fields`` instead of its own."""
    file = SimpleUploadedFile(name, picture() if data is None else data, "image/jpeg")
    usual = {"well": "A-1", "top_depth": "9000", "base_depth": "9001.5", "caption": "sandstone"}
    return {**usual, "photo": file, **fields}


def post(client: Client, data: bytes | None = None, **fields: Any) -> Any:
    return client.post("/photos/", form(data, **fields))


def put(client: Client, url: str, **fields: Any) -> Any:
    return client.put(url, encode_multipart(BOUNDARY, fields), MULTIPART_CONTENT)


def assert_problem(response: Any, status: int, kind: str, *words: str) -> None:
    """The whole of an error: status, media type, members, and words in its detail."""
    assert response.status_code == status, response.content
    assert response["Content-Type"] == "application/problem+json"
    assert response["Cache-Control"] == "no-store"
    document = response.json()
    assert document["type"] == f"urn:problem-type:{kind}"
    assert document["status"] == status
    for word in words:
        assert word in document["detail"]
