"""PATCH /logs/<id>/ and the filters of GET /logs/."""

import json
from concurrent.futures import ThreadPoolExecutor

import pytest

from images.api import changes
from images.errors import LogExists, LogNotFound
from images.models import ImageLog
from tests.csvs import random_csv
from tests.photos.pictures import assert_problem
from web.errors import PreconditionFailed
from wells.models import Well, with_well


@pytest.fixture
def log(ingest):
    return ingest(random_csv(30, top=100, step=1), well="A-1")[0]


def patch(client, log, change, **headers):
    body = change if isinstance(change, str) else json.dumps(change)
    return client.patch(f"/logs/{log.pk}/", body, "application/json", headers=headers)


CHANGE = {
    "well": "15/9-F-4",
    "name": "FMI",
    "unit": "mS",
    "depth_unit": "m",
    "first_azimuth": 12.5,
    "clockwise": True,
    "azimuth_reference": "top of hole",
}


def test_patch_changes_what_is_sent_and_nothing_else(client, log):
    before = client.get(f"/logs/{log.pk}/").json()
    answer = patch(client, log, CHANGE)
    assert answer.status_code == 200
    assert answer.json() == before | CHANGE
    assert answer.json() == client.get(f"/logs/{log.pk}/").json()
    assert Well.objects.filter(name="15/9-F-4").exists()
    unknown = {"unit": None, "clockwise": None, "azimuth_reference": None}
    assert patch(client, log, unknown).json() == before | CHANGE | unknown
    assert patch(client, log, {}).json() == before | CHANGE | unknown


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"sha256": "0"}, "unknown parameter"),
        ({"nam": "FMI"}, "did you mean name?"),
        ({"name": ""}, "blank"),
        ({"name": "a\u202eb"}, "control or format character"),
        ({"name": "x" * 101}, "100 characters"),
        ({"well": None}, "null"),
        ({"first_azimuth": "1_0"}, "finite decimal number"),
        ({"first_azimuth": 361}, "360"),
        ({"clockwise": "yes"}, "boolean"),
        ({"clockwise": 1}, "boolean"),
        ({"azimuth_reference": "south"}, "south"),
        ([1], "Invalid data"),
    ],
)
def test_patch_refuses_what_is_not_allowed_and_changes_nothing(client, log, change, words):
    before = client.get(f"/logs/{log.pk}/").json()
    assert_problem(patch(client, log, change), 400, "invalid-parameter", words)
    assert client.get(f"/logs/{log.pk}/").json() == before


def test_patch_with_if_match_is_refused_after_another_change(client, log):
    tag = client.get(f"/logs/{log.pk}/")["ETag"]
    changed = patch(client, log, {"unit": "ohm.m"}, If_Match=tag)
    assert changed.status_code == 200
    assert changed["ETag"] != tag
    assert_problem(patch(client, log, {"unit": "m"}, If_Match=tag), 412, "precondition-failed")
    assert patch(client, log, {"name": "FMI"}, If_Match=changed["ETag"]).status_code == 200
    assert patch(client, log, {"name": "UBI"}, If_Match="*").json()["unit"] == "ohm.m"


def test_a_change_between_reading_and_writing_is_not_overwritten(log, rf):
    request = rf.patch("/", headers={"If-Match": changes.etag(log)})
    ImageLog.objects.filter(pk=log.pk).update(unit="ohm.m")
    with pytest.raises(PreconditionFailed):
        changes.change(log, {"name": "FMI"}, request)
    log.refresh_from_db()
    assert (log.unit, log.name) == ("ohm.m", "image")


def test_a_log_cannot_become_the_double_of_another(ingest, log, rf):
    csv = random_csv(30, top=100, step=1)
    other, created = ingest(csv, well="B-2")
    assert created
    with pytest.raises(LogExists):
        changes.change(other, {"well": "A-1"}, rf.patch("/"))


@pytest.mark.parametrize("meanwhile", [{"unit": "ohm.m"}, {"state": ImageLog.State.DELETING}])
def test_a_change_that_is_refused_makes_no_well(log, rf, meanwhile):
    request = rf.patch("/", headers={"If-Match": changes.etag(log)})
    ImageLog.objects.filter(pk=log.pk).update(**meanwhile)
    with pytest.raises((PreconditionFailed, LogNotFound)):
        changes.change(log, {"well": "mistyped"}, request)
    assert not Well.objects.filter(name="mistyped").exists()


def test_a_log_that_is_moved_and_deleted_at_once_is_answered_as_it_was_moved(
    client, log, monkeypatch
):
    def moved(*arguments):
        changed = with_well(*arguments)
        assert client.delete(f"/logs/{log.pk}/").status_code == 204
        return changed

    monkeypatch.setattr(changes, "with_well", moved)
    answer = patch(client, log, {"well": "B"})
    assert (answer.status_code, answer.json()["well"]) == (200, "B")
    assert not ImageLog.objects.exists()


def test_logs_that_move_to_a_new_well_at_the_same_time_make_it_once(ingest, rf):
    logs = [ingest(random_csv(5, seed=n, top=100, step=1), well="A")[0] for n in range(6)]
    with ThreadPoolExecutor(6) as people:
        [*people.map(lambda log: changes.change(log, {"well": "B"}, rf.patch("/")), logs)]
    assert Well.objects.filter(name="B").count() == 1
    assert ImageLog.objects.filter(well="B").count() == 6


def test_patch_of_what_is_not_there_is_a_404(client, log):
    ImageLog.objects.filter(pk=log.pk).update(state=ImageLog.State.DELETING)
    assert_problem(patch(client, log, {"name": "FMI"}), 404, "log-not-found")


def test_logs_are_found_by_well_kind_name_and_depth(client, ingest):
    ingest(random_csv(10, seed=1, top=0, step=1), well="A")
    ingest(random_csv(10, seed=2, top=50, step=1), well="A")
    third, _ = ingest(random_csv(10, seed=3, top=90, step=1), well="B")
    patch(client, third, {"name": "FMI"})

    def tops(query):
        return [log["depth_min"] for log in client.get(f"/logs/?{query}").json()["results"]]

    assert tops("well=A") == [0, 50]
    assert tops("kind=image") == [0, 50, 90]
    assert tops("kind=curve") == []
    assert tops("name=FMI") == [90]
    assert tops("top=9.5") == [50, 90]
    assert tops("base=49") == [0]
    assert tops("top=9&base=50") == [0, 50]
    assert_problem(client.get("/logs/?top=9&base=1"), 400, "invalid-parameter", "reversed")
    assert_problem(client.get("/logs/?kind=photo"), 400, "invalid-parameter", "image, curve")
