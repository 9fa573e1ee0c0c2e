"""The image itself: validators, ranges, headers, thumbnails."""

import io

import pytest
from django.db import connection
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from tests.photos.pictures import assert_problem, form, picture, post, put, turned
from web.conditions import byte_range
from web.errors import RangeNotSatisfiable

DATA = picture(size=(900, 700), quality=95)


@pytest.fixture
def url(client: Client) -> str:
    return post(client, DATA, name='b"o\r\nx<7>é.html').json()["image_url"]


def body(response) -> bytes:
    return b"".join(response.streaming_content) if response.streaming else response.content


def test_an_image_has_headers_that_leave_nothing_to_guess(client, url):
    response = client.get(url)
    assert response["Content-Type"] == "image/jpeg"
    assert response["Content-Length"] == str(len(DATA))
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Accept-Ranges"] == "bytes"
    disposition = response["Content-Disposition"]
    assert disposition.startswith("inline")
    assert ".jpg" in disposition
    assert not {"\r", "\n", "<", "html"} & {*disposition, "html" if "html" in disposition else ""}


def test_an_image_that_the_client_has_is_not_sent_again(client, url):
    etag = client.get(url)["ETag"]
    assert not etag.startswith("W/")
    response = client.get(url, headers={"If-None-Match": f'"other", {etag}'})
    assert (response.status_code, response.content, response["ETag"]) == (304, b"", etag)
    assert client.get(url, headers={"If-None-Match": '"other"'}).status_code == 200
    response = client.get(url, headers={"If-Match": '"other"'})
    assert_problem(response, 412, "precondition-failed", "is")


@pytest.mark.parametrize(
    ("asked", "start", "end"),
    [
        ("0-0", 0, 1),
        ("100-199", 100, 200),
        ("-5", -5, None),
        ("7-", 7, None),
        ("3-99999999", 3, None),
    ],
)
def test_a_range_is_sent_with_both_ends(client, url, asked, start, end):
    response = client.get(url, headers={"Range": f"bytes={asked}"})
    part = DATA[start:end]
    assert (response.status_code, body(response)) == (206, part)
    first = start % len(DATA)
    wanted = f"bytes {first}-{first + len(part) - 1}/{len(DATA)}"
    assert response["Content-Range"] == wanted
    assert response["Content-Length"] == str(len(part))


def test_a_range_beyond_the_end_is_refused_with_the_length(client, url):
    response = client.get(url, headers={"Range": f"bytes={len(DATA)}-"})
    assert_problem(response, 416, "range-not-satisfiable", str(len(DATA)))
    assert response["Content-Range"] == f"bytes */{len(DATA)}"


@pytest.mark.parametrize(
    "asked",
    ["bytes=0-1,5-6", "bytes=9-3", "lines=1-2", "bytes=-", "nonsense", f"bytes=0-{'9' * 5000}"],
)
def test_a_range_that_means_nothing_gets_the_whole(client, url, asked):
    response = client.get(url, headers={"Range": asked})
    assert (response.status_code, body(response)) == (200, DATA)


def test_a_range_of_another_image_gets_the_whole(client, url):
    etag = client.get(url)["ETag"]
    asked = {"Range": "bytes=0-9"}
    assert client.get(url, headers={**asked, "If-Range": etag}).status_code == 206
    assert client.get(url, headers={**asked, "If-Range": '"other"'}).status_code == 200


def test_head_has_the_headers_and_no_body(client, url):
    head, get = client.head(url, headers={"Range": "bytes=0-1"}), client.get(url)
    assert (head.status_code, body(head)) == (200, b"")
    assert dict(head.headers) == dict(get.headers)


def test_a_long_image_is_streamed(client):
    data = picture("PNG", (900, 900))
    response = client.get(post(client, data).json()["image_url"])
    assert response.streaming
    assert body(response) == data


@given(st.integers(0, 300), st.one_of(st.none(), st.integers(0, 300)), st.integers(0, 200))
def test_a_range_is_what_slicing_gives(first, last, length):
    data = bytes(range(200))[:length]
    header = f"bytes={first}-{'' if last is None else last}"
    if last is not None and last < first:
        assert byte_range(header, length) is None
    elif first >= length:
        with pytest.raises(RangeNotSatisfiable):
            byte_range(header, length)
    else:
        positions = byte_range(header, length)
        end = None if last is None else last + 1
        assert bytes(data[i] for i in positions) == data[first:end]


