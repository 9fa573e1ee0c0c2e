"""Picking planes in a real browser, down to the dips that are stored."""

import numpy as np
import pytest

from tests.pages.viewer.picks import click_along, look_at, make_well, only_log, saved, stored
from tests.pages.viewer.walls import random_wall
from tests.pages.viewer.workbench import Workbench


@pytest.mark.parametrize("seed", range(4))
def test_planes_in_deviated_holes_are_picked_by_clicks_to_half_a_degree(server, bench, seed):
    """20 planes of random orientation in four random holes, with a pixel of scatter."""
    rng = np.random.default_rng(seed)
    wall = random_wall(rng)
    well = make_well(server, wall, f"hole {seed}")
    log = only_log(server)
    bench.open(well, f"?track=image*{log}*width.600*map.gray")
    bench.page.keyboard.press("p")
    bench.page.wait_for_function("() => bench.editor?.picker.active")
    for plane in wall.planes:
        look_at(bench, plane)
        click_along(bench, plane, rng)
        saved(bench)
        bench.page.keyboard.press("Enter")
    picks = stored(server, well)
    assert len(picks) == len(wall.planes)
    for pick, plane in zip(picks, wall.planes, strict=True):
        dip, azimuth = wall.true(plane)
        assert pick["depth"] == pytest.approx(plane.depth, abs=0.005)
        assert pick["true_dip"] == pytest.approx(dip, abs=0.5)
        turn = (pick["true_azimuth"] - azimuth + 180) % 360 - 180
        # Across a nearly horizontal plane an azimuth says nothing.
        assert abs(turn) * min(1, np.sin(np.radians(dip)) / np.sin(np.radians(10))) < 1


def test_the_third_point_saves_a_pick_and_a_further_one_changes_it(server, picking, wall, well):
    plane = wall.planes[0]
    for azimuth in (60, 160, 290):
        picking.page.mouse.click(*picking.place(float(plane.at(azimuth)), azimuth))
    saved(picking)
    [pick] = stored(server, well)
    assert (len(pick["points"]), pick["revision"], pick["type"]) == (3, 1, "bedding")
    picking.page.mouse.click(*picking.place(float(plane.at(20)), 20))
    saved(picking)
    [pick] = stored(server, well)
    assert (len(pick["points"]), pick["revision"]) == (4, 2)
    form = picking.page.locator("form.pick")
    dip, azimuth = wall.true(plane)
    picking.page.wait_for_function(
        "() => /\\d/.test(document.querySelector('[data-of=true]').textContent)"
    )
    shown = form.locator("[data-of=true]").inner_text()
    assert float(shown.split("°")[0]) == pytest.approx(dip, abs=1)
    assert float(shown.split("towards ")[1].rstrip("°")) == pytest.approx(azimuth, abs=2)


def test_what_keeps_a_plane_from_a_true_dip_is_said(server, bench, wall):
    server.upload(wall.csv, well="bare")
    bench.open("bare")
    look_at(bench, wall.planes[0])
    bench.page.keyboard.press("p")
    bench.page.wait_for_function("() => bench.editor?.picker.active")
    click_along(bench, wall.planes[0], np.random.default_rng(1), points=1)
    assert "2 more points" in bench.page.locator("[data-of=reason]").inner_text()
    click_along(bench, wall.planes[0], np.random.default_rng(1), points=3)
    saved(bench)
    bench.page.wait_for_function(
        "() => document.querySelector('[data-of=reason]').textContent.length > 15"
    )
    assert "survey" in bench.page.locator("[data-of=reason]").inner_text()


