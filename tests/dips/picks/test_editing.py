"""Picks in MongoDB: made, changed by several people, computed anew all at once."""

import io
import os
import tracemalloc
from concurrent.futures import ThreadPoolExecutor

import orjson
import pytest

from dips.errors import DipChanged, DipNotFound
from dips.models import PastDip, Query
from dips.picks import editing, history, holes, importing
from dips.picks.shown import one_shown, shown
from dips.planes import geometry
from wells import survey
from wells.models import Well, change

SINE = {"depth": 1500.0, "height": 0.4, "azimuth": 75.0, "reference": "top of hole"}
# Wells with many picks have 50 000; PICKS=50000 tries that, in 15 s.
MANY = int(os.environ.get("PICKS", "5000"))
OTHER_SURVEY = {"depth": [0.0, 2000.0], "inclination": [45.0, 45.0], "azimuth": [90.0, 90.0]}


def added(well, **fields):
    return editing.add(holes.hole(well.name), {**SINE, **fields}, "anna")


def test_a_pick_is_computed_from_the_bit_size_and_the_survey(well):
    dip = added(well)
    assert dip["apparent_dip"] == pytest.approx(geometry.apparent_dip(0.4, 8.5 * 0.0254))
    inclination, azimuth = survey.at(holes.hole(well.name).survey, 1500)
    assert dip["hole_inclination"] == pytest.approx(inclination[0])
    frame = geometry.frame(geometry.Reference.TOP_OF_HOLE, inclination, azimuth)
    expected = geometry.true_dip(frame, dip["apparent_dip"], 75)
    assert (dip["true_dip"], dip["true_azimuth"]) == pytest.approx((expected[0][0], expected[1][0]))
    assert (dip["diameter"], dip["diameter_unit"], dip["diameter_source"]) == (
        8.5,
        "in",
        "bit size",
    )
    assert (dip["reason"], dip["revision"], dip["recomputed_at"]) == (None, 1, None)


def test_points_are_kept_and_fitted(well):
    azimuths = [0.0, 90.0, 180.0, 270.0]
    depths = geometry.trace(1500, 0.4, 75, azimuths)
    points = [{"depth": d, "azimuth": a} for d, a in zip(depths, azimuths, strict=True)]
    dip = editing.add(holes.hole(well.name), {"points": points, "reference": "north"}, "anna")
    assert dip["height"] == pytest.approx(0.4)
    assert dip["apparent_azimuth"] == pytest.approx(75)
    assert [p["azimuth"] for p in dip["points"]] == azimuths
    assert dip["residual"] < 1e-9


def test_what_is_missing_is_told():
    well, _ = Well.ensure("bare")
    dip = editing.add(holes.hole(well.name), {**SINE, "reference": None}, "anna")
    assert (dip["apparent_dip"], dip["true_dip"]) == (None, None)
    for word in ("unit of depth", "no survey", "from north or from the top"):
        assert word in dip["reason"]


def test_a_given_diameter_counts_where_nothing_else_is_known():
    well, _ = Well.ensure("bare", "ft")
    dip = editing.add(
        holes.hole(well.name), {**SINE, "diameter": 8.5, "diameter_unit": "in"}, "anna"
    )
    assert dip["apparent_dip"] == pytest.approx(geometry.apparent_dip(0.4, 8.5 / 12))
    assert dip["diameter_source"] == "given"


def test_near_the_vertical_the_top_of_the_hole_is_refused_as_a_reference(well):
    dip = added(well, depth=10.0)
    assert dip["true_dip"] is None
    assert "0.3 degrees from vertical" in dip["reason"]
    assert added(well, depth=10.0, reference="north")["true_dip"] is not None


def test_the_declination_turns_true_azimuths_once(well):
    before = added(well)
    change(well.pk, {"declination": 5.0, "grid_convergence": 1.5})
    after = one_shown(*editing.found(editing.ObjectId(before["id"])))
    assert after["true_dip"] == pytest.approx(before["true_dip"])
    assert after["true_azimuth"] == pytest.approx((before["true_azimuth"] + 3.5) % 360)
    assert after["hole_azimuth"] == pytest.approx(before["hole_azimuth"] + 3.5)


