"""The page of the workbench: what it loads, what it shows without scripts, who can use it."""

import gzip
import json
import re
from html import unescape

import numpy as np
import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.test import Client

from dips.picks import editing, holes
from pages import viewer
from pages.scripts import MODULES
from tests.csvs import csv_of, random_csv
from tests.pages.viewer.workbench import Workbench
from tests.pages.visitor import Visitor
from tests.photos.pictures import picture, post
from tests.problems import assert_problem
from tests.server import ROOT
from tests.values import published, random_values
from web.budget import budget
from wells.models import Well

SCRIPTS = ROOT / "pages" / "static"
JSON = {"Content-Type": "application/json"}
MAX_BYTES, MAX_BYTES_GZIP, MAX_LINES = 80_000, 25_000, 250
# What touches the page is not among them.
PURE = ("address", "colours", "fitting", "format", "history", "scales")


@pytest.fixture
def well(server):
    return server.upload(random_csv(400), well="A-1").json


def test_what_the_page_loads_is_small(bench, well):
    """Each file is compressed by itself, as it is served."""
    loaded = []
    # A browser may tell of a pointer that rests over a new page, which is no act of somebody.
    bench.page.add_init_script(
        "addEventListener('pointermove', (event) => event.stopImmediatePropagation(), true)"
    )
    bench.page.on("request", lambda r: r.resource_type == "script" and loaded.append(r.url))
    # The last thing that is asked for without an act of somebody.
    with bench.page.expect_response("**/dips/?**"):
        bench.page.goto("/view/A-1/")
    bench.settle()
    names = {url.partition(settings.STATIC_URL)[2] for url in loaded}
    assert names >= set(MODULES)
    scripts = [(SCRIPTS / name).read_bytes() for name in sorted(names)]
    assert sum(map(len, scripts)) <= MAX_BYTES
    assert sum(len(gzip.compress(script, 6)) for script in scripts) <= MAX_BYTES_GZIP


def test_each_module_is_short_and_the_pure_ones_do_not_touch_the_page():
    paths = list((SCRIPTS / "pages" / "viewer").glob("*.js"))
    assert {*PURE} < {path.stem for path in paths}
    for path in paths:
        text = path.read_text()
        assert text.count("\n") <= MAX_LINES, path
        if path.stem in PURE:
            assert not re.search(r"\b(document\.|window\.\w|fetch\(|location\.)", text), path
            assert {*re.findall(r'from "\./(\w+)\.js"', text)} <= {*PURE}, path


def test_everything_comes_from_here_and_nothing_is_inline(server, well):
    answer = server.get("/view/A-1/", Accept="text/html")
    policy = answer.headers["Content-Security-Policy"]
    assert "script-src 'self';" in policy
    assert "style-src 'self';" in policy
    assert "unsafe" not in policy
    html = answer.body.decode()
    assert not re.search(r"\sstyle=|\son\w+=|https?://", html)
    for tag in re.findall(r"<script[^>]*>", html):
        assert 'src="/static/' in tag or 'type="application/json"' in tag


def test_the_policy_is_kept_while_the_page_is_used(bench, well):
    broken = []
    bench.page.on("console", lambda m: "Content Security" in m.text and broken.append(m.text))
    bench.open("A-1")
    bench.page.keyboard.press("p")
    bench.page.locator(".head .name").first.click()
    bench.page.wait_for_load_state("networkidle")
    assert not broken


def test_without_scripts_there_are_strips_and_a_table_of_picks(server, open_page, well):
    page = open_page(java_script_enabled=False)
    page.goto("/view/A-1/?top=110&base=130")
    strip = page.locator(".strips img")
    assert strip.count() == 1
    assert strip.evaluate("(image) => image.naturalHeight") == 600
    assert page.get_by_role("table").locator("caption").inner_text() == "Picks from 110.0 to 130.0"
    assert page.locator("#workbench").is_hidden()
    page.get_by_label("From").fill("120")
    page.get_by_role("button", name="Show").click()
    assert "/get-images/120.0/130.0" in strip.get_attribute("src")


def test_a_well_that_there_is_not_and_a_window_that_is_none_are_problems(server, well):
    assert server.get("/view/nowhere/").status == 404
    assert server.get("/view/A-1/?top=9&base=1").status == 400
    assert server.get("/view/A-1/?top=x&base=1").status == 400


