"""What the list of wells and the page of a well show, over real HTTP."""

import re
from urllib.parse import quote

import pytest
from bson import ObjectId
from django.core.files.base import ContentFile
from django.db import connection
from django.utils import timezone

from images.models import ImageLog
from pages.catalogue import ITEMS_PER_PAGE, WELLS_PER_PAGE
from photos import editing
from photos.models import CorePhoto
from storage.documents import collection
from tests.csvs import lines, random_csv, row
from tests.pages.visitor import Page
from tests.photos.pictures import picture
from wells.models import Well, natural_key

HOSTILE = "<script>alert('&\"')</script>"


def add_photo(well="A-1", top=100.0, seed=0, kind="JPEG", caption="sandstone"):
    file = ContentFile(picture(kind, seed=seed), name="box.jpg")
    fields = {"well": well, "top_depth": top, "base_depth": top + 1, "caption": caption}
    return editing.add(file, **fields)[0]


def well_page(visitor, name):
    """The page of a well, by the link in the list."""
    wells = visitor.server.get(f"/wells/?search={quote(name, safe='')}").json["results"]
    [found] = [well["id"] for well in wells if well["name"] == name]
    return visitor.page(f"/well/{found}/")


def shown_wells(page):
    """The names in the list, in its order."""
    ids = [href for href in page.values("href") if re.fullmatch(r"/well/\w+/", href)]
    return [Well.objects.get(pk=href.split("/")[2]).name for href in ids]


def test_an_empty_catalogue_says_what_to_do(visitor, server):
    page = visitor.page()
    assert "Nothing is here yet" in page.text
    assert f"curl -F file=@log.csv -F well=A-1 http://127.0.0.1:{server.port}/logs/" in (page.text)
    assert page.all("form")


def test_home_lists_wells_with_counts_and_depth_range_in_natural_order(visitor, ingest):
    for number, name in enumerate(("F-10", "F-4", "f-9")):
        ingest(random_csv(3, seed=number), well=name)
    ingest(random_csv(1200, top=9000.5), well="F-4")
    add_photo("F-4", 9700.0)
    add_photo("C-3", -5.0, caption="")
    page = visitor.page()
    assert shown_wells(page) == ["C-3", "F-4", "f-9", "F-10"]
    shown = page.text.partition("4 wells")[2].partition("For programs")[0].strip()
    today = timezone.localdate().strftime("%-d %B %Y")
    assert shown == (
        f"C-3 -5.0 – -4.0 1 photo Changed {today}"
        f" F-4 100.0 – 9701.0 2 image logs, 1 photo Changed {today}"
        f" f-9 100.0 – 101.0 1 image log Changed {today}"
        f" F-10 100.0 – 101.0 1 image log Changed {today}"
    )
    strips = page.pictures
    assert len(strips) == 3
    assert all("stretch=percentile" in strip["src"] for strip in strips)


def test_a_search_with_a_nul_is_refused_on_a_page(visitor):
    answer = visitor.open("/?search=%00")
    assert answer.status == 400
    assert b"control or format character" in answer.body


def test_the_search_of_the_list_narrows_it_and_says_when_there_is_no_hit(visitor, ingest):
    for number, name in enumerate(("15/9-F-4", "15/9-F-10", "P11-A-02")):
        ingest(random_csv(3, seed=number), well=name)
    page = visitor.page("/?search=f-")
    assert shown_wells(page) == ["15/9-F-4", "15/9-F-10"]
    assert "2 wells with “f-” in the name" in page.text
    page = visitor.page("/?search=(")
    assert "No well has “(” in its name" in page.text
    assert "Nothing is here yet" not in page.text
    assert "/" in page.values("href")


