"""Picks that are there: selected, moved, changed in the form."""

import json
import re

import numpy as np
import pytest

from tests.dips.api.requests import send
from tests.pages.viewer.picks import JSON, make_pick, saved, selected, stored
from tests.pages.viewer.walls import Plane
from tests.pages.viewer.workbench import PIXEL


def test_a_pick_is_selected_on_the_wall_in_the_table_and_among_the_poles(picked, wall):
    [first, second], page, plane = picked.picks, picked.page, wall.planes[0]
    page.mouse.click(*picked.place(float(plane.at(150)), 150))
    assert selected(picked) == first["id"]
    page.wait_for_url(f"**pick={first['id']}**")
    page.mouse.click(*picked.place(1000.85, 250))
    assert selected(picked) is None
    picked.show(1000.5, 1002.5)
    page.locator(f"button[data-id='{second['id']}']").click()
    assert selected(picked) == second["id"]
    tadpoles = page.locator(".track .body").nth(1).bounding_box()
    x = tadpoles["x"] + 5 + first["true_dip"] / 90 * (tadpoles["width"] - 10)
    page.mouse.click(x, picked.place(first["depth"], 0)[1])
    assert selected(picked) == first["id"]
    page.locator(f"circle[data-id='{second['id']}']").click()
    assert selected(picked) == second["id"]


def test_n_goes_to_the_next_pick_down_and_shift_n_up_wherever_they_are(server, picked, wall, well):
    [first, second], page = picked.picks, picked.page
    far = make_pick(server, well, Plane(2500, 0.2, 70))
    page.evaluate("() => bench.picks.load(true)")

    def press(key, pick):
        page.keyboard.press(key)
        page.wait_for_function("(id) => bench.selected === id", arg=pick["id"])
        top, base = picked.settle().window
        assert top <= pick["depth"] <= base

    press("n", first)
    press("n", second)
    press("n", far)
    page.keyboard.press("n")
    page.get_by_text("There is no pick further down.").wait_for()
    assert selected(picked) == far["id"]
    press("Shift+N", second)
    press("Shift+N", first)
    page.keyboard.press("Shift+N")
    page.get_by_text("There is no pick further up.").wait_for()


def test_the_statistics_of_the_window_stand_under_the_diagrams(server, picked, well):
    page = picked.show(1000.5, 1002.5).page
    page.wait_for_function(
        "() => /spacing/.test(document.querySelector('.statistics').textContent)"
    )
    words = page.locator(".statistics").inner_text()
    found = server.get(f"/dips/statistics?well={well}&min=1000.5&max=1002.5").json
    assert (
        f"Mean plane {found['mean']['dip']:.1f}° towards {found['mean']['azimuth']:.1f}°" in words
    )
    assert "mean spacing 1 m" in words
    assert "P10 1 per m" in words


def test_types_are_hidden_on_the_wall_in_the_table_and_the_diagrams_and_a_link_says_so(
    server, picked, well, wall
):
    page = picked.show(1000.5, 1002.5).page
    bedding = make_pick(server, well, Plane(1001.5, 0.1, 70), type="bedding")
    page.evaluate("() => bench.picks.load(true)")
    chips = page.get_by_role("group", name="Types of picks that are shown")
    chips.get_by_role("button", name="Bedding 1").wait_for()
    with page.expect_request("**/dips/stereonet.svg?**type=bedding*") as asked:
        chips.get_by_role("button", name="Fault 2").click()
    assert "fault" not in asked.value.url
    shown = "() => bench.picks.onWall(bench.scale, bench.tracks[0].log).map(({ id }) => id)"
    assert page.evaluate(shown) == [bedding["id"]]
    page.wait_for_function("() => document.querySelectorAll('button.row').length === 1")
    page.wait_for_function("() => document.querySelectorAll('.poles circle').length === 1")
    page.wait_for_url("**hide=fault**")
    page.reload()
    picked.settle().wake()
    button = chips.get_by_role("button", name="Fault 2")
    button.wait_for()
    assert button.get_attribute("aria-pressed") == "false"
    assert page.evaluate(shown) == [bedding["id"]]
    page.keyboard.press("n")
    page.wait_for_function("(id) => bench.selected === id", arg=bedding["id"])
    page.evaluate("(id) => bench.select(id)", picked.picks[0]["id"])
    assert len(page.evaluate(shown)) == 3, "what is selected is seen"
    assert button.get_attribute("aria-pressed") == "true"


