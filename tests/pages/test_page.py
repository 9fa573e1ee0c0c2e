"""What the home page shows, over real HTTP."""

import pytest
from django.core.files.base import ContentFile

from images.models import ImageLog
from pages.catalogue import ITEMS_OF_A_PAGE
from photos import shelf
from tests.csvs import lines, random_csv, row
from tests.photos.pictures import picture

HOSTILE = "<script>alert('&\"')</script>"


def add_photo(well="A-1", top=100.0, seed=0, kind="JPEG", caption="sandstone"):
    file = ContentFile(picture(kind, seed=seed), name="box.jpg")
    fields = {"well": well, "top_depth": top, "base_depth": top + 1, "caption": caption}
    return shelf.add(file, **fields)[0]


def test_an_empty_catalogue_says_what_to_do(visitor, server):
    page = visitor.page()
    assert "Nothing is here yet" in page.text
    assert f"curl -F file=@log.csv -F well=A-1 http://127.0.0.1:{server.port}/upload-csv" in (
        page.text
    )
    assert page.all("form")


def test_each_well_shows_its_logs_and_its_photos(visitor, ingest):
    ingest(random_csv(1200, top=9000.5), well="B-2")
    ingest(random_csv(3, seed=1), well="A-1")
    add_photo("B-2", 9000.0)
    add_photo("C-3", -5.0, caption="")
    page = visitor.page()
    shown = page.text.partition("Add the core photo")[2].partition("For programs")[0]
    assert shown.strip() == (
        "A-1 Open in the viewer Image logs log.csv 100.0 – 101.0 3 traces, one every 0.5 View"
        " B-2 Open in the viewer Image logs log.csv 9000.5 – 9600.0 1,200 traces, one every 0.5"
        " View"
        " Core photos 9000.0 – 9001.0 sandstone"
        " C-3 Core photos -5.0 – -4.0"
    )
    for image in page.all("img"):
        assert image["loading"] == "lazy"
        assert image["alt"]
        assert image["width"].isdecimal()
        assert image["height"].isdecimal()


def test_logs_that_are_not_ready_are_not_shown(visitor, ingest):
    ingest(random_csv(3))
    ImageLog.objects.update(state="deleting")
    assert not visitor.page().all("img")


def test_every_link_and_picture_of_the_page_answers(visitor, ingest):
    ingest(random_csv(500, top=-20.25), well="A / 1 ? &")
    ingest(lines(row(7)), well="one trace")
    ingest(lines(row(1), row(2), row(1e22)), well="gap")
    for number, kind in enumerate(["JPEG", "PNG", "TIFF", "WEBP"]):
        add_photo("A / 1 ? &", number, kind=kind)
    addresses = {a for a in visitor.page().addresses if not a.startswith("#")}
    assert len(addresses) >= 20
    for address in addresses:
        assert address.startswith("/")
        answer = visitor.open(address)
        while answer.status == 302:
            answer = visitor.open(answer.headers["Location"])
        assert answer.status == 200, (address, answer.body)


def test_a_photo_links_to_what_browsers_show(visitor):
    photo, scan = add_photo("A", 1), add_photo("A", 2, kind="TIFF")
    links = visitor.page().values("href")
    assert f"/photos/{photo.pk}/image" in links
    [shown] = [link for link in links if str(scan.pk) in link]
    assert visitor.open(shown).headers["Content-Type"] == "image/jpeg"


def test_names_are_text_and_nothing_else(visitor, ingest):
    log, _ = ingest(random_csv(3), well=HOSTILE)
    ImageLog.objects.filter(pk=log.pk).update(filename=HOSTILE)
    add_photo(HOSTILE, caption=HOSTILE)
    for path in ("/", "/?well=%3Cscript%3Ealert('%26%22')%3C/script%3E", "/?page=<script>"):
        page = visitor.page(path)
        assert page.text.count(HOSTILE) >= 3
        assert HOSTILE in page.all("img")[0]["alt"]
        assert not page.all("script")


def test_everything_comes_from_here_and_nothing_is_inline(visitor, ingest):
    ingest(random_csv(3))
    add_photo()
    page = visitor.page()
    assert not page.all("script")
    assert not page.all("style")
    names = {name for _, attrs in page.elements for name in attrs}
    assert not [name for name in names if name == "style" or name.startswith("on")]
    assert all(address.startswith(("/", "#")) for address in page.addresses)
    style = visitor.open(page.all("link")[1]["href"])
    assert style.headers["Content-Type"].startswith("text/css")
    assert b"url(" not in style.body
    assert b"@import" not in style.body


def test_each_input_has_its_label_and_each_id_is_given_once(visitor):
    page = visitor.page()
    ids = page.values("id")
    assert len(ids) == len(set(ids))
    shown = [attrs["id"] for attrs in page.all("input") if attrs["type"] != "hidden"]
    assert shown == [attrs["for"] for attrs in page.all("label")]
    assert len(shown) == 7
    described = " ".join(page.values("aria-describedby")).split()
    assert set(described) <= set(ids)
    assert {"name": "viewport", "content": "width=device-width, initial-scale=1"} in (
        page.all("meta")
    )


def test_one_well_can_be_seen_alone(visitor, ingest):
    for seed, well in enumerate("AB"):
        ingest(random_csv(3, seed=seed), well=well)
        add_photo(well)
    page = visitor.page("/?well=B")
    assert len(page.all("img")) == 2
    assert "Only well B is shown" in page.text
    assert [attrs["value"] for attrs in page.all("input") if attrs["name"] == "well"] == ["B"] * 2
    assert "Nothing is here yet" in visitor.page("/?well=nowhere").text


def test_many_items_are_shown_a_page_at_a_time(visitor, ingest):
    log, _ = ingest(random_csv(3), well="A")
    for number in range(1, ITEMS_OF_A_PAGE + 3):
        log.pk, log.sha256, log.top = None, str(number), 100.0 + number
        log.save(force_insert=True)
    add_photo("A")
    first, second = visitor.page("/?well=A"), visitor.page("/?well=A&page=2")
    assert len(first.all("img")) == ITEMS_OF_A_PAGE
    assert len(second.all("img")) == 4
    assert "Page 1 of 2" in first.text
    [following] = [a["href"] for a in first.all("a") if a.get("rel") == "next"]
    assert visitor.page(following).values("src") == second.values("src")
    [back] = [a["href"] for a in second.all("a") if a.get("rel") == "prev"]
    assert visitor.page(back).values("src") == first.values("src")
    assert not set(first.values("src")) & set(second.values("src"))


@pytest.mark.parametrize("number", ["0", "-1", "x", "99999", "", "%00"])
def test_a_page_that_there_is_not_is_the_nearest(visitor, ingest, number):
    ingest(random_csv(3))
    assert len(visitor.page(f"/?page={number}").all("img")) == 1


def test_the_page_is_kept_by_no_cache(visitor):
    assert "no-store" in visitor.open("/").headers["Cache-Control"]