def test_a_well_is_shown_with_its_logs_curves_photos_picks_and_survey(visitor, ingest):
    log, _ = ingest(random_csv(1200, top=9000.5), well="15/9-F-4")
    log.change({}, unit="g/cm3", depth_unit="m", nulls=1800)
    curve, _ = ingest(random_csv(3), well="15/9-F-4")
    curve.change({}, kind="curve", name="GR", unit="gAPI", width=1)
    add_photo("15/9-F-4", 9000.0)
    page = well_page(visitor, "15/9-F-4")
    for words in (
        "image [g/cm3] 9000.5 – 9600.0 m 150 wide; 1,200 traces, one every 0.5 m, 1.0% null",
        "GR gAPI 100.0 – 101.0 3 traces, one every 0.5",
        "Core photos 9000.0 – 9001.0 sandstone",
        "No plane has been picked yet",
        "Survey none: dips stay apparent",
        "Bit size not known",
    ):
        assert words in page.text
    assert f"/get-images/9000.5/9600.0?log={log.pk}&format=las" in page.values("href")
    assert page.values("download") == ["image.las"]
    for image in page.pictures:
        assert image["loading"] == "lazy"
        assert image["alt"]


def test_a_well_that_is_not_there_is_a_page_with_a_way_back(visitor):
    for address in ("/well/x/", f"/well/{'0' * 24}/", "/nowhere"):
        answer = visitor.open(address)
        assert answer.status == 404
        page = Page(answer.body.decode())
        assert "Go to the wells" in page.text
        assert "/" in page.values("href")
        assert visitor.server.get(address).json["status"] == 404


def test_the_address_of_a_well_with_its_name_leads_to_the_page_with_its_id(visitor, ingest):
    ingest(random_csv(3), well="A 1")
    answer = visitor.open("/well/A%201/")
    assert answer.status == 302
    assert answer.headers["Location"] == f"/well/{Well.objects.get().pk}/"


def test_logs_that_are_not_ready_are_not_shown(visitor, ingest):
    ingest(random_csv(3))
    ImageLog.objects.update(state="deleting")
    assert not visitor.page().pictures
    assert not well_page(visitor, "A-1").pictures


def test_every_link_and_picture_of_the_page_answers(visitor, ingest):
    ingest(random_csv(500, top=-20.25), well="A / 1 ? &")
    ingest(lines(row(7)), well="one trace")
    ingest(lines(row(1), row(2), row(1e22)), well="gap")
    for number, kind in enumerate(["JPEG", "PNG", "TIFF", "WEBP"]):
        add_photo("A / 1 ? &", number, kind=kind)
    pages = [visitor.page()]
    pages += [visitor.page(a) for a in pages[0].addresses if a.startswith("/well/")]
    addresses = {a for page in pages for a in page.addresses if not a.startswith("#")}
    assert len(addresses) >= 20
    for address in addresses:
        assert address.startswith("/")
        answer = visitor.open(address)
        while answer.status == 302:
            answer = visitor.open(answer.headers["Location"])
        assert answer.status == 200, (address, answer.body)


def test_a_photo_links_to_what_browsers_show(visitor):
    photo, scan = add_photo("A", 1), add_photo("A", 2, kind="TIFF")
    links = well_page(visitor, "A").values("href")
    assert f"/photos/{photo.pk}/image" in links
    [shown] = [link for link in links if str(scan.pk) in link]
    assert visitor.open(shown).headers["Content-Type"] == "image/jpeg"


def test_names_are_text_and_nothing_else(visitor, ingest):
    log, _ = ingest(random_csv(3), well=HOSTILE)
    ImageLog.objects.filter(pk=log.pk).update(filename=HOSTILE)
    add_photo(HOSTILE, caption=HOSTILE)
    page = well_page(visitor, HOSTILE)
    assert page.text.count(HOSTILE) >= 3
    assert HOSTILE in page.pictures[0]["alt"]
    search = visitor.page("/?search=%3Cscript%3E&page=<script>")
    assert search.text.count(HOSTILE) == 1
    for shown in (page, search):
        assert all(script["src"].startswith("/static/") for script in shown.all("script"))


def test_everything_comes_from_here_and_nothing_is_inline(visitor, ingest):
    ingest(random_csv(3))
    add_photo()
    for page in (visitor.page(), well_page(visitor, "A-1")):
        assert not page.all("style")
        names = {name for _, attrs in page.elements for name in attrs}
        assert not [name for name in names if name == "style" or name.startswith("on")]
        assert all(address.startswith(("/", "#", "?")) for address in page.addresses)
    policy = visitor.open("/").headers["Content-Security-Policy"]
    assert "script-src 'self';" in policy
    assert "unsafe" not in policy
    style = visitor.open(page.all("link")[1]["href"])
    assert style.headers["Content-Type"].startswith("text/css")
    assert b"url(" not in style.body
    assert b"@import" not in style.body