def test_the_tail_of_a_tadpole_at_90_degrees_is_seen_whole(server, bench, well):
    """Its tip is 14 pixels east of the line of 90 degrees."""
    dip = {"depth": 1001, "true_dip": 90, "true_azimuth": 90, "type": "fault"}
    made = server.request("POST", "/dips/", json.dumps({"well": well, **dip}), JSON)
    assert made.status == 201, made.body
    bench.open(well, "?track=tadpoles*&top=1000&base=1002")
    bench.page.wait_for_function("() => bench.picks.all.length === 1")
    bench.settle()
    width = bench.page.evaluate("() => bench.tracks[0].body.clientWidth")
    y = bench.page.evaluate("() => Math.round(bench.scale.y(1001))")
    tip, beyond = ([width - 16 + x, y] for x in (13, 15))
    assert bench.page.evaluate(PIXEL, [0, *tip])[3] > 100
    assert bench.page.evaluate(PIXEL, [0, *beyond])[3] < 100


def test_h_hides_the_picks_on_the_images_until_one_is_selected(picked, wall):
    """What lies under a sinusoid is looked at without it; the table and the tadpoles stay."""
    plane = wall.planes[0]
    place = (plane.depth, (plane.azimuth + 90) % 360)
    seen = picked.pixel(*place)
    picked.page.keyboard.press("h")
    picked.until(lambda: picked.pixel(*place) != seen)
    assert "h shows them again" in picked.status
    assert picked.page.locator(".picks button.row").count() == 1
    picked.page.keyboard.press("h")
    picked.until(lambda: picked.pixel(*place) == seen)
    picked.page.keyboard.press("h")
    picked.until(lambda: picked.pixel(*place) != seen)
    picked.page.keyboard.press("n")
    picked.page.wait_for_function("() => bench.selected && !bench.picks.bare")


def test_who_hides_the_last_type_sees_all_of_them_again(picked):
    page = picked.show(1000.5, 1002.5).page
    page.evaluate(
        """() => {
          const others = bench.page.types.filter(({ name }) => name !== "fault");
          bench.picks.hidden = new Set(others.map(({ name }) => name));
          bench.changed("picks");
        }"""
    )
    chips = page.get_by_role("group", name="Types of picks that are shown")
    chips.get_by_role("button", name="Fault 2").click()
    page.wait_for_function("() => !bench.picks.hidden.size")
    page.wait_for_function("() => document.querySelectorAll('button.row').length === 2")
    assert "hide=" not in page.url


def test_a_diagram_that_comes_late_does_not_replace_that_of_the_window(picked):
    """It is asked for no longer, and nothing is said of it."""
    page, held, failed = picked.page, [], []
    page.locator("img[data-diagram=rose]").wait_for()
    page.on("requestfailed", lambda request: failed.append(request.url))
    page.route("**/dips/rose.svg*", lambda route: held.append(route.request.url))
    picked.show(1000.5, 1002.5)
    picked.until(lambda: held)
    picked.show(1001.5, 1002.5)
    picked.until(lambda: held[0] in failed)
    assert page.locator("img[data-diagram=rose]").is_visible()
    assert page.locator("figcaption").last.inner_text() == "Dip azimuths"


def test_a_selected_pick_is_scrolled_to_in_the_table_and_nothing_else_scrolls(server, picked, well):
    """One part of the panel scrolls; the form above it stays."""
    for number in range(20):
        make_pick(server, well, Plane(1000.6 + number / 20, 0.1, 70))
    page = picked.page
    page.set_viewport_size({"width": 1280, "height": 720})
    page.evaluate("() => bench.picks.load(true)")
    picked.show(1000.5, 1002.5)
    page.wait_for_function("() => document.querySelectorAll('button.row').length === 22")
    last = picked.picks[1]["id"]
    page.evaluate("(id) => bench.select(id)", last)
    # In one step: the rows are made anew whenever picks come.
    page.wait_for_function("""() => {
      const row = document.querySelector("tr.selected")?.getBoundingClientRect();
      const seen = document.querySelector("#panel .scrolled").getBoundingClientRect();
      return row && seen.top <= row.top && row.bottom <= seen.bottom + 1;
    }""")
    scrolling = """() => [...document.querySelectorAll("#panel, #panel *")]
      .filter((e) => e.matches(":not(textarea)") && e.scrollHeight > e.clientHeight + 1
        && /auto|scroll/.test(getComputedStyle(e).overflowY)).map((e) => e.className)"""
    assert page.evaluate(scrolling) == ["scrolled"]


