"""Thumbnails: their size and colours, and the memory that they take."""

import io
import subprocess
import sys

import numpy as np
import pytest
from PIL import Image, ImageCms

from photos.decoding import MAX_HEIGHT_PIXELS, Decoder
from tests.photos.pictures import encoded, picture
from tests.server import ROOT

SIDE = 5000


def thumbnail(data, width):
    return Image.open(io.BytesIO(Decoder(io.BytesIO(data)).thumbnail(width)[0]))


def plain(mode, colour, side=SIDE):
    return Image.new(mode, (side, side), colour)


LARGE = {
    "png-rgba": lambda: encoded(plain("RGBA", (9, 9, 9, 128)), "PNG", compress_level=1),
    "png-16-bits": lambda: encoded(plain("I;16", 30_000), "PNG", compress_level=1),
    "jpeg": lambda: encoded(plain("RGB", "red"), "JPEG"),
    "jpeg-progressive": lambda: encoded(plain("RGB", "red"), "JPEG", progressive=True),
    "tiff-cmyk": lambda: encoded(plain("CMYK", (9, 9, 9, 9)), "TIFF"),
    "tiff-one-strip": lambda: encoded(plain("RGB", "red"), "TIFF", strip_size=1 << 30),
    "webp-lossless": lambda: encoded(plain("RGB", "red"), "WEBP", lossless=True, method=0),
}


@pytest.mark.parametrize("kind", LARGE)
def test_no_more_memory_is_taken_than_was_reserved(kind, tmp_path):
    path = tmp_path / "photo"
    path.write_bytes(LARGE[kind]())
    command = [sys.executable, "-m", "tests.photos.decoded", str(path), "1024", "1"]
    out = subprocess.run(command, cwd=ROOT, capture_output=True, check=True, text=True).stdout
    taken, reserved = map(int, out.split())
    assert taken <= reserved


def test_a_png_of_9900_by_9900_pixels_and_rgba_reserves_a_third_of_the_budget():
    photo = Decoder(io.BytesIO(encoded(plain("RGBA", (9, 9, 9, 9), 9900), "PNG", compress_level=1)))
    assert photo.worst_case_bytes(240) < 128 * 1024**2


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "TIFF", "WEBP"])
def test_a_thumbnail_is_the_mean_of_the_pixels_it_stands_for(kind):
    pixels = np.zeros((800, 800, 3), np.uint8)
    pixels[:400, :400] = (200, 100, 50)
    save = {"quality": 95} if kind in ("JPEG", "WEBP") else {}
    small = np.asarray(thumbnail(encoded(Image.fromarray(pixels), kind, **save), 80))
    assert np.abs(small[8:32, 8:32] - (200.0, 100, 50)).max() < 6
    assert small[48:, 48:].max() < 6


def test_transparent_pixels_do_not_colour_those_beside_them():
    pixels = np.zeros((400, 400, 4), np.uint8)
    pixels[:, ::2] = (255, 0, 0, 255)
    small = np.asarray(thumbnail(encoded(Image.fromarray(pixels), "PNG"), 20))
    assert small[..., 0].min() > 240
    assert np.abs(small[..., 3].astype(int) - 127).max() < 10


def test_a_profile_of_colours_is_applied_and_a_broken_one_left_out():
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    image = Image.new("RGB", (80, 80), (200, 100, 50))
    for icc in (profile, b"nonsense"):
        small = thumbnail(encoded(image, "PNG", icc_profile=icc), 20)
        assert np.abs(np.asarray(small) - (200.0, 100, 50)).max() < 6


def test_a_thumbnail_that_would_be_higher_than_a_jpeg_can_be_is_narrower():
    data = encoded(Image.new("L", (30, 70_000)), "PNG")
    assert thumbnail(data, 30).size == (28, MAX_HEIGHT_PIXELS)
    assert thumbnail(encoded(Image.new("LA", (9, 131_000)), "PNG"), 9).size[1] == MAX_HEIGHT_PIXELS


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_thumbnail_is_turned_as_exif_says(orientation):
    exif = Image.Exif()
    exif[0x0112] = orientation
    data = picture(size=(60, 40), exif=exif)
    size = (15, 10) if orientation < 5 else (10, 15)
    assert thumbnail(data, size[0]).size == size


def test_a_file_on_the_disk_stands_where_it_stood_after_it_was_decoded(tmp_path):
    path = tmp_path / "photo.png"
    path.write_bytes(picture("PNG", (300, 300)))
    with path.open("rb") as file:
        start = file.read(10)
        Decoder(file).thumbnail(30)
        file.seek(0)
        assert start + file.read()[10:] == path.read_bytes()
