"""The workbench while its MongoDB, or the whole service, is away: what was done is not lost."""

from itertools import count

import pytest

from tests.csvs import random_csv
from tests.pages.viewer.workbench import Workbench
from tests.server import on_its_own_mongodb

NUMBERS = count(1)
PLANES = [[(104.0, 30), (105.5, 150), (104.5, 260)], [(112.0, 40), (113.0, 170), (111.5, 300)]]


@pytest.fixture(scope="module")
def service(tmp_path_factory):
    """A server and its MongoDB, which a test may stop and must start again."""
    directory = tmp_path_factory.mktemp("mongodb")
    settings = {"MONGO_TIMEOUT_MS": "1000", "WEB_WORKERS": "1"}
    with on_its_own_mongodb(directory, settings) as both:
        yield both


@pytest.fixture
def well():
    """A well of this test alone: nothing empties the MongoDB of the module between its tests."""
    return f"A-{next(NUMBERS)}"


@pytest.fixture
def picking(service, browser, well):
    """A workbench on which planes are being picked."""
    server, _ = service
    server.upload(random_csv(60), well=well)
    context = browser.new_context(base_url=f"http://127.0.0.1:{server.port}")
    bench = Workbench(context.new_page()).own_clock().open(well, "?top=100&base=120")
    bench.page.keyboard.press("p")
    bench.page.wait_for_function("() => bench.editor?.picker.active")
    yield bench
    assert not bench.errors
    context.close()


def click(bench, plane):
    for depth, azimuth in plane:
        bench.page.mouse.click(*bench.place(depth, azimuth))


def test_picks_made_while_mongodb_is_away_are_shown_and_saved_when_it_is_back(
    service, picking, well
):
    server, mongod = service
    page = picking.page
    mongod.stop()
    try:
        click(picking, PLANES[0])
        page.get_by_text("Not saved yet: MongoDB cannot be reached; trying again.").wait_for()
        page.keyboard.press("Enter")
        click(picking, PLANES[1])
        page.keyboard.press("Enter")
        assert page.evaluate("() => bench.picks.unsaved.size") == 2
    finally:
        mongod.start()
    picking.hurry("() => bench.picks.unsaved.size === 0")
    assert "Saved." in picking.status
    picks = server.get(f"/dips/?well={well}").json["results"]
    assert [len(pick["points"]) for pick in picks] == [3, 3]
    for pick, plane in zip(picks, PLANES, strict=True):
        assert [point["depth"] for point in pick["points"]] == pytest.approx(
            [depth for depth, _ in plane], abs=0.1
        )


def test_a_pick_whose_answer_was_lost_is_kept_once(service, picking, well):
    """The service has it, but the browser was not told: it is found, not made again."""
    server, _ = service
    page = picking.page
    lost = []

    def lose(route):
        if route.request.method == "POST" and not lost:
            lost.append(route.fetch())
            route.abort()
        else:
            route.continue_()

    page.route("**/dips/", lose)
    click(picking, [(116.0, 60), (117.0, 180), (116.5, 290)])
    page.get_by_text("Not saved yet: the service cannot be reached; trying again.").wait_for()
    page.get_by_text("Saved.").wait_for()
    assert [answer.status for answer in lost] == [201]
    assert server.get(f"/dips/?well={well}").json["count"] == 1
    assert len(page.evaluate("() => bench.picks.all.map((pick) => pick.id)")) == 1


def test_mongodb_away_is_said_in_place_and_the_tiles_come_when_it_is_back(service, picking):
    server, mongod = service
    server.upload(random_csv(3000), well="B")
    read = picking.open("B").words_drawn()
    mongod.stop()
    try:
        picking.page.evaluate("() => bench.show(new bench.scale.constructor(500, 505, 500))")
        assert "MongoDB cannot be reached; trying again." in read("trying again.")
    finally:
        mongod.start()
    tile = "bench.tracks[0].address(bench.tracks[0].grid.tiles(502, 502, 0)[0])[0]"
    picking.hurry(f"() => bench.store.peek({tile})?.state === 'ready'")
    assert picking.settle().pixel(502, 90)[3] == 255