@pytest.mark.parametrize("ends", [(-1.5e308, 1.5e308), (1e200, 1.7e308), (-1e300, -1e200)])
def test_a_log_with_depths_beyond_any_axis_is_left_out_and_the_page_says_so(server, well, ends):
    log = published(np.array([ends[0], sum(ends) / 2, ends[1]]), np.ones((3, 4), np.float32))
    assert {only["id"] for only in begun_with(server, "/view/A-1/")["logs"]} == {well["id"]}
    page = server.get("/view/A-1/").body.decode()
    assert "too large for an axis: 1 log." in page
    answer = server.get(f"/view/A-1/?track=image*{log.pk}&top={ends[0]!r}&base={ends[1]!r}")
    assert_problem(answer, 400, "invalid-parameter")


def test_the_list_of_wells_links_to_it(server, well):
    [link] = [link for link in Visitor(server).page().values("href") if "/view/" in link]
    assert server.get(link).status == 200


def test_the_page_of_a_well_links_each_log_to_it(server, bench, well):
    [found] = server.get("/wells/").json["results"]
    [link] = [
        link
        for link in Visitor(server).page(f"/well/{found['id']}/").values("href")
        if "?track" in link
    ]
    bench.page.goto(link)
    bench.settle()
    shown = bench.page.evaluate(
        "() => bench.tracks.map((track) => [track.spec.kind, track.spec.id])"
    )
    assert shown == [["image", well["id"]], ["tadpoles", ""]]


LOOKS = {
    "light": {},
    "dark": {"color_scheme": "dark"},
    "forced colours": {"forced_colors": "active"},
    "phone": {"viewport": {"width": 360, "height": 640}, "has_touch": True},
}


# What there is once a state has been reached.
SHOWN = {
    "opened": "() => !bench.store.busy",
    "picking": "() => bench.editor?.picker.active",
    "settings": "() => document.getElementById('settings').open",
    "keys": "() => document.getElementById('keys').open",
}


@pytest.mark.parametrize("look", LOOKS)
def test_axe_finds_nothing_in_any_state(open_page, well, look):
    bench = Workbench(open_page(**LOOKS[look])).open("A-1")
    page = bench.page
    states = {
        "opened": lambda: None,
        "picking": lambda: page.get_by_role("button", name="Pick", exact=True).click(),
        "settings": lambda: page.locator(".head .name").first.click(),
        "keys": lambda: page.get_by_role("button", name="Keys", exact=True).click(),
    }
    for name, reach in states.items():
        reach()
        page.wait_for_function(SHOWN[name])
        found = Axe().run(page).response["violations"]
        assert not found, (name, [(one["id"], one["nodes"][0]["html"]) for one in found])
        page.evaluate("() => name === 'keys' || document.querySelector('#settings').close()")
    assert not bench.errors


def test_on_a_phone_nothing_is_wider_than_the_screen_and_the_toolbar_begins_with_pick(
    open_page, well
):
    page = Workbench(open_page(**LOOKS["phone"])).open("A-1").page
    assert page.evaluate("() => document.documentElement.scrollWidth") <= 360
    body = page.locator(".track .body").first.bounding_box()
    assert body["height"] > 150
    for name in ("Pick", "Undo", "Redo"):
        button = page.get_by_role("button", name=name, exact=True).bounding_box()
        assert button["x"] + button["width"] <= 360


@pytest.mark.parametrize("size", [(1280, 800), (1024, 768), (1600, 500)])
def test_the_walls_end_at_the_end_of_the_screen_also_while_picking(open_page, well, size):
    """Whatever number of rows the toolbar and the status take."""
    width, height = size
    page = Workbench(open_page(viewport={"width": width, "height": height})).open("A-1").page

    def fits():
        area = page.locator("#area").bounding_box()
        assert height - 24 <= area["y"] + area["height"] <= height
        assert page.evaluate("() => document.documentElement.scrollHeight") <= height

    fits()
    page.keyboard.press("p")
    page.wait_for_function("() => bench.editor?.picker.active")
    fits()


def test_the_list_of_keys_begins_with_the_first_on_a_small_screen_too(open_page, well):
    page = Workbench(open_page(**LOOKS["phone"])).open("A-1").page
    page.keyboard.press("?")
    page.locator("#keys[open]").wait_for()
    assert page.evaluate("() => document.getElementById('keys').scrollTop") == 0


