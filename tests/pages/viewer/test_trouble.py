"""What a person sees when something is missing, refused or away, and that it comes back."""

import time

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group

from tests.csvs import random_csv
from tests.pages.viewer.workbench import PIXEL, SCRIPTS, Workbench


@pytest.fixture
def well(server, bench):
    server.upload(random_csv(3000), well="A-1")
    bench.open("A-1")
    return bench


def until(page, condition):
    """Let the browser go on until something holds of what it has told."""
    deadline = time.monotonic() + 30
    while not condition():
        assert time.monotonic() < deadline
        page.wait_for_timeout(10)


def test_a_log_that_is_deleted_while_it_is_seen_says_so_in_its_place(server, well):
    read = well.words_drawn()
    shown = well.pixel(500, 90)
    [log] = well.page.evaluate("() => bench.page.logs.map((log) => log.id)")
    assert server.request("DELETE", f"/logs/{log}/").status == 204
    assert well.pixel(500, 90) == shown
    well.page.evaluate("() => bench.show(new bench.scale.constructor(500, 505, 500))")
    assert "This log has been deleted." in read("deleted.")
    # The words stand on the colour of the page, not on the coarser image behind them.
    colour = "() => getComputedStyle(document.documentElement).getPropertyValue('--page')"
    behind = bytes(well.page.evaluate(PIXEL, [0, 2, 10])[:3]).hex()
    assert f"#{behind}" == well.page.evaluate(colour).strip()
    again = """() => {
      const [track] = bench.tracks;
      const tile = track.grid.tiles(502, 502, 0)[0];
      return bench.store.peek(track.address(tile)[0]).retryAt;
    }"""
    assert well.page.evaluate(f"({again})() === Infinity"), "it is not asked for again"
    assert well.tiles.count(well.tiles[-1]) == 1
    well.page.mouse.move(*well.place(502, 90))
    well.page.wait_for_function("() => /deleted/.test(bench.elements.readout.textContent)")
    assert well.readout == "502.00 · This log has been deleted."


def test_what_has_left_the_screen_is_not_waited_for(well):
    """Requests that take long are cut off when the window moves on."""
    aborted, held = [], []
    well.page.on("requestfailed", lambda request: aborted.append(request.url))
    well.page.route("**/get-images/**", lambda route: held.append(route.request.url))
    well.page.evaluate("() => bench.show(new bench.scale.constructor(500, 505, 500))")
    well.until(lambda: held)
    first = set(held)
    well.page.evaluate("() => bench.show(new bench.scale.constructor(1500, 1505, 500))")
    well.until(lambda: first <= set(aborted) < set(held))


def test_a_coarser_image_is_shown_until_the_finer_one_is_there(well):
    held, finer = [], []
    well.page.route(
        "**/get-images/**", lambda route: route.continue_() if finer else held.append(route)
    )
    well.page.evaluate("() => bench.show(new bench.scale.constructor(500, 505, 500))")
    well.page.wait_for_function("() => bench.store.busy")
    assert well.pixel(502, 90)[3] == 255
    coarse = well.pixel(502, 90)
    finer.append(True)
    for route in held:
        route.continue_()
    well.settle()
    assert well.pixel(502, 90) != coarse


def test_two_hundred_tracks_settle_and_those_out_of_sight_ask_for_no_tile(well):
    """Each with a window of its own, and so with tiles of its own."""
    well.tiles.clear()
    well.page.evaluate(
        """() => {
          const [{ id }] = bench.page.logs;
          const windows = Array.from({ length: 200 }, (_, i) => 1 + i);
          const tracks = windows.map((window) => ({ kind: "image", id, width: 60, window }));
          return bench.open({ tracks, top: 0, base: 300 });
        }"""
    )
    well.settle()
    assert well.page.evaluate("() => bench.tracks.length") == 200
    sliding = [url for url in well.tiles if "normalize=dynamic" in url]
    assert 5 < len(sliding) < 60
    assert len(set(sliding)) == len(sliding)
    with well.page.expect_response(lambda answer: "window=200&" in answer.url):
        well.page.evaluate("() => { bench.elements.tracks.scrollLeft = 1e6; }")
    well.page.evaluate("() => bench.save()")
    well.page.wait_for_function("() => location.hash.length > 4000")
    assert well.page.reload().status == 200
    well.page.wait_for_function("() => window.bench?.tracks.length === 200")


def test_a_tile_redraws_only_the_tracks_that_wait_for_it(open_page, server):
    """Of sixty tracks that are all in sight, each with tiles of its own."""
    server.upload(random_csv(400), well="A-1")
    bench = Workbench(open_page(viewport={"width": 4300, "height": 400})).open("A-1")
    bench.page.evaluate(
        """() => {
          const { prototype } = bench.tracks[0].constructor;
          const { draw } = prototype;
          prototype.draw = function (...of) {
            this.times = (this.times ?? 0) + 1;
            return draw.apply(this, of);
          };
          const [{ id }] = bench.page.logs;
          const windows = Array.from({ length: 60 }, (_, i) => 1 + i);
          const tracks = windows.map((window) => ({ kind: "image", id, width: 60, window }));
          return bench.open({ tracks, top: 100, base: 300 });
        }"""
    )
    bench.settle()
    assert len({url for url in bench.tiles if "normalize=dynamic" in url}) == 60
    times = bench.page.evaluate("() => bench.tracks.map((track) => track.times)")
    assert len(times) == 60
    # For its mounting, its layout and its tile, and the palette or the statistics; not for others.
    assert max(times) < 12