def test_escape_closes_a_dialog_and_the_pick_stays_selected(picked):
    page = picked.page
    page.locator("button.row").first.click()
    page.wait_for_function("() => bench.editor")
    chosen = selected(picked)
    for name, button in (("keys", "[data-do=keys]"), ("settings", ".name >> nth=0")):
        page.locator(button).click()
        page.locator(f"#{name}[open]").wait_for()
        page.keyboard.press("Escape")
        page.locator(f"#{name}:not([open])").wait_for(state="attached")
    assert selected(picked) == chosen is not None
    page.keyboard.press("Escape")
    assert selected(picked) is None


def test_the_poles_that_are_clicked_lie_on_those_that_are_drawn(server, picked, well):
    page = picked.page
    page.wait_for_function(
        "() => document.querySelectorAll('img[data-diagram=stereonet]')[0].naturalWidth"
    )
    # The window was moved, and the poles follow it a moment later.
    page.wait_for_function("() => document.querySelectorAll('.poles circle').length === 1")
    query = f"well={well}&min=1000.8&max=1001.2&theme=light&width=230&height=230"
    svg = server.get(f"/dips/stereonet.svg?{query}").body.decode()
    drawn = [tuple(map(float, at)) for at in re.findall(r'<use [^>]*x="(.*?)" y="(.*?)"', svg)]
    over = page.evaluate(
        """() => [...document.querySelectorAll(".poles circle")].map((c) => {
          const p = new DOMPoint(c.cx.baseVal.value, c.cy.baseVal.value);
          const [m] = [c.parentElement.transform.baseVal.consolidate().matrix];
          return [m.a * p.x + m.e, m.d * p.y + m.f];
        })"""
    )
    assert len(over) == 1
    for x, y in over:
        assert min(np.hypot(x - a, y - b) for a, b in drawn) < 0.5


def test_each_handle_is_dragged_and_what_it_moves_is_saved(server, picked, wall, well):
    page, plane = picked.page, wall.planes[0]
    page.mouse.click(*picked.place(float(plane.at(150)), 150))
    page.wait_for_function("() => bench.editor")

    def drag(azimuth, down=0.0, around=0.0):
        depth = float(plane.at(azimuth))
        page.mouse.move(*picked.place(depth, azimuth))
        page.mouse.down()
        page.mouse.move(*picked.place(depth + down, azimuth + around), steps=4)
        page.mouse.up()
        saved(picked)
        return stored(server, well)[0]

    moved = drag(plane.azimuth + 90, down=0.03)
    assert moved["depth"] == pytest.approx(plane.depth + 0.03, abs=0.002)
    plane.depth = moved["depth"]
    higher = drag(plane.azimuth, down=0.02)
    assert higher["height"] == pytest.approx(plane.height + 0.04, abs=0.004)
    plane.height = higher["height"]
    turned = drag(plane.azimuth + 180, around=20)
    assert turned["apparent_azimuth"] == pytest.approx(plane.azimuth + 20, abs=2)
    page.get_by_role("button", name="Undo").click()
    page.wait_for_function("() => !document.querySelector('[data-do=redo]').disabled")
    assert stored(server, well)[0]["apparent_azimuth"] == pytest.approx(plane.azimuth, abs=0.1)


def test_a_plane_of_points_that_was_dragged_or_typed_is_undone_to_its_points(
    server, picking, wall, well
):
    page = picking.page
    for azimuth in (60, 160, 290):
        page.mouse.click(*picking.place(float(wall.planes[0].at(azimuth)), azimuth))
    saved(picking)
    [made] = stored(server, well)

    def undone():
        page.keyboard.press("Control+z")
        page.get_by_text("Undone: the change.").wait_for()
        [pick] = stored(server, well)
        assert pick["points"] == made["points"]
        assert pick["depth"] == made["depth"]

    azimuth = made["apparent_azimuth"] + 90
    page.mouse.move(*picking.place(made["depth"], azimuth))
    page.mouse.down()
    page.mouse.move(*picking.place(made["depth"] + 0.03, azimuth), steps=4)
    page.mouse.up()
    saved(picking)
    assert stored(server, well)[0]["depth"] == pytest.approx(made["depth"] + 0.03, abs=0.002)
    undone()
    page.get_by_label("Height").fill("0.3")
    page.get_by_label("Height").press("Tab")
    page.wait_for_function("() => bench.picks.all[0].height === 0.3")
    page.locator(".track .body").first.focus()
    undone()