@pytest.mark.parametrize("look", ["light", "phone"])
def test_labels_of_depths_are_never_cut(open_page, server, look):
    """However deep the well is, and however many decimals they have."""
    server.upload(csv_of(13_400 + 0.001 * np.arange(400), np.full((400, 200), 9)), well="deep")
    bench = Workbench(open_page(**LOOKS[look])).open("deep")
    read = bench.words_drawn()
    bench.show(13400.05, 13400.06)
    label = next(word for word in read("13400.05").split() if "." in word)
    fits = """(label) => {
      const axis = bench.elements.axis.getBoundingClientRect();
      const context = document.createElement("canvas").getContext("2d");
      context.font = "12px system-ui, sans-serif";
      return context.measureText(label).width + 11 <= axis.width
        && axis.right === bench.tracks[0].element.getBoundingClientRect().left;
    }"""
    bench.page.wait_for_function(fits, arg=label)


def test_the_read_out_moves_nothing_on_a_phone(open_page, well):
    page = Workbench(open_page(**LOOKS["phone"])).open("A-1").page
    wall = page.locator(".track .wall").first
    before = wall.bounding_box()
    client = page.context.new_cdp_session(page)
    for kind, y in (("touchStart", 400), ("touchMove", 390)):
        points = [{"x": 200, "y": y}]
        client.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})
    page.wait_for_function("() => bench.elements.readout.textContent")
    assert wall.bounding_box() == before


def test_the_read_out_moves_nothing_beside_a_long_name_of_a_well(open_page, server):
    name = "a long name of a well " * 4
    server.upload(random_csv(50), well=name.strip())
    bench = Workbench(open_page(viewport={"width": 1024, "height": 768})).open(name.strip())
    before = bench.page.locator("#area").bounding_box()
    bench.page.mouse.move(before["x"] + 200, before["y"] + 300)
    bench.page.wait_for_function("() => bench.elements.readout.textContent")
    assert bench.page.locator("#area").bounding_box() == before
    wells = bench.page.get_by_role("link", name="Wells").bounding_box()
    assert wells["height"] < 30


def begun_with(server, path):
    """What the scripts of a page begin with."""
    html = server.get(path, Accept="text/html").body.decode()
    return json.loads(re.search(r'<script id="well-data"[^>]*>(.*?)</script>', html)[1])


def test_a_well_is_as_long_as_its_logs_photos_and_picks(server):
    fields = {"well": "cored", "top_depth": "1210", "base_depth": "1212.5"}
    client = Client(SERVER_NAME="localhost")
    assert post(client, picture(), **fields).status_code == 201
    began = begun_with(server, "/view/cored/")
    assert (began["well"]["top"], began["well"]["base"]) == (1210, 1212.5)
    assert began["tracks"] == ["photos*", "tadpoles*"]
    made = {"name": "picked"}
    assert server.request("POST", "/wells/", json.dumps(made), JSON).status == 201
    assert server.upload(random_csv(30), well="picked").status == 200
    for depth in (900, 950):
        pick = {"well": "picked", "depth": depth, "height": 0.2, "azimuth": 10}
        assert server.request("POST", "/dips/", json.dumps(pick), JSON).status == 201
    began = begun_with(server, "/view/picked/")
    assert (began["well"]["top"], began["well"]["base"]) == (100, 950)


def test_the_table_has_the_first_picks_whatever_the_query_says_of_limits(server, monkeypatch):
    Well.ensure("picked", "m")
    for depth in (900.0, 910.0, 920.0):
        points = [{"depth": depth, "azimuth": azimuth} for azimuth in (0, 90, 180, 270)]
        editing.add(holes.hole("picked"), {"points": points}, "anna")
    monkeypatch.setattr(viewer, "PICKS", 2)
    page = Client(SERVER_NAME="localhost").get("/view/picked/?limit=1000&offset=1").content.decode()
    assert [depth in page for depth in ("<td>900", "<td>910", "<td>920")] == [True, True, False]


