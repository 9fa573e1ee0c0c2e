"""Picking planes in a real browser, down to the dips that are stored."""

import json
import re

import numpy as np
import pytest

from images.models import ImageLog
from tests.pages.viewer.walls import BIT_INCHES, Plane, Wall, random_wall
from tests.pages.viewer.workbench import Workbench

JSON = {"Content-Type": "application/json"}
# Of a column of the image: where its dark line is, in pixels.
DARK = """(x) => {
  const { canvas } = bench.tracks[0];
  const ratio = devicePixelRatio;
  const column = canvas.getContext("2d").getImageData(x * ratio, 0, 1, canvas.height).data;
  let [sum, weights] = [0, 0];
  for (let y = 0; y < canvas.height; y++) {
    const dark = Math.max(0, 120 - column[4 * y]);
    sum += dark * (y + 0.5);
    weights += dark;
  }
  return sum / weights / ratio;
}"""


def make_well(server, wall, name):
    """The wall as an image log of a well with a survey; its id."""
    made = server.request("POST", "/wells/", json.dumps({"name": name}), JSON).json["id"]
    log = server.upload(wall.csv, well=name).json["id"]
    ImageLog.objects.filter(pk=log).update(
        first_azimuth=0, clockwise=True, azimuth_reference="top of hole"
    )
    facts = {"bit_size": BIT_INCHES, "bit_size_unit": "in", "depth_unit": "m"}
    answer = server.request("PATCH", f"/wells/{made}/", json.dumps(facts), JSON)
    assert answer.status == 200, answer.body
    put = server.request("PUT", f"/wells/{made}/survey", wall.survey, {"Content-Type": "text/csv"})
    assert put.status < 300, put.body
    return made


def stored(server, well):
    return server.get(f"/dips/?well={well}&limit=1000").json["results"]


def look_at(bench, plane):
    return bench.show(plane.depth - 0.7 * plane.height, plane.depth + 0.7 * plane.height)


def click_along(bench, plane, rng, points=12, scatter=1):
    """Click on the dark line of a plane, each click off by up to a pixel across and down."""
    box = bench.page.locator(".track .body").first.bounding_box()
    across = [int(share * box["width"]) for share in (np.arange(points) + 0.5) / points]
    # All are looked for before the sinusoid is drawn over the line.
    for x, y in [(x, bench.page.evaluate(DARK, x)) for x in across]:
        off = rng.integers(-scatter, scatter + 1, 2)
        bench.page.mouse.click(box["x"] + x + 0.5 + off[0], box["y"] + y + off[1])


def saved(bench):
    """After all that was picked has been saved."""
    bench.page.evaluate("() => bench.editor.picker.saving")
    return bench.settle()


@pytest.fixture
def wall():
    return Wall(35, 120, [Plane(1001, 0.2, 70), Plane(1002, 0.1, 200)])


@pytest.fixture
def well(server, wall):
    return make_well(server, wall, "A-1")


@pytest.fixture
def picking(bench, well, wall):
    """The workbench at the first plane, while picking."""
    [log] = ImageLog.objects.values_list("pk", flat=True)
    bench.open(well, f"?track=image*{log}*width.500&track=tadpoles*&top=1000&base=1003")
    look_at(bench, wall.planes[0])
    bench.page.keyboard.press("p")
    bench.page.wait_for_function("() => bench.editor?.picker.active")
    return bench


@pytest.mark.parametrize("seed", range(5))
def test_planes_in_deviated_holes_are_picked_by_clicks_to_half_a_degree(server, bench, seed):
    """25 planes of random orientation in five random holes, with a pixel of scatter."""
    rng = np.random.default_rng(seed)
    wall = random_wall(rng)
    well = make_well(server, wall, f"hole {seed}")
    [log] = ImageLog.objects.values_list("pk", flat=True)
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
    assert "closed fracture" in picking.page.locator("table.picks").inner_text().lower()
    assert stored(server, well)[0]["type"] == "closed fracture"
    for _ in range(2):
        press("Control+z")
    picking.page.wait_for_function("() => bench.picks.all.length === 0")
    assert stored(server, well) == []
    picking.page.get_by_text("Undone: the pick.").wait_for()
    assert "None in the window" in picking.page.locator("table.picks").inner_text()
    press("Control+y")
    picking.page.get_by_text("Done again: the pick.").wait_for()
    assert picking.page.evaluate("() => bench.picks.all.length") == 1
    assert len(stored(server, well)) == 1
    depth = picking.page.get_by_label("Depth (m)").nth(1)
    picking.page.locator("button.row").click()
    picking.page.wait_for_function("(field) => field.value", arg=depth.element_handle())
    assert depth.evaluate("(field) => field.scrollWidth <= field.clientWidth"), "it is not cut"


def test_a_plane_is_picked_and_turned_by_touch(server, open_page, wall, well):
    page = open_page(viewport={"width": 400, "height": 800}, has_touch=True)
    [log] = ImageLog.objects.values_list("pk", flat=True)
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


def make_pick(server, well, plane, **fields):
    place = {"depth": plane.depth, "height": plane.height, "azimuth": plane.azimuth}
    [log] = ImageLog.objects.values_list("pk", flat=True)
    body = {"well": well, "log": str(log), "type": "fault", **place, **fields}
    answer = server.request("POST", "/dips/", json.dumps(body), JSON)
    assert answer.status == 201, answer.body
    return answer.json


