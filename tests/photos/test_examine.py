"""What is taken for a photo, and what is not."""

import io
import zipfile

import pytest
from PIL import Image

from photos.errors import NotAPhoto
from photos.examine import examine
from tests.photos.pictures import picture

SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


def archive() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as file:
        file.writestr("a.class", b"x")
    return out.getvalue()


def comment(text: bytes) -> bytes:
    data = picture()
    return data[:2] + b"\xff\xfe" + (len(text) + 2).to_bytes(2, "big") + text + data[2:]


def gif() -> bytes:
    out = io.BytesIO()
    Image.new("P", (5, 5)).save(out, "GIF")
    return out.getvalue()


@pytest.mark.parametrize(
    "data",
    [
        b"",
        SVG,
        b"<!DOCTYPE html><html></html>",
        b"%PDF-1.7",
        gif(),
        picture()[:-500],
        picture("PNG")[:-30],
        picture()[:40],
    ],
    ids=["empty", "svg", "html", "pdf", "gif", "cut jpeg", "cut png", "head only"],
)
def test_what_is_no_whole_image_of_a_kept_kind_is_refused(data):
    with pytest.raises(NotAPhoto, match="JPEG, PNG, TIFF, WEBP"):
        examine(io.BytesIO(data), 10_000_000, 10_000)


@pytest.mark.parametrize(
    "data",
    [
        picture() + archive(),
        picture() + SVG,
        picture() + b"\xff\xd8 motion",
        picture("PNG") + b"x",
        picture("WEBP") + b"x",
        picture("TIFF") + SVG,
        picture("TIFF") + archive(),
        comment(b"<script>alert(1)</script>"),
        comment(b"<?php system('ls') ?>"),
        comment(b"%PDF-1.7 1 0 obj"),
    ],
)
def test_what_is_something_else_besides_is_refused(data):
    with pytest.raises(NotAPhoto, match=r"behind the end|besides"):
        examine(io.BytesIO(data), 10_000_000, 10_000)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "TIFF", "WEBP"])
def test_noise_is_not_taken_for_a_document(kind):
    facts = examine(io.BytesIO(picture(kind, (700, 700))), 10_000_000, 1_000_000)
    assert (facts.format, facts.width) == (kind, 700)


def test_a_mark_across_two_blocks_is_found():
    data = comment(b"x" * 65_000)
    padded = data + b"\0" * (1024 * 1024 - len(data) - 4) + b"<script" + b"\xff\xd9"
    with pytest.raises(NotAPhoto, match="besides"):
        examine(io.BytesIO(padded), 10_000_000, 10_000)


def test_zeros_behind_a_jpeg_are_what_some_cameras_write():
    assert examine(io.BytesIO(picture() + bytes(100)), 10_000_000, 10_000).format == "JPEG"