@pytest.mark.parametrize("reference", ["north", "top of hole"])
def test_a_true_dip_alone_is_kept_and_seen_in_the_hole(well, reference):
    change(well.pk, {"declination": 5.0})
    sine = added(well, reference=reference)
    plane = {name: sine[name] for name in ("depth", "true_dip", "true_azimuth")}
    dip = editing.add(holes.hole(well.name), {**plane, "reference": reference}, "anna")
    assert dip["true_dip"] == sine["true_dip"]
    for name in ("apparent_dip", "apparent_azimuth", "height"):
        assert dip[name] == pytest.approx(sine[name]), name


def test_a_new_survey_computes_every_pick_anew_with_a_new_revision(well):
    dip = added(well)
    change(well.pk, {"survey": OTHER_SURVEY}, "bert")
    again = one_shown(*editing.found(editing.ObjectId(dip["id"])))
    assert again["hole_inclination"] == pytest.approx(45)
    assert again["revision"] == dip["revision"] + 1
    assert again["recomputed_at"] is not None


def test_two_people_at_one_pick_do_not_undo_each_other(well):
    dip = added(well)
    dip_id = editing.ObjectId(dip["id"])
    first = editing.change(dip_id, {"type": "fault"}, {1}, "anna")
    assert (first["type"], first["revision"]) == ("fault", 2)
    with pytest.raises(DipChanged) as conflict:
        editing.change(dip_id, {"type": "bedding"}, {1}, "bert")
    assert (conflict.value.yours["type"], conflict.value.current["type"]) == ("other", "fault")
    assert conflict.value.current["revision"] == 2


def test_of_many_who_change_the_same_revision_one_does(well):
    dip_id = editing.ObjectId(added(well)["id"])

    def edit(number):
        try:
            return editing.change(dip_id, {"comment": str(number)}, {1}, "anna")["revision"]
        except DipChanged:
            return None

    with ThreadPoolExecutor(8) as people:
        assert sorted(filter(None, people.map(edit, range(16)))) == [2]


def test_changes_without_a_revision_are_all_made(well):
    dip_id = editing.ObjectId(added(well)["id"])
    with ThreadPoolExecutor(4) as people:
        [*people.map(lambda n: editing.change(dip_id, {"comment": str(n)}, None, "a"), range(8))]
    assert one_shown(*editing.found(dip_id))["revision"] == 9


def test_the_history_tells_edits_and_what_was_computed_anew_in_between(well):
    dip_id = editing.ObjectId(added(well)["id"])
    change(well.pk, {"survey": OTHER_SURVEY}, "bert")
    editing.change(dip_id, {"height": 0.5}, None, "carl")
    change(well.pk, {"bit_size": 12.25}, "bert")
    editing.delete(dip_id, {4}, "dora")
    change(well.pk, {"bit_size": 6.0}, "bert")
    told = history.history(dip_id)
    acts = [(one["act"], one["by"]) for one in told["results"]]
    assert acts == [
        ("deleted", "dora"),
        ("recomputed", "bert"),
        ("changed", "carl"),
        ("recomputed", "bert"),
        ("made", "anna"),
    ]
    dips = [one["dip"] for one in told["results"][1:]]
    assert [dip["revision"] for dip in dips] == [4, 3, 2, 1]
    assert [dip["height"] for dip in dips] == [0.5, 0.5, 0.4, 0.4]
    assert [dip["diameter"] for dip in dips] == [12.25, 8.5, 8.5, 8.5]
    assert dips[2]["hole_inclination"] == pytest.approx(45)
    assert dips[3]["hole_inclination"] != pytest.approx(45)
    with pytest.raises(DipNotFound):
        editing.found(dip_id)


def test_of_a_long_history_the_latest_versions_are_read_and_all_are_counted(well, monkeypatch):
    dip_id = editing.ObjectId(added(well)["id"])
    for number in range(6):
        editing.change(dip_id, {"comment": str(number)}, None, "anna")
        change(well.pk, {"bit_size": 9.0 + number})
    whole = history.history(dip_id)
    monkeypatch.setattr(history, "MAX_VERSIONS", 3)
    told = history.history(dip_id)
    assert (told["count"], len(told["results"])) == (13, 3)
    assert told["results"] == whole["results"][:3]
    assert told["results"][0]["act"] == "recomputed"
    editing.delete(dip_id, None, "anna")
    monkeypatch.setattr(history, "MAX_VERSIONS", 1)
    assert [one["act"] for one in history.history(dip_id)["results"]] == ["deleted", "recomputed"]
    assert history.history(dip_id)["count"] == 13


