"""Changing and deleting a log by the forms of its page."""

from urllib.parse import urlencode

import pytest

from images.models import ImageLog
from pages.editing import CHOICES, FIELDS
from tests.csvs import random_csv
from tests.pages.visitor import Page


@pytest.fixture
def log(ingest):
    return ingest(random_csv(3), well="A-1")[0]


def send(visitor, path, **fields):
    page = visitor.page(path.removesuffix("delete"))
    inputs = {field["name"]: field for field in page.all("input")}
    sent = {"csrfmiddlewaretoken": inputs["csrfmiddlewaretoken"]["value"]}
    if not path.endswith("delete"):
        sent |= {name: field.get("value") or "" for name, field in inputs.items() if name != "sure"}
    headers = {
        "Content-Type": "application/x-www-form-urlencoded",
        "Cookie": visitor._cookie_header(),
        "Origin": f"http://127.0.0.1:{visitor.server.port}",
        "Accept": "text/html",
    }
    body = urlencode({**sent, **fields})
    return visitor._kept(visitor.server.request("POST", path, body, headers))


def test_an_editor_renames_a_log_moves_it_to_another_well_and_sets_its_units_and_azimuth(
    visitor, log
):
    changed = {
        "name": "ABI",
        "well": "15/9-F-4",
        "unit": "g/cm3",
        "depth_unit": "m",
        "first_azimuth": "90",
        "clockwise": "false",
        "azimuth_reference": "top of hole",
    }
    page = visitor.follow(send(visitor, f"/log/{log.pk}/", **changed))
    assert "What is known of ABI was changed." in page.text
    assert "15/9-F-4" in page.text
    log = ImageLog.objects.get()
    found = {name: getattr(log, name) for name in changed}
    assert found == {**changed, "first_azimuth": 90.0, "clockwise": False}
    visitor.follow(send(visitor, f"/log/{log.pk}/", unit="", clockwise=""))
    log = ImageLog.objects.get()
    assert (log.unit, log.clockwise, log.first_azimuth) == (None, None, 90.0)


def test_each_field_that_the_api_changes_is_in_the_form(visitor, log):
    from images.api.changes import EDITABLE

    assert {field.name for field in (*FIELDS, *CHOICES)} == set(EDITABLE)


@pytest.mark.parametrize(
    ("field", "value"), [("name", "  "), ("first_azimuth", "north"), ("first_azimuth", "400")]
)
def test_a_wrong_field_is_marked_and_nothing_is_changed(visitor, log, field, value):
    answer = send(visitor, f"/log/{log.pk}/", **{"unit": "ohm.m", field: value})
    assert answer.status == 400
    page = Page(answer.body.decode())
    assert "Nothing was changed" in page.text
    [marked] = [i for i in page.all("input") if i.get("aria-invalid")]
    assert (marked["name"], marked["value"]) == (field, value)
    assert ImageLog.objects.get().unit is None


def test_deleting_asks_first(visitor, log):
    answer = send(visitor, f"/log/{log.pk}/delete")
    assert answer.status == 400
    assert "Nothing was deleted: the box was not ticked." in Page(answer.body.decode()).text
    assert ImageLog.objects.count() == 1
    page = visitor.follow(send(visitor, f"/log/{log.pk}/delete", sure="yes"))
    assert "image was deleted from well A-1." in page.text
    assert not ImageLog.objects.exists()


def test_without_the_token_of_the_page_nothing_is_changed_or_deleted(visitor, log):
    for path in (f"/log/{log.pk}/", f"/log/{log.pk}/delete"):
        form = {"Content-Type": "application/x-www-form-urlencoded"}
        answer = visitor.server.request("POST", path, "name=x&sure=yes", form)
        assert answer.status == 403
    assert ImageLog.objects.get().name == log.name


def test_a_log_that_is_not_there_is_404(visitor):
    assert visitor.open(f"/log/{'0' * 24}/").status == 404
    assert visitor.open("/log/x/").status == 404
