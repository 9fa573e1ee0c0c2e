"""One ETag stands for one body: an upgrade of what makes the bytes changes it."""

import ast
from importlib import metadata

import numpy as np
import pytest
from django.test import Client, override_settings

from dips import diagrams
from images.render import representations
from images.render.representations import REPRESENTATIONS
from tests.csvs import random_csv
from tests.photos.pictures import picture, post
from tests.server import ROOT
from tests.values import published
from web import conditions
from wells.models import Well, change

# The packages by which answers are made, whose versions do not show in them.
NO_BYTES = {"Django", "cachetools", "django", "djangorestframework", "pymongo"}
MADE_BY = {
    representations.LIBRARIES: ["images/render/*.py", "images/arrays.py", "web/compression.py"],
    diagrams.LIBRARIES: ["dips/diagrams.py", "dips/planes/statistics.py"],
}


@pytest.fixture
def client():
    return Client(SERVER_NAME="localhost")


@pytest.fixture
def upgraded(monkeypatch):
    """Says that another version of a package is installed."""

    def upgraded(package):
        versions = metadata.version
        changed = lambda name: "99.0" if name == package else versions(name)  # noqa: E731
        monkeypatch.setattr(metadata, "version", changed)
        conditions.made_by.cache_clear()

    yield upgraded
    monkeypatch.undo()
    conditions.made_by.cache_clear()


@pytest.fixture
def addresses(client, ingest):
    """Of everything that is drawn, encoded or written when it is asked for."""
    log, _ = ingest(random_csv(30, top=100, step=1), well="A")
    photo = post(client, picture("PNG", (90, 70))).json()["id"]
    return {
        **{f"/get-images/100/120/?log={log.pk}&format={kind}": kind for kind in REPRESENTATIONS},
        **{f"/dips/rose.{kind}?well=A": "dips" for kind in diagrams.MEDIA_TYPES},
        **{f"/dips/stereonet.{kind}?well=A": "dips" for kind in diagrams.MEDIA_TYPES},
        **{f"/dips/tadpoles.{kind}?well=A&min=1&max=9": "dips" for kind in diagrams.MEDIA_TYPES},
        f"/photos/{photo}/image?width=20": "photo",
    }


def tags(client, addresses):
    """Those of the 304 of whoever has anything, for which nothing is made."""
    anything = {"If-None-Match": "*"}
    found = {address: client.get(address, headers=anything) for address in addresses}
    assert {answer.status_code for answer in found.values()} == {304}
    return {address: answer["ETag"] for address, answer in found.items()}


@pytest.mark.parametrize("package", sorted({*representations.LIBRARIES, *diagrams.LIBRARIES}))
def test_an_upgrade_of_a_package_changes_the_etag_of_what_it_makes(
    client, addresses, upgraded, package
):
    before = tags(client, addresses)
    upgraded(package)
    after = tags(client, addresses)
    made = {kind for kind in addresses.values() if package in _libraries(kind)}
    assert made
    assert {addresses[a] for a in addresses if after[a] != before[a]} == made


def test_a_new_version_of_the_service_changes_all_etags(client, addresses):
    before = tags(client, addresses)
    conditions.made_by.cache_clear()
    with override_settings(VERSION="99.0"):
        after = tags(client, addresses)
    conditions.made_by.cache_clear()
    assert not {*before.values()} & {*after.values()}


def _libraries(kind):
    if kind in REPRESENTATIONS:
        return representations.LIBRARIES
    return diagrams.LIBRARIES if kind == "dips" else ()


@pytest.mark.parametrize("named", MADE_BY, ids=" ".join)
def test_every_package_that_the_code_of_an_answer_imports_is_in_its_etag(named):
    paths = [path for pattern in MADE_BY[named] for path in ROOT.glob(pattern)]
    assert len(paths) >= 2
    packages = metadata.packages_distributions()
    imported = {
        package
        for path in paths
        for module in _imported(path)
        for package in packages.get(module, ())
    }
    assert imported - NO_BYTES <= {*named}