def test_a_history_of_many_points_is_made_within_the_memory_that_is_reserved_for_it(well):
    points = [{"depth": 1000 + n / 999, "azimuth": n * 0.36} for n in range(1_000)]
    dip = editing.add(holes.hole(well.name), {"points": points}, "anna")
    dip_id = editing.ObjectId(dip["id"])
    for number in range(20):
        change(well.pk, {"bit_size": 9.0 + number})
    reserved = history.memory(dip_id) * 21 / history.MAX_VERSIONS
    tracemalloc.start()
    try:
        orjson.dumps(history.history(dip_id))
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert reserved / 3 < peak < reserved
    assert history.memory(editing.ObjectId()) == 0


def test_a_conflict_shows_any_former_revision_as_it_was_and_reads_one_version(well, monkeypatch):
    dip_id = editing.ObjectId(added(well)["id"])
    for number in range(3):
        editing.change(dip_id, {"comment": str(number)}, None, "anna")
        change(well.pk, {"bit_size": 9.0 + number})
    was = {one["revision"]: one["dip"] for one in history.history(dip_id)["results"]}
    pick, hole = editing.found(dip_id)
    latest = PastDip.latest
    read = []
    monkeypatch.setattr(PastDip, "latest", lambda *a, **w: read.append(latest(*a, **w)) or read[-1])
    assert {number: history.version(pick, hole, number) for number in was} == was
    assert [len(versions) for versions in read] == [1] * len(was)
    assert history.version(pick, hole, 0) is history.version(pick, hole, 8) is None


def test_a_survey_replaced_while_picks_are_read_never_mixes_two_generations_in_an_answer(well):
    lines = "".join(f"{1000 + number / 10},0.4,75\n" for number in range(MANY))
    data = f"depth,height,azimuth_toh\n{lines}".encode()
    importing.imported(io.BytesIO(data), {"preview": False, "well": well.name}, "anna")
    change(well.pk, {"survey": OTHER_SURVEY})

    def read(_):
        hole = holes.hole(well.name)
        dips = shown(Query(well=well.name)[:MANY], hole)
        assert len(dips) == MANY
        return {(round(dip["hole_inclination"], 6), dip["revision"]) for dip in dips}

    def replace():
        for number in range(20):
            change(well.pk, {"survey": {**OTHER_SURVEY, "inclination": [46 + number] * 2}})

    with ThreadPoolExecutor(3) as people:
        writing = people.submit(replace)
        answers = [*people.map(read, range(6))]
        writing.result()
    for answer in [*answers, read(None)]:
        [(inclination, revision)] = answer
        assert inclination == pytest.approx(43 + revision)


def test_a_change_whose_answer_is_lost_is_made_once(well, losing_answers):
    dip_id = editing.ObjectId(added(well)["id"])
    with losing_answers():
        dip = editing.change(dip_id, {"type": "fault"}, {1}, "anna")
    assert dip["revision"] == 2
    assert history.history(dip_id)["count"] == 2


@pytest.mark.parametrize("skip", range(6))
def test_mongodb_away_at_any_moment_leaves_all_dips_of_a_well_of_one_survey(well, failing, skip):
    from storage.errors import StorageUnavailable

    for number in range(5):
        added(well, depth=1000.0 + number)
    before = change(well.pk, {})["generation"]
    try:
        with failing(skip):
            change(well.pk, {"survey": OTHER_SURVEY})
    except StorageUnavailable:
        pass
    hole = holes.hole(well.name)
    dips = shown(Query(well=well.name)[:100], hole)
    assert len({dip["hole_inclination"] == 45 for dip in dips}) == 1
    assert hole.generation in {before, before + 1}
    again = change(well.pk, {"survey": OTHER_SURVEY})
    assert again["generation"] == before + 1
