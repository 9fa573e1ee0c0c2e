"""Changing and deleting a log by the forms of its page."""

import pytest

from images.models import ImageLog
from pages.editing import FIELDS
from tests.csvs import random_csv
from tests.pages.visitor import Page


@pytest.fixture
def log(ingest):
    return ingest(random_csv(3), well="A-1")[0]


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
    page = visitor.follow(visitor.fill_in(f"/log/{log.pk}/", **changed))
    assert "ABI was changed." in page.text
    assert "15/9-F-4" in page.text
    log = ImageLog.objects.get()
    found = {name: getattr(log, name) for name in changed}
    assert found == {**changed, "first_azimuth": 90.0, "clockwise": False}
    visitor.follow(visitor.fill_in(f"/log/{log.pk}/", unit="", clockwise=""))
    log = ImageLog.objects.get()
    assert (log.unit, log.clockwise, log.first_azimuth) == (None, None, 90.0)


def test_each_field_that_the_api_changes_is_in_the_form(visitor, log):
    from images.api.changes import EDITABLE

    assert {field.name for field in FIELDS} == set(EDITABLE)


@pytest.mark.parametrize(
    ("field", "value"), [("name", "  "), ("first_azimuth", "north"), ("first_azimuth", "400")]
)
def test_a_wrong_field_is_marked_and_nothing_is_changed(visitor, log, field, value):
    answer = visitor.fill_in(f"/log/{log.pk}/", **{"unit": "ohm.m", field: value})
    assert answer.status == 400
    page = Page(answer.body.decode())
    assert "Nothing was changed" in page.text
    [marked] = [i for i in page.all("input") if i.get("aria-invalid")]
    assert (marked["name"], marked["value"]) == (field, value)
    assert ImageLog.objects.get().unit is None


def test_a_form_that_others_have_overtaken_changes_nothing_and_shows_what_is_known_now(
    visitor, log
):
    page = visitor.page(f"/log/{log.pk}/")
    visitor.follow(visitor.fill_in(f"/log/{log.pk}/", unit="ohm.m"))
    answer = visitor.fill_in(f"/log/{log.pk}/", page=page, name="ABI")
    assert answer.status == 412
    refused = Page(answer.body.decode())
    assert "Somebody else has changed it since this page was opened." in refused.text
    assert {i["name"]: i["value"] for i in refused.all("input") if i.get("id") == "unit"} == {
        "unit": "ohm.m"
    }
    log = ImageLog.objects.get()
    assert (log.name, log.unit) == ("image", "ohm.m")


def test_deleting_asks_first(visitor, log):
    answer = visitor.fill_in(f"/log/{log.pk}/delete")
    assert answer.status == 400
    assert "Nothing was deleted: the box was not ticked." in Page(answer.body.decode()).text
    assert ImageLog.objects.count() == 1
    page = visitor.follow(visitor.fill_in(f"/log/{log.pk}/delete", sure="yes"))
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