def _imported(path):
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (name.name.partition(".")[0] for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield str(node.module).partition(".")[0]


def test_azimuths_that_are_changed_are_not_taken_from_a_cache_as_the_zarr_array_of_before(
    client, ingest
):
    log, _ = ingest(random_csv(30, top=100, step=1), well="A")
    address = f"/logs/{log.pk}.zarr/azimuth/c/0"
    before = client.get(address)
    assert "immutable" not in before["Cache-Control"]
    client.patch(f"/logs/{log.pk}/", {"first_azimuth": 90}, "application/json")
    after = client.get(address, headers={"If-None-Match": before["ETag"]})
    assert after.status_code == 200
    assert np.frombuffer(after.content)[0] == 90


@pytest.fixture
def well(client):
    """A well of which everything is kept: a log, a caliper curve, a survey, a pick, a photo.

    Returns the addresses that have an ETag, and the changes that people can make: picks are added
    by POST, all others are changed by PATCH.
    """
    log = published(np.arange(60) / 2 + 100, np.ones((60, 8), np.float32), well="A", name="AMP")
    caliper = published(
        np.arange(60) / 2 + 100,
        np.full((60, 1), 8.0, np.float32),
        well="A",
        name="CALI",
        unit="in",
        sha256="1" * 64,
    )
    well, _ = Well.ensure("A", "m")
    change(
        well.pk,
        {"survey": {"depth": [0.0, 900.0], "inclination": [9.0, 40.0], "azimuth": [10.0, 20.0]}},
    )
    sine = {"log": str(log.pk), "depth": 110, "height": 0.1, "azimuth": 30}
    client.patch(f"/logs/{log.pk}/", {"azimuth_reference": "north"}, "application/json")
    dip = client.post("/dips/", sine, "application/json").json()["id"]
    photo = post(client, picture("PNG", (90, 70))).json()["id"]
    addresses = [
        *(f"/get-images/100/120/?log={log.pk}&format={kind}" for kind in REPRESENTATIONS),
        *(f"/logs/{one.pk}{rest}" for one in (log, caliper) for rest in ("/", ".zarr/zarr.json")),
        *(f"/logs/{log.pk}.zarr/{key}" for key in ("values/c/0/0", "azimuth/c/0", "depth/c/0")),
        *(f"/dips/{kind}.svg?well=A&min=100&max=130" for kind in ("rose", "stereonet", "tadpoles")),
        *(f"/dips/{dip}/", f"/photos/{photo}/", f"/wells/{well.pk}/"),
        *(f"/wells/{well.pk}/survey", f"/wells/{well.pk}/survey?depth=500"),
        *(f"/photos/{photo}/image", f"/photos/{photo}/image?width=20"),
    ]
    changes = [
        (f"/logs/{log.pk}/", {"name": "OTHER", "unit": "dB", "first_azimuth": 90}),
        (f"/logs/{log.pk}/", {"azimuth_reference": "top of hole", "clockwise": False}),
        (f"/logs/{log.pk}/", {"depth_unit": "ft"}),
        (f"/logs/{caliper.pk}/", {"unit": "cm"}),
        (f"/logs/{caliper.pk}/", {"name": "GR"}),
        (f"/wells/{well.pk}/", {"bit_size": 6, "bit_size_unit": "in", "declination": 4}),
        (f"/dips/{dip}/", {"height": 0.3, "type": "fault", "comment": "sure"}),
        (f"/photos/{photo}/", {"caption": "wet"}),
        ("/dips/", {**sine, "depth": 111}),
        (f"/logs/{log.pk}/", {"well": "B"}),
    ]
    return addresses, changes


def test_whatever_is_changed_an_etag_never_stands_for_two_bodies(client, well):
    addresses, changes = well

    def answers():
        found = {address: client.get(address) for address in addresses}
        return {address: (one.getvalue(), one.headers) for address, one in found.items()}

    before, seen = answers(), set()
    for where, fields in changes:
        send = client.post if where == "/dips/" else client.patch
        assert send(where, fields, "application/json").status_code in {200, 201}, (where, fields)
        after = answers()
        for address, (body, headers) in after.items():
            body_before, headers_before = before[address]
            if body != body_before:
                seen.add(address)
                assert headers.get("ETag") != headers_before["ETag"], (where, address)
                control = headers_before.get("Cache-Control", "")
                assert "immutable" not in control, (where, address)
        before = after
    assert len(seen) > 8
