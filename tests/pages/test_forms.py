"""The forms of the home page over real HTTP: what is taken, and how it is said what is not."""

import re
import socket

import pytest
from django.db import connection

from images.models import ImageLog
from photos.models import CorePhoto
from tests.csvs import lines, random_csv, row
from tests.pages.visitor import Page, Visitor
from tests.photos.pictures import picture
from tests.problems import assert_problem
from tests.server import BOUNDARY, Server, form_parts

CSV = random_csv(3)
PLACE = {"well": "A-1", "top_depth": "100", "base_depth": "101.5", "caption": "sandstone"}


def send_log(visitor, csv=CSV, filename="north.csv", well="A-1"):
    return visitor.send("/new-log", {"file": (filename, csv)}, well=well)


def send_photo(visitor, data=None, **fields):
    photo = ("box.jpg", picture() if data is None else data)
    return visitor.send("/new-photo", {"photo": photo}, **{**PLACE, **fields})


def refused(answer, status=400) -> Page:
    """The page on which it is said; nothing is stored."""
    assert answer.status == status, answer.body
    assert answer.headers["Content-Type"].startswith("text/html")
    assert "no-store" in answer.headers["Cache-Control"]
    for model, bucket in ((ImageLog, "image_logs"), (CorePhoto, "photos")):
        assert not model.objects.exists()
        assert connection.database[bucket].chunks.count_documents({}) == 0
    page = Page(answer.body.decode())
    assert "was not added" in page.text
    assert len(page.all("form")) == 3
    opened = [d for d in page.all("details") if "open" in d and d.get("class") != "choices"]
    assert len(opened) == 1
    return page


def inputs(page, prefix):
    return {i["name"]: i for i in page.all("input") if (i.get("id") or "").startswith(prefix)}


def test_the_forms_of_the_page_are_those_that_are_sent_here(visitor):
    forms = [form for form in visitor.page().all("form") if form["method"] == "post"]
    assert [form["action"] for form in forms] == ["/new-log", "/new-photo"]
    assert {form["enctype"] for form in forms} == {"multipart/form-data"}


def test_a_csv_becomes_an_image_log_and_the_page_links_to_it(visitor):
    page = visitor.follow(send_log(visitor))
    log = ImageLog.objects.get()
    assert (log.well, log.filename, log.rows) == ("A-1", "north.csv", 3)
    assert "Image log north.csv was added to well A-1, from 100.0 to 101.0." in page.text
    link = next(href for href in page.values("href") if str(log.pk) in href)
    assert visitor.open(link).headers["Content-Type"] == "image/png"
    assert "was added" not in visitor.page().text


def test_a_photo_becomes_a_core_photo_and_the_page_links_to_it(visitor):
    page = visitor.follow(send_photo(visitor))
    photo = CorePhoto.objects.get()
    assert (photo.well, photo.top_depth, photo.base_depth) == ("A-1", 100, 101.5)
    assert "Core photo sandstone was added to well A-1, from 100.0 to 101.5." in page.text
    assert visitor.open(f"/photos/{photo.pk}/image").body == picture()
    assert f"/photos/{photo.pk}/image" in page.values("href")


def test_a_photo_needs_no_caption(visitor):
    assert "Core photo without caption was" in visitor.follow(send_photo(visitor, caption="")).text


def test_what_is_there_already_is_said_to_be(visitor):
    for send, words in (
        (send_log, "Image log north.csv was in well A-1 already"),
        (send_photo, "Core photo sandstone was in well A-1 already"),
    ):
        visitor.follow(send(visitor))
        assert words in visitor.follow(send(visitor)).text
    assert (ImageLog.objects.count(), CorePhoto.objects.count()) == (1, 1)


def test_hostile_names_are_text_in_the_message_too(visitor):
    hostile = "<script>alert(1)<script>"
    for send in (
        lambda: send_log(visitor, filename=hostile, well=hostile),
        lambda: send_photo(visitor, well=hostile, caption=hostile),
    ):
        page = visitor.follow(send())
        assert f"{hostile} was added to well {hostile}" in page.text
        assert all(script["src"].startswith("/static/") for script in page.all("script"))


@pytest.mark.parametrize(
    ("file", "sentence"),
    [
        (b"", "The file is empty."),
        (lines(), "There is no row of values below the header."),
        (lines(row("deep")), "The depths in depth are not numbers"),
        (picture("PNG"), "The file is a PNG picture"),
    ],
)
def test_what_is_wrong_with_a_file_is_one_sentence(visitor, file, sentence):
    page = refused(send_log(visitor, file))
    assert f"The file was not added {sentence}" in page.text
    assert inputs(page, "log-")["well"]["value"] == "A-1"


def test_lines_that_are_wrong_are_a_table(visitor):
    page = refused(send_log(visitor, lines(row(1), row(2) + ",<b>")))
    assert [attrs["scope"] for attrs in page.all("th")] == ["col"] * 4
    assert "202 fields; the header has 201" in page.text
    table = page.text.partition("Line Column Value Reason ")[2]
    assert table.startswith("3 ")


@pytest.mark.parametrize("well", ["  ", "x" * 101, "A\x07"])
def test_a_wrong_well_is_marked(visitor, well):
    for page in (
        refused(send_log(visitor, well=well)),
        refused(send_photo(visitor, well=well)),
    ):
        marked = [i for i in page.all("input") if i.get("aria-invalid")]
        assert [i["name"] for i in marked] == ["well"]
        assert marked[0]["aria-describedby"] in page.values("id")