@pytest.fixture
def picked(server, bench, well, wall):
    """The workbench of a well with two picks, the first one in its window."""
    picks = [make_pick(server, well, plane) for plane in wall.planes]
    [log] = ImageLog.objects.values_list("pk", flat=True)
    bench.open(well, f"?track=image*{log}*width.400&track=tadpoles*&top=1000.5&base=1002.5")
    bench.page.wait_for_function("() => bench.picks.all.length === 2")
    bench.picks = picks
    return bench.show(1000.8, 1001.2)


def selected(bench):
    return bench.page.evaluate("() => bench.selected")


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
    page.get_by_label("Comment").fill("calcite")
    page.get_by_label("Comment").press("Tab")
    page.get_by_label("Quality").fill("B")
    page.get_by_label("Quality").press("Tab")
    page.get_by_label("Height").fill("0.25")
    page.get_by_label("Height").press("Enter")
    page.wait_for_function("() => bench.picks.all[0].height === 0.25")
    pick = stored(server, well)[0]
    assert (pick["comment"], pick["quality"], pick["height"]) == ("calcite", "B", 0.25)
    page.locator("button.row").first.focus()
    page.keyboard.press("Delete")
    page.wait_for_function("() => bench.picks.all.length === 1")
    assert len(stored(server, well)) == 1


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
    assert page.locator("[data-do=next]").is_hidden()
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


def test_a_pick_that_somebody_has_deleted_meanwhile_says_so_and_is_taken_away(server, picked):
    page, first = picked.page, picked.picks[0]
    page.locator("button.row").first.click()
    page.wait_for_function("() => bench.editor")
    assert server.request("DELETE", f"/dips/{first['id']}/").status == 204
    page.get_by_label("Comment").fill("late")
    page.get_by_label("Comment").press("Tab")
    page.get_by_text("Not saved: somebody has deleted this pick.").wait_for()
    page.wait_for_function("(id) => !bench.picks.find(id)", arg=first["id"])


def test_a_handle_of_a_pick_that_somebody_has_deleted_says_so_and_the_pick_goes(server, picked):
    page, first = picked.page, picked.picks[0]
    page.locator("button.row").first.click()
    page.wait_for_function("() => bench.editor")
    assert server.request("DELETE", f"/dips/{first['id']}/").status == 204
    x, y = picked.place(first["depth"] - first["height"] / 2, first["apparent_azimuth"] + 180)
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 30, y, steps=3)
    page.mouse.up()
    page.get_by_text("Not saved: somebody has deleted this pick.").wait_for()
    page.wait_for_function("(id) => !bench.picks.find(id) && !bench.selected", arg=first["id"])
    assert page.evaluate("() => [bench.editor.picker.plane, bench.picks.unsaved.size]") == [None, 0]


@pytest.mark.parametrize(("choice", "kept"), [("Keep mine", "mine"), ("Take theirs", "theirs")])
def test_a_pick_that_somebody_else_has_changed_shows_both_versions(
    server, picked, open_page, well, choice, kept
):
    """Two windows at one pick."""
    other = Workbench(open_page()).open(well, "?top=1000.5&base=1002.5")
    other.page.wait_for_function("() => bench.picks.all.length === 2")
    for bench, comment in ((other, "theirs"), (picked, "mine")):
        bench.page.locator("button.row").first.click()
        bench.page.wait_for_function("() => bench.editor")
        bench.page.get_by_label("Comment").fill(comment)
        bench.page.get_by_label("Comment").press("Tab")
        if bench is other:
            bench.page.wait_for_function("() => bench.picks.all[0].comment === 'theirs'")
    dialog = picked.page.get_by_role("dialog", name="Somebody else")
    dialog.wait_for()
    assert "mine" in dialog.inner_text()
    assert "theirs" in dialog.inner_text()
    dialog.get_by_role("button", name=choice).click()
    picked.page.wait_for_function(f"() => bench.picks.all[0].comment === '{kept}'")
    picked.page.wait_for_function("() => !document.querySelector('#conflict').open")
    assert stored(server, well)[0]["comment"] == kept


def test_picks_are_exported_and_imported_with_a_preview(server, picked, well, tmp_path):
    page = picked.page
    with page.expect_download() as download:
        page.get_by_role("link", name="CSV").click()
    download.value.save_as(tmp_path / "dips.csv")
    for pick in stored(server, well):
        assert server.request("DELETE", f"/dips/{pick['id']}/").status == 204
    page.get_by_role("button", name="Import").click()
    page.locator("#import-file").set_input_files(tmp_path / "dips.csv")
    dialog = page.get_by_role("dialog", name="Import picks")
    dialog.get_by_role("button", name="Preview").click()
    dialog.get_by_text("2 picks can be imported.").wait_for()
    assert stored(server, well) == []
    dialog.get_by_role("button", name="Import", exact=True).click()
    dialog.get_by_text("2 picks imported.").wait_for()
    assert len(stored(server, well)) == 2
    page.locator("#import-file").set_input_files(
        {"name": "bad.csv", "mimeType": "text/csv", "buffer": b"depth,dip,azimuth\n1000,95,20\n"}
    )
    dialog.get_by_role("button", name="Import", exact=True).click()
    dialog.get_by_text("95").first.wait_for()
    assert "Nothing" in dialog.inner_text()