def test_a_tile_that_has_come_makes_room_for_the_next_before_a_frame_is_drawn(bench, server):
    """With as many at a time as ever, and none twice."""
    server.upload(random_csv(4), well="A")
    bench.page.goto("/view/A/")
    found = bench.page.evaluate(
        """async (scripts) => {
          const { TileStore } = await import(`${scripts}service.js`);
          const asked = [];
          let [now, most] = [0, 0];
          const get = async (method, url) => {
            asked.push(url);
            most = Math.max(most, ++now);
            await new Promise((done) => setTimeout(done));
            now--;
          };
          const store = new TileStore(() => {}, { get });
          const decode = async () => ({ bytes: 1 });
          for (let i = 0; i < 200; i++) store.want(store, `tile ${i}`, decode);
          store.settle();
          while (store.busy) await new Promise((done) => setTimeout(done, 5));
          return [asked.length, new Set(asked).size, most, store.bytes];
        }""",
        SCRIPTS,
    )
    assert found == [200, 200, 6, 200]


def test_pictures_are_coloured_once_and_kept_as_long_as_they_are_shown(bench, server):
    server.upload(random_csv(4), well="A")
    bench.page.goto("/view/A/")
    found = bench.page.evaluate(
        """async (scripts) => {
          const { painted } = await import(`${scripts}pixels.js`);
          const { TileStore } = await import(`${scripts}service.js`);
          let times = 0;
          const style = { key: "style", paint: () => times++ };
          const store = new TileStore(() => {}, { get: async () => {} });
          const decode = async () => ({ width: 10, rows: 10, bytes: 1 });
          const want = (_, i) => store.want("a", `tile ${i}`, decode);
          const entries = Array.from({ length: 20 }, want);
          store.settle();
          while (store.busy) await new Promise((done) => setTimeout(done, 5));
          const frame = (owner, shown) => {
            store.leave(owner);
            shown.forEach((entry) => painted(store, owner, entry, style));
            store.settle();
            return entries.reduce((sum, { pictures }) => sum + pictures.size, 0);
          };
          const numbers = [frame("a", entries), frame("a", entries), times];
          return [...numbers, frame("b", entries.slice(-3)), frame("a", entries.slice(-4)), times];
        }""",
        SCRIPTS,
    )
    assert found == [20, 20, 20, 23, 7, 23]


def test_a_script_that_was_not_loaded_is_said_and_asked_for_again_at_the_next_use(well):
    """Failed to fetch dynamically imported module: the page goes on."""
    page = well.page
    well.own_clock()
    page.route("**/editor.js", lambda route: route.abort())
    page.keyboard.press("p")
    well.hurry("() => bench.elements.status.textContent.includes('; try again.')")
    assert "not loaded: the service cannot be reached; try again." in well.status
    page.unroute("**/editor.js")
    page.keyboard.press("p")
    page.wait_for_function("() => bench.editor?.picker.active")
    assert "Picking" in well.status


def test_a_track_whose_script_was_not_loaded_comes_later_and_stays_in_the_address(bench, server):
    log = server.upload(random_csv(30), well="A-1").json["id"]
    page, refused = bench.page, []

    def refuse(route):
        if len(refused) == 3:
            return route.continue_()
        refused.append(route.request.url)
        return route.fulfill(status=503, body="busy")

    bench.own_clock()
    page.route("**/phototrack.js", refuse)
    page.goto(f"/view/A-1/?track=image*{log}&track=photos*&track=tadpoles*")
    page.get_by_text("not loaded").wait_for()
    assert bench.pixel(110, 90)[3] == 255
    bench.hurry("() => bench.tracks.length === 3")
    assert page.evaluate("() => bench.tracks[1].spec.kind") == "photos"
    assert len(refused) == 3
    assert bench.settle().status == ""


def test_a_track_whose_script_comes_after_its_view_was_left_is_not_shown(bench, server):
    server.upload(random_csv(30), well="A-1")
    page, held = bench.page, []
    page.route("**/phototrack.js", lambda route: held.append(route))
    page.goto("/view/A-1/?track=photos*")
    bench.until(lambda: held)
    page.evaluate("() => { bench.open({ tracks: [{ kind: 'tadpoles' }] }); }")
    held[0].continue_()
    page.evaluate(
        """async (scripts) => {
          await import(`${scripts}phototrack.js`);
          await new Promise((done) => setTimeout(done));
        }""",
        SCRIPTS,
    )
    assert page.evaluate("() => bench.tracks.map(({ spec }) => spec.kind)") == ["tadpoles"]


@pytest.mark.parametrize(("group", "may"), [("reader", False), ("editor", True)])
def test_a_reader_may_look_and_an_editor_may_pick(closed_server, browser, ingest, group, may):
    ingest(random_csv(400), well="A-1")
    user = get_user_model().objects.create_user("alice", password="rocks-and-more")
    user.groups.add(Group.objects.get(name=group))
    context = browser.new_context(base_url=f"http://127.0.0.1:{closed_server.port}")
    try:
        page = context.new_page()
        page.goto("/view/A-1/")
        page.get_by_label("Name").fill("alice")
        page.get_by_label("Password").fill("rocks-and-more")
        page.get_by_role("button", name="Log in").click()
        page.wait_for_url("**/view/A-1/")
        bench = Workbench(page).settle()
        assert bench.pixel(200, 90)[3] == 255
        page.keyboard.press("p")
        pick = page.get_by_role("button", name="Pick", exact=True)
        page.wait_for_function("() => document.getElementById('status').textContent")
        assert pick.get_attribute("aria-pressed") == str(may).lower()
        assert ("not change them" in bench.status) is not may
        assert page.get_by_label("Type", exact=True).is_enabled() is may
    finally:
        context.close()