def test_each_input_has_its_label_and_each_id_is_given_once(visitor):
    page = visitor.page()
    ids = page.values("id")
    assert len(ids) == len(set(ids))
    fields = [attrs for tag, attrs in page.elements if tag in ("input", "select")]
    shown = [attrs["id"] for attrs in fields if attrs.get("type") != "hidden"]
    assert shown == [attrs["for"] for attrs in page.all("label")]
    assert len(shown) == 16
    described = " ".join(page.values("aria-describedby")).split()
    assert set(described) <= set(ids)
    assert {"name": "viewport", "content": "width=device-width, initial-scale=1"} in (
        page.all("meta")
    )


def test_a_page_of_the_list_never_cuts_a_well_in_two(visitor, server):
    for number in range(WELLS_PER_PAGE + 2):
        Well.ensure(f"W-{number}")
    first, second = visitor.page("/?search=w-"), visitor.page("/?search=w-&page=2")
    assert shown_wells(first) == [f"W-{number}" for number in range(WELLS_PER_PAGE)]
    assert shown_wells(second) == [f"W-{WELLS_PER_PAGE + n}" for n in range(2)]
    assert "Page 1 of 2" in first.text
    [following] = [a["href"] for a in first.all("a") if a.get("rel") == "next"]
    assert shown_wells(visitor.page(f"/{following}")) == shown_wells(second)
    [back] = [a["href"] for a in second.all("a") if a.get("rel") == "prev"]
    assert shown_wells(visitor.page(f"/{back}")) == shown_wells(first)


def test_a_list_of_many_wells_reads_no_more_logs_and_photos_than_those_of_the_wells_it_shows(
    visitor, ingest
):
    ingest(random_csv(3), well="W-0")
    stored = collection(ImageLog).find_one()
    logs, photos = [], []
    names = [f"W-{number}" for number in range(1, 300)]
    Well.objects.bulk_create([Well(name=name, sort_key=natural_key(name)) for name in names])
    for well in names:
        logs += [{**stored, "_id": ObjectId(), "well": well, "part": n} for n in range(9)]
        photos += [{"well": well, "top_depth": n, "base_depth": n, "sha256": n} for n in range(9)]
    collection(ImageLog).insert_many(logs)
    connection.database[CorePhoto._meta.db_table].insert_many(photos)
    before = scanned()
    assert len(shown_wells(visitor.page())) == WELLS_PER_PAGE
    # Logs are read twice, and MongoDB tries several indexes before it takes one.
    assert scanned() - before < (2 * len(logs) + len(photos)) / 3


def scanned():
    """How many keys of indexes and documents MongoDB has read for queries."""
    executor = connection.database.command("serverStatus")["metrics"]["queryExecutor"]
    return executor["scanned"] + executor["scannedObjects"]


def test_many_logs_of_a_well_are_shown_a_page_at_a_time(visitor, ingest):
    log, _ = ingest(random_csv(3), well="A")
    for number in range(1, ITEMS_PER_PAGE + 3):
        log.pk, log.sha256, log.top = None, str(number), 100.0 + number
        log.save(force_insert=True)
    add_photo("A")
    first = well_page(visitor, "A")
    assert len(first.pictures) == ITEMS_PER_PAGE + 1
    [following] = [a["href"] for a in first.all("a") if a.get("rel") == "next"]
    assert following == "?logs=2"
    second = visitor.page(f"/well/{Well.objects.get().pk}/{following}")
    assert len(second.pictures) == 3 + 1


@pytest.mark.parametrize("number", ["0", "-1", "x", "99999", "", "%00"])
def test_a_page_that_there_is_not_is_the_nearest(visitor, ingest, number):
    ingest(random_csv(3))
    assert len(visitor.page(f"/?page={number}").pictures) == 1


def test_the_page_is_kept_by_no_cache(visitor):
    assert "no-store" in visitor.open("/").headers["Cache-Control"]