def test_a_plane_is_picked_and_undone_and_redone_by_keys_alone(server, picking, well):
    press = picking.page.keyboard.press
    for azimuth in range(3):
        for _ in range(9):
            press("Shift+ArrowRight")
        press("Shift+ArrowDown" if azimuth == 1 else "Shift+ArrowUp")
        press("Space")
    saved(picking)
    assert len(stored(server, well)) == 1
    press("3")
    picking.page.wait_for_function("() => bench.picks.all[0].type === 'closed fracture'")
    # The table follows with the next frame.
    picking.page.locator("table.picks").get_by_text("Closed fracture").wait_for()
    saved(picking)
    assert stored(server, well)[0]["type"] == "closed fracture"
    for _ in range(2):
        press("Control+z")
    picking.page.wait_for_function("() => bench.picks.all.length === 0")
    assert stored(server, well) == []
    picking.page.get_by_text("Undone: the pick.").wait_for()
    picking.page.locator("table.picks").get_by_text("None in the window").wait_for()
    press("Control+y")
    picking.page.get_by_text("Done again: the pick.").wait_for()
    assert picking.page.evaluate("() => bench.picks.all.length") == 1
    assert len(stored(server, well)) == 1
    depth = picking.page.get_by_label("Depth (m)").nth(1)
    picking.page.locator("button.row").click()
    picking.page.wait_for_function("(field) => field.value", arg=depth.element_handle())
    # The diagrams below make the panel scroll, and so narrower.
    picking.page.locator("img[data-diagram=rose]").wait_for()
    assert depth.evaluate("(field) => field.scrollWidth <= field.clientWidth"), "it is not cut"


def test_a_plane_is_picked_and_turned_by_touch(server, open_page, wall, well):
    page = open_page(viewport={"width": 400, "height": 800}, has_touch=True)
    log = only_log(server)
    # Wider than the screen, so that a finger that goes across could scroll it.
    query = f"?track=image*{log}*width.340&track=tadpoles*&top=1000.8&base=1001.2"
    bench = Workbench(page).open(well, query)
    page.get_by_role("button", name="Pick", exact=True).tap()
    page.wait_for_function("() => bench.editor?.picker.active")
    plane = wall.planes[0]
    for azimuth in (40, 130, 230):
        page.touchscreen.tap(*bench.place(float(plane.at(azimuth)), azimuth))
    saved(bench)
    [pick] = stored(server, well)
    assert pick["apparent_azimuth"] == pytest.approx(plane.azimuth, abs=6)
    page.get_by_role("button", name="Next plane").tap()
    assert page.evaluate("() => bench.editor.picker.points.length") == 0
    bench.page.evaluate("(id) => bench.select(id)", pick["id"])
    client = page.context.new_cdp_session(page)
    azimuth = pick["apparent_azimuth"] + 180
    x, y = bench.place(pick["depth"] - pick["height"] / 2, azimuth)

    def touch(kind, *xs):
        points = [{"x": at, "y": y} for at in xs]
        client.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    touch("touchStart", x)
    for step in range(1, 11):
        touch("touchMove", x - 4 * step)
    touch("touchEnd")
    saved(bench)
    width = page.evaluate("() => bench.tracks[0].body.clientWidth")
    [turned] = stored(server, well)
    by = (turned["apparent_azimuth"] - pick["apparent_azimuth"] + 180) % 360 - 180
    assert by == pytest.approx(-40 / width * 360, abs=4)
    assert page.evaluate("() => bench.elements.tracks.scrollLeft") == 0
    assert not bench.errors


def test_the_hint_for_picking_comes_back_after_an_undo(picking, wall):
    hint = picking.status
    assert "Picking" in hint
    for azimuth in (60, 160, 290):
        picking.page.mouse.click(*picking.place(float(wall.planes[0].at(azimuth)), azimuth))
    saved(picking)
    picking.page.keyboard.press("Control+z")
    picking.page.get_by_text(f"Undone: the pick. {hint}").wait_for()


@pytest.mark.parametrize("width", [1280, 1024])
def test_the_toolbar_stays_in_its_row_while_picking(picking, width):
    page = picking.page
    page.set_viewport_size({"width": width, "height": 800})
    before = page.locator("#area").bounding_box()
    rows = {
        page.locator(of).bounding_box()["y"] for of in ("[data-do=in]", "[data-do=next]", "#add")
    }
    assert len(rows) == 1
    page.keyboard.press("p")
    page.locator("[data-do=next]").wait_for(state="hidden")
    assert page.locator("#area").bounding_box() == before


def test_the_cross_hair_comes_to_where_the_window_is(picking):
    """An arrow key moves the cross-hair, not the window back to where it was left."""
    page = picking.page
    page.keyboard.press("PageDown")
    window = picking.window
    page.keyboard.press("ArrowRight")
    assert picking.window == window
    cross = page.evaluate("() => bench.editor.picker.cross.depth")
    assert cross == pytest.approx(sum(window) / 2)
