"""What is taken for a photo, and what is not."""

import io

import pytest
from PIL import Image

from photos.errors import NotAPhoto, TooManyPixels
from photos.examine import examine
from tests.photos.pictures import encoded, picture
from web.budget import budget
from web.errors import BudgetExhausted, TooLargeForBudget, UploadTooLarge

SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
# A WebP of 34 bytes that declares 16383 x 16383 pixels, and holds none of them.
VAST_WEBP = b"RIFF\x1a\0\0\0WEBPVP8L\x0d\0\0\0\x2f\xfe\xbf\xff\x0f" + bytes(9)
KINDS = ["JPEG", "PNG", "TIFF", "WEBP"]


def facts(data, max_bytes=10_000_000, max_pixels=1_000_000):
    return examine(io.BytesIO(data), max_bytes, max_pixels)[0]


@pytest.mark.parametrize(
    "data",
    [
        b"",
        SVG,
        b"<!DOCTYPE html><html></html>",
        b"%PDF-1.7",
        encoded(Image.new("P", (5, 5)), "GIF"),
        encoded(Image.new("RGB", (5, 5)), "PPM"),
        picture()[:-500],
        picture("PNG")[:-30],
        picture("TIFF")[:-500],
        picture("WEBP")[:-500],
        picture()[:40],
    ],
    ids=["empty", "svg", "html", "pdf", "gif", "ppm", "jpeg", "png", "tiff", "webp", "head only"],
)
def test_what_is_not_a_whole_image_of_a_kept_kind_is_refused(data):
    with pytest.raises(NotAPhoto, match=r"JPEG, PNG, TIFF, WEBP|cut off"):
        facts(data)


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_is_recognised_by_its_content(kind):
    found = facts(picture(kind, (70, 50)))
    assert (found.format, found.width, found.height) == (kind, 70, 50)


@pytest.mark.parametrize("trailer", [bytes(100), SVG, b"PK\x05\x06" + bytes(18)])
@pytest.mark.parametrize("kind", KINDS)
def test_what_a_camera_writes_behind_the_image_is_kept_with_it(kind, trailer):
    found = facts(picture(kind) + trailer)
    assert (found.format, found.size_bytes) == (kind, len(picture(kind) + trailer))


def test_an_mpo_of_a_phone_is_the_jpeg_of_its_first_frame():
    frames = [Image.new("RGB", size, "red") for size in ((80, 60), (40, 30))]
    found = facts(encoded(frames[0], "MPO", save_all=True, append_images=frames[1:]))
    assert (found.format, found.width, found.height) == ("JPEG", 80, 60)


def test_limits_of_bytes_and_of_pixels_say_their_number():
    with pytest.raises(UploadTooLarge, match="1000"):
        facts(picture(), max_bytes=1000)
    with pytest.raises(TooManyPixels, match="2399"):
        facts(picture(), max_pixels=2399)


def test_a_webp_of_34_bytes_that_declares_a_huge_size_is_refused_before_any_pixel():
    with pytest.raises(TooManyPixels, match="16383 × 16383"):
        facts(VAST_WEBP, max_pixels=100_000_000)
    with pytest.raises(TooLargeForBudget, match="WEBP of 16383 × 16383 pixels takes"):
        facts(VAST_WEBP, max_pixels=10**9)


def test_what_is_decoded_is_reserved_from_the_budget_of_bytes_and_given_back():
    with budget.reserve(budget.limit, "all of it"), pytest.raises(BudgetExhausted):
        facts(picture())
    assert facts(picture()).format == "JPEG"
    assert budget.reserved == 0


def test_the_preview_is_upright_and_at_most_1024_pixels_across():
    exif = Image.Exif()
    exif[0x0112] = 6
    _, preview = examine(io.BytesIO(picture(size=(300, 2100), exif=exif)), 10**7, 10**7)
    assert Image.open(io.BytesIO(preview.read())).size == (1024, 146)