def answers(client: Client, url: str) -> list[bytes]:
    """The image, a part of it, and two thumbnails."""
    asked = [(url, ""), (url, "bytes=10-500"), (f"{url}?width=90", ""), (f"{url}?width=60", "")]
    return [body(client.get(to, headers={"Range": part} if part else {})) for to, part in asked]


def test_a_small_image_sent_before_is_sent_again_without_reading_a_chunk(client, url):
    expected = answers(client, url)
    assert expected[:2] == [DATA, DATA[10:501]]
    connection.database.photos.chunks.delete_many({})
    assert answers(client, url) == expected


def test_a_part_of_an_image_does_not_make_the_rest_be_read(client, url):
    assert body(client.get(url, headers={"Range": "bytes=0-9"})) == DATA[:10]
    connection.database.photos.chunks.delete_many({})
    assert_problem(client.get(url), 500, "file-corrupt")


def test_an_image_that_was_sent_before_is_not_sent_once_replaced_or_deleted(client, url):
    answers(client, url)
    photo = url.removesuffix("/image")
    new = picture(seed=1)
    assert put(client, photo, photo=form(new)["photo"]).status_code == 200
    assert answers(client, url)[:2] == [new, new[10:501]]
    assert client.delete(photo).status_code == 204
    for query in ("", "?width=90"):
        assert_problem(client.get(url + query), 404, "photo-not-found")


def thumbnail(client: Client, url: str, width: int) -> Image.Image:
    response = client.get(f"{url}?width={width}")
    assert response.status_code == 200
    return Image.open(io.BytesIO(response.content))


def test_a_thumbnail_has_the_width_asked_for_and_its_own_etag(client, url):
    small = thumbnail(client, url, 90)
    assert (small.format, small.size) == ("JPEG", (90, 70))
    etags = {client.get(f"{url}{query}")["ETag"] for query in ("", "?width=90", "?width=91")}
    assert len(etags) == 3
    response = client.get(f"{url}?width=90", headers={"If-None-Match": sorted(etags)[0]})
    assert response.status_code in (200, 304)


def test_a_thumbnail_is_never_larger_than_the_photo(client, url):
    assert thumbnail(client, url, 4000).size == (900, 700)


def test_a_thumbnail_is_the_right_way_up(client):
    url = post(client, turned(6, (600, 400))).json()["image_url"]
    small = thumbnail(client, url, 40)
    assert small.size == (40, 60)
    assert not small.getexif().get(0x0112)


def test_a_thumbnail_keeps_transparency(client):
    out = io.BytesIO()
    Image.new("RGBA", (50, 50), (255, 0, 0, 10)).save(out, "PNG")
    url = post(client, out.getvalue()).json()["image_url"]
    assert thumbnail(client, url, 10).getpixel((0, 0)) == (255, 0, 0, 10)


@pytest.mark.parametrize("mode", ["1", "L", "P", "LA", "I;16", "CMYK", "F"])
def test_a_thumbnail_of_any_mode_can_be_made(client, mode):
    out = io.BytesIO()
    Image.new(mode, (50, 40)).save(out, "TIFF")
    url = post(client, out.getvalue()).json()["image_url"]
    assert thumbnail(client, url, 10).size == (10, 8)


def test_a_thumbnail_of_16_bits_keeps_its_brightness(client):
    out = io.BytesIO()
    Image.new("I;16", (50, 40), 128 * 256).save(out, "PNG")
    url = post(client, out.getvalue()).json()["image_url"]
    assert abs(thumbnail(client, url, 10).getpixel((0, 0)) - 128) <= 1


@pytest.mark.parametrize("width", ["0", "-1", "4097", "wide", "²", "", "9" * 5000])
def test_a_width_that_is_none_is_refused(client, url, width):
    assert_problem(client.get(f"{url}?width={width}"), 400, "invalid-parameter", "4096")