@pytest.mark.parametrize(
    ("field", "value", "reason"),
    [
        ("top_depth", "nan", "number"),
        ("top_depth", "", "A finite decimal number is needed"),
        ("top_depth", "102", "deeper than the base"),
        ("base_depth", "<deep>", "A finite decimal number is needed"),
        ("caption", "x" * 501, "no more than 500 characters"),
    ],
)
def test_a_wrong_field_of_a_photo_is_marked_and_what_was_typed_is_kept(
    visitor, field, value, reason
):
    page = refused(send_photo(visitor, **{field: value}))
    typed = inputs(page, "photo-")
    assert typed[field]["aria-invalid"] == "true"
    assert reason in page.text
    for name in PLACE:
        assert typed[name]["value"] == {**PLACE, field: value}[name]
    assert inputs(page, "log-")["well"]["value"] == ""


def test_a_form_without_its_file_is_refused(visitor):
    page = refused(visitor.send("/new-log", {}, well="A-1"))
    assert "The form has no file" in page.text
    page = refused(visitor.send("/new-photo", {}, **PLACE))
    assert inputs(page, "photo-")["photo"]["aria-invalid"] == "true"
    assert "No file was submitted." in page.text


@pytest.mark.parametrize("data", [b"not a photo", b"<svg xmlns='x'/>", picture()[:-400]])
def test_what_is_no_photo_is_refused(visitor, data):
    page = refused(send_photo(visitor, data), 415)
    assert re.search("is not a whole image|is cut off", page.text)


def test_limits_are_those_of_the_api_and_say_their_number():
    limits = {
        "WEB_WORKERS": "1",
        "MAX_UPLOAD_BYTES": "3000000",
        "MAX_PHOTO_BYTES": "30000",
        "MAX_PHOTO_PIXELS": "99",
        "MONGO_TIMEOUT_MS": "20000",  # a server begins slowly on a busy machine
    }
    with Server(limits) as small:
        visitor = Visitor(small)
        assert "at most 2.9 MB" in visitor.page().text
        for csv in (b"7" * 3_000_001, b"7" * 4_000_000):
            assert "limit of 3000000 bytes" in refused(send_log(visitor, csv), 413).text
        for data in (b"7" * 30_001, b"7" * 400_000):
            assert "limit of 30000 bytes" in refused(send_photo(visitor, data), 413).text
        assert "limit of 99 pixels" in refused(send_photo(visitor), 413).text


def test_a_form_of_another_field_or_of_several_files_is_refused(visitor):
    page = refused(visitor.send("/new-log", {"csv": ("a.csv", CSV)}, well="A"))
    assert "The file is in the field 'csv'" in page.text


def test_a_body_that_is_no_form_or_is_cut_off_or_has_no_length_is_refused(server):
    form = f"multipart/form-data; boundary={BOUNDARY}"
    part = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\n'
    for path, status in (("/new-log", 400), ("/new-photo", 403)):
        refused(server.request("POST", path, CSV, {"Content-Type": "text/csv"}))
        refused(server.request("POST", path, b"", {"Content-Type": form}), status)
        chunked = {"Content-Type": form, "Transfer-Encoding": "chunked"}
        refused(server.request("POST", path, iter([b"5\r\nhello\r\n0\r\n\r\n"]), chunked), 411)
    refused(server.request("POST", "/new-log", part.encode() + CSV, {"Content-Type": form}))


@pytest.mark.parametrize("send", [send_log, send_photo])
def test_a_form_that_is_not_from_the_page_is_refused(server, visitor, send):
    class Elsewhere(Visitor):
        """Sends what a form of another site could make a browser send."""

        def send(self, path, files, **fields):
            return self.send_as_is(path, files, **self.forged(fields))

        def forged(self, fields):
            return fields

    class WrongToken(Elsewhere):
        def forged(self, fields):
            return {**fields, "csrfmiddlewaretoken": "x" * 64}

    visitor.page()
    for stranger in (Elsewhere, WrongToken):
        for cookies in ({}, visitor.cookies):
            page = refused(send(stranger(server, cookies)), 403)
            assert "allow cookies" in page.text
            assert inputs(page, "log-")["well"]["value"] == ""
            assert inputs(page, "photo-")["well"]["value"] == ""


def test_the_origin_of_a_form_is_checked_too(visitor):
    answer = visitor.send_as_is(
        "/new-log",
        {"file": ("a.csv", CSV)},
        {"Origin": "http://evil.example"},
        well="A-1",
        csrfmiddlewaretoken=visitor.token(),
    )
    assert_problem(answer, 403, "forbidden")
    assert not ImageLog.objects.exists()


def test_the_address_of_a_form_leads_back_to_the_page(visitor):
    for path in ("/new-log", "/new-photo"):
        answer = visitor.open(path)
        assert (answer.status, answer.headers["Location"]) == (302, "/")


def test_a_client_that_hangs_up_stores_nothing(server, visitor):
    """It has sent a whole CSV, and not the end of the form."""
    token, (before, _) = visitor.token(), form_parts(None, "north.csv")
    field = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="csrfmiddlewaretoken"\r\n\r\n'
    body = f"{field}{token}\r\n".encode() + before + CSV
    with server.connection() as client:
        client.putrequest("POST", "/new-log")
        client.putheader("Content-Type", f"multipart/form-data; boundary={BOUNDARY}")
        client.putheader("Content-Length", str(len(body) + 100))
        client.putheader("Cookie", visitor.cookie_header())
        client.putheader("Origin", f"http://127.0.0.1:{server.port}")
        client.endheaders(body)
        client.sock.shutdown(socket.SHUT_WR)
        answer = client.getresponse()
        assert answer.status == 400
        assert "The body ended 100 bytes early." in Page(answer.read().decode()).text
    assert not ImageLog.objects.exists()