def test_a_pick_is_changed_in_the_form_and_deleted_by_a_key(server, picked, well):
    page = picked.page
    page.locator("button.row").first.click()
    page.wait_for_function("() => bench.editor")
    page.get_by_label("Comment").fill("calcite\nand clay")
    page.get_by_label("Comment").press("Tab")
    page.get_by_label("Quality").fill("B")
    page.get_by_label("Quality").press("Tab")
    page.get_by_label("Height").fill("0.25")
    page.get_by_label("Height").press("Enter")
    page.wait_for_function("() => bench.picks.all[0].height === 0.25")
    pick = stored(server, well)[0]
    assert (pick["comment"], pick["quality"], pick["height"]) == ("calcite\nand clay", "B", 0.25)
    page.get_by_label("Quality").fill("3")
    page.get_by_label("Quality").press("Tab")
    page.wait_for_function("() => bench.picks.all[0].quality === 3")
    page.locator("button.row").first.focus()
    page.keyboard.press("Delete")
    page.wait_for_function("() => bench.picks.all.length === 1")
    assert len(stored(server, well)) == 1


FACTS = (
    *("depth", "basis", "true_dip", "true_azimuth", "apparent_azimuth", "reference", "type"),
    *("quality", "comment", "diameter", "points"),
)


@pytest.mark.parametrize(
    "given",
    [
        {"height": 0.2, "azimuth": 70.0, "reference": "north"},
        {"true_dip": 20.0, "true_azimuth": 40.0, "reference": "north", "quality": "B"},
        {"true_dip": 0.0, "true_azimuth": 0.0},
    ],
)
def test_a_pick_that_was_deleted_comes_back_as_it_was_with_its_basis_and_reference(
    server, bench, well, given
):
    made = send(server, "POST", "/dips/", {"well": well, "depth": 1001.0, **given}).json
    bench.open(well, f"?track=tadpoles*&top=1000&base=1003&pick={made['id']}")
    bench.page.wait_for_function("() => bench.editor && bench.picks.all.length === 1")
    bench.page.keyboard.press("Delete")
    bench.page.wait_for_function("() => bench.picks.all.length === 0")
    bench.page.keyboard.press("Control+z")
    bench.page.wait_for_function("() => bench.picks.all.length === 1")
    [back] = stored(server, well)
    assert back["id"] != made["id"]
    assert {name: back[name] for name in FACTS} == {name: made[name] for name in FACTS}


def test_a_dip_that_was_given_alone_stays_when_its_depth_is_typed_and_undone(server, bench):
    dip = {"well": "B-2", "depth": 1001.0, "true_dip": 20.0, "true_azimuth": 40.0}
    made = send(server, "POST", "/dips/", dip).json
    bench.open("B-2", f"?track=tadpoles*&top=1000&base=1003&pick={made['id']}")
    page = bench.page
    page.wait_for_function("() => bench.editor && bench.picks.all.length === 1")
    for act, depth in (("1001.5", 1001.5), (None, 1001.0)):
        if act:
            page.get_by_label("Depth", exact=True).last.fill(act)
            page.get_by_label("Depth", exact=True).last.press("Enter")
        else:
            page.get_by_role("button", name="Undo").click()
        page.wait_for_function(f"() => bench.picks.all[0].depth === {depth}")
        [pick] = stored(server, made["well"])
        assert (pick["basis"], pick["true_dip"], pick["depth"]) == ("plane", 20.0, depth)


def test_a_pick_whose_sinusoid_reaches_into_the_window_is_counted_apart(picked):
    """It is in the table, and in none of the diagrams."""
    [first, second] = picked.picks
    reached = first["depth"] + first["height"] / 4
    windows = {1000.5: "2 in the window", reached: "1 in the window, 1 reaching into it"}
    assert reached < second["depth"]
    for top, words in windows.items():
        picked.show(top, 1002.5)
        picked.page.wait_for_function(
            "(words) => document.querySelector('.count').textContent === words", arg=words
        )