def test_the_workbench_of_a_well_with_too_many_logs_for_the_memory_is_refused(
    server, ingest, monkeypatch
):
    for seed in (1, 2):
        ingest(random_csv(3, seed=seed), well="A-1")
    monkeypatch.setattr(budget, "limit", viewer.PAGE_BYTES + 2 * viewer.LOG_BYTES - 1)
    client = Client(raise_request_exception=False, SERVER_NAME="localhost")
    refused = client.get("/view/A-1/")
    assert refused.status_code == 400
    assert "the workbench of a well with 2 logs" in refused.json()["detail"]


def test_the_scripts_begin_with_what_the_api_says_of_each_log(server, ingest):
    ingest(random_csv(40), well="A-1")
    [facts] = begun_with(server, "/view/A-1/")["logs"]
    answer = server.get(f"/logs/{facts['id']}/").json
    assert facts.pop("scale") == "linear"
    assert facts == {name: answer[name] for name in facts}
    assert {"statistics", "sampling", "depth_min", "azimuth_reference"} < facts.keys()


def test_logs_that_are_shown_come_with_their_statistics_and_others_without(server, ingest):
    shown, other, third = (ingest(random_csv(40, seed=i), well="A-1")[0] for i in range(3))
    began = begun_with(server, f"/view/A-1/?track=image*{other.pk}*width.300")
    described = {log["id"]: "statistics" in log for log in began["logs"]}
    assert described == {str(shown.pk): False, str(other.pk): True, str(third.pk): False}
    began = begun_with(server, "/view/A-1/")
    assert sum("statistics" in log for log in began["logs"]) == 2
    assert began["tracks"] == [f"image*{shown.pk}", f"image*{other.pk}", "tadpoles*"]


def named(rows, width, name, **facts):
    """A log of random values that is none of those published before."""
    sha256 = f"{name} {rows}".ljust(64)
    return published(*random_values(rows, width), name=name, sha256=sha256, **facts)


def test_the_longest_images_and_the_gamma_ray_are_shown_at_first(server):
    _, long, longer = (named(rows, 8, "ABDC") for rows in (30, 40, 50))
    units = {"DEV": "deg", "GR": "gAPI", "RES": "ohm.m"}
    curves = {name: named(40, 1, name, unit=unit) for name, unit in units.items()}
    assert begun_with(server, "/view/A-1/")["tracks"] == [
        *(f"image*{longer.pk}", f"image*{long.pk}", f"curve*{curves['GR'].pk}", "tadpoles*")
    ]


def test_heads_tell_logs_of_one_name_apart_and_the_depth_axis_has_its_unit(server, bench):
    made = server.request("POST", "/wells/", json.dumps({"name": "A-1", "depth_unit": "ft"}), JSON)
    assert made.status == 201, made.body
    for rows in (30, 40):
        named(rows, 8, "ABDC", filename=f"{rows}.las")
    bench.open("A-1")
    names = bench.page.locator(".head .name").all_inner_texts()
    assert names == ["ABDC · 40.las", "ABDC · 30.las", "Dips"]
    unit, axis = (bench.page.locator(of).bounding_box() for of in (".unit", "#axis"))
    assert bench.page.locator(".unit").inner_text() == "ft"
    assert unit["y"] + unit["height"] <= axis["y"]
    assert axis["x"] <= unit["x"] + unit["width"] <= axis["x"] + axis["width"]


def test_the_labels_of_dips_stand_over_their_lines(bench, well):
    page = bench.open("A-1").page
    head = page.locator(".dips span")
    body = page.locator(".track .body").last.bounding_box()
    for label, dip in zip(head.all(), (0, 30, 60, 90), strict=True):
        box = label.bounding_box()
        line = body["x"] + 16 + dip / 90 * (body["width"] - 32)
        assert box["x"] + box["width"] / 2 == pytest.approx(line, abs=1.5)
    assert "None in the window" in page.locator("table.picks").inner_text()


@pytest.mark.parametrize("rows", [400, 5001])
def test_the_tile_that_the_page_links_to_is_the_one_that_the_scripts_ask_for(server, bench, rows):
    """It is fetched while the scripts are read, and once."""
    server.upload(random_csv(rows), well="A-1")
    html = server.get("/view/A-1/", Accept="text/html").body.decode()
    link = unescape(re.search(r'<link rel="preload" as="fetch" crossorigin href="(.*?)">', html)[1])
    bench.open("A-1")
    assert [url.partition(str(server.port))[2] for url in bench.tiles] == [link]
    assert bench.page.evaluate("(url) => bench.store.peek(url).state", link) == "ready"
