"""Looking at a well in a real browser: what is drawn, how it is moved, what is read."""

import re

import matplotlib
import numpy as np
import pytest

from tests.csvs import csv_of, random_csv
from wells.models import Well, change

STEP = 0.5
ROWS = 3000
TOP = 100.0


@pytest.fixture(scope="module")
def pixels():
    """A wall with a colour of its own for each trace and column, (ROWS, 200) uint8."""
    rng = np.random.default_rng(5)
    return rng.integers(0, 256, (ROWS, 200), dtype=np.uint8)


@pytest.fixture(scope="module")
def csv(pixels):
    return csv_of(TOP + STEP * np.arange(ROWS), pixels)


@pytest.fixture
def well(server, bench, csv):
    """The workbench of a well with one image log, opened."""
    server.upload(csv, well="A-1")
    bench.open("A-1")
    return bench


@pytest.fixture
def traces(server, well):
    import io

    return np.load(io.BytesIO(server.get("/get-images/0/9999/?well=A-1&format=npy").body))


def column(azimuth, columns=150):
    return round(azimuth / 360 * columns) % columns


@pytest.mark.parametrize("colormap", ["copper", "viridis", "gray_r"])
def test_each_pixel_has_the_colour_of_its_trace_and_azimuth(well, traces, colormap):
    [log] = well.page.evaluate("() => bench.page.logs.map((log) => log.id)")
    well.open("A-1", f"?top=200&base=205&track=image*{log}*map.{colormap}")
    for depth in (200.4, 201.0, 202.6, 204.5):
        for azimuth in (0.3, 81.6, 180, 259.2, 350.4):
            row = round((depth - TOP) / STEP)
            gray = traces[row, column(azimuth)]
            expected = matplotlib.colormaps[colormap](gray / 255, bytes=True)
            assert well.pixel(depth, azimuth) == list(expected), (depth, azimuth)


def test_the_whole_well_is_shown_at_first_with_the_window_marked_beside_it(well):
    top, base = well.window
    assert (top, base) == (TOP, TOP + STEP * (ROWS - 1))
    strip = well.page.locator("#overview")
    assert strip.get_attribute("aria-valuetext") == f"{top:.0f} to {base:.0f} "
    assert well.pixel(800, 180)[3] == 255


def test_depth_axis_overview_and_tracks_begin_and_end_at_the_same_pixel(well):
    """Above a scrollbar too."""
    page, heights = well.page, []
    for width in (300, 1200):
        page.evaluate("(width) => bench.tracks[0].resize(width)", width)
        well.settle()
        boxes = [page.locator(of).first.bounding_box() for of in ("#overview", "#axis", ".body")]
        assert len({round(box["y"]) for box in boxes}) == 1
        assert len({round(box["height"]) for box in boxes}) == 1
        heights.append(boxes[0]["height"])
    assert heights[1] < heights[0] - 5, "there is a scrollbar"


def test_the_wheel_scrolls_and_with_ctrl_it_zooms_about_the_pointer(well):
    well.show(300, 320)
    x, y = well.place(305, 90)
    well.page.mouse.move(x, y)
    well.page.mouse.wheel(0, 100)
    well.settle()
    top, base = well.window
    assert top > 300
    assert base - top == pytest.approx(20)
    before = well.readout.split()[0]
    well.page.keyboard.down("Control")
    well.page.mouse.wheel(0, -400)
    well.page.keyboard.up("Control")
    well.settle()
    top, base = well.window
    assert base - top == pytest.approx(5)
    assert float(well.readout.split()[0]) == pytest.approx(float(before), abs=0.05)


def test_dragging_moves_the_wall_with_the_pointer(well):
    well.show(300, 320)
    x, y = well.place(305, 90)
    well.page.mouse.move(x, y)
    well.page.mouse.down()
    well.page.mouse.move(x, y + 150, steps=4)
    well.page.mouse.up()
    assert well.place(305, 90)[1] == pytest.approx(y + 150, abs=1)


def test_two_fingers_zoom_and_pan(well):
    well.show(300, 320)
    x, y = well.place(310, 180)
    client = well.page.context.new_cdp_session(well.page)

    def touch(kind, *ys):
        points = [{"x": x, "y": at, "id": i} for i, at in enumerate(ys)]
        client.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    touch("touchStart", y - 40)
    touch("touchStart", y - 40, y + 40)
    for apart in (60, 80):
        touch("touchMove", y - apart, y + apart)
    touch("touchEnd")
    top, base = well.window
    assert base - top == pytest.approx(10, rel=0.05)
    assert (top + base) / 2 == pytest.approx(310, abs=1)


def test_keys_move_the_window(well):
    well.show(300, 320)
    press = well.page.keyboard.press
    press("ArrowDown")
    assert well.window[0] > 300
    press("ArrowUp")
    press("PageDown")
    assert well.window[0] == pytest.approx(318)
    press("PageUp")
    press("+")
    top, base = well.window
    assert base - top == pytest.approx(16)
    press("-")
    press("Home")
    assert well.window == (100, 120)
    press("End")
    assert well.window[1] == TOP + STEP * (ROWS - 1)
    press("g")
    well.page.keyboard.type("700,5")
    press("Enter")
    assert well.window == pytest.approx((690.5, 710.5))
    press("ArrowDown")
    assert well.window[0] > 690.5


def test_what_is_no_depth_is_said(well):
    well.page.keyboard.press("g")
    well.page.keyboard.type("deep")
    well.page.keyboard.press("Enter")
    assert "A depth is a number" in well.status


def test_the_read_out_tells_depth_azimuth_and_value(well, traces):
    well.show(300, 305)
    well.page.mouse.move(*well.place(302.1, 120))
    well.page.wait_for_function(
        "() => /\\d+$/.test(document.getElementById('readout').textContent)"
    )
    depth, azimuth, value = well.readout.split(" · ")
    assert float(depth) == pytest.approx(302.1, abs=0.02)
    assert float(azimuth.removesuffix("°")) == pytest.approx(120, abs=1.7)
    assert int(value) == traces[404, column(float(azimuth.removesuffix("°")))]


def test_a_line_marks_the_depth_of_the_pointer_across_all_tracks(well):
    well.show(300, 305)
    line, area = (well.page.locator(of) for of in ("#cursor", "#area"))
    assert line.is_hidden()
    y = well.place(302, 0)[1]
    well.page.mouse.move(well.place(302, 120)[0], y)
    line.wait_for()
    box, whole = line.bounding_box(), area.bounding_box()
    assert box["y"] == pytest.approx(y, abs=1)
    assert box["width"] == pytest.approx(whole["width"], abs=2)
    well.page.mouse.move(5, 5)
    line.wait_for(state="hidden")


def test_a_scale_such_as_1_to_20_is_shown_and_chosen(server, bench, ingest):
    """One centimetre on the screen, of 96 pixels an inch, is 20 in the hole."""
    ingest(random_csv(400), well="A-1")
    change(Well.objects.get().pk, {"depth_unit": "ft"})
    page = bench.open("A-1").page
    scale = page.get_by_label("Depth scale")
    centre = sum(bench.window) / 2
    scale.select_option("1:20")
    top, base = bench.window
    height = page.evaluate("() => bench.scale.height")
    assert (base - top) * 0.3048 == pytest.approx(20 * height / 96 * 0.0254)
    assert (top + base) / 2 == pytest.approx(centre)
    assert scale.locator("option").first.inner_text() == "1:20"
    page.get_by_role("button", name="Zoom out").click()
    assert scale.locator("option").first.inner_text() == "1:40"


def test_the_range_is_dragged_without_a_request(well, traces):
    well.show(300, 305)
    before = len(well.tiles)
    end = well.page.get_by_role("slider", name="Highest colour")
    box, bar = end.bounding_box(), well.page.locator(".colours").bounding_box()
    well.page.mouse.move(box["x"] + 5, box["y"] + 5)
    well.page.mouse.down()
    well.page.mouse.move(bar["x"] + bar["width"] / 2, box["y"] + 5, steps=5)
    well.page.mouse.up()
    low, high = well.page.evaluate("() => bench.tracks[0].range")
    assert (low, high) == (0, pytest.approx(127.5, abs=1))
    end.press("ArrowLeft")
    assert well.page.evaluate("() => bench.tracks[0].range[1]") == pytest.approx(high - 2.55)
    well.settle()
    high = well.page.evaluate("() => bench.tracks[0].range[1]")
    gray = traces[round((302.1 - TOP) / STEP), column(81.6)]
    expected = matplotlib.colormaps["copper"](gray / high, bytes=True)
    assert well.pixel(302.1, 81.6) == list(expected)
    assert len(well.tiles) == before


def test_settings_change_colours_rotation_and_stretch_and_the_address_says_so(well, traces):
    well.show(300, 305)
    well.page.locator(".head .name").first.click()
    well.page.get_by_label("Colormap").select_option("viridis")
    well.page.get_by_label("Rotation").fill("90")
    well.settle()
    x, _ = well.place(302, 90)
    assert x == pytest.approx(well.page.locator(".track .body").first.bounding_box()["x"], abs=2)
    gray = traces[round((302.1 - TOP) / STEP), column(199.2)]
    assert well.pixel(302.1, 199.2) == list(matplotlib.colormaps["viridis"](gray / 255, bytes=True))
    well.page.get_by_label("Range").select_option("equalize")
    well.page.get_by_label("Scale").select_option("log")
    well.page.wait_for_url(
        re.compile("map.viridis.*stretch.equalize|stretch.equalize.*map.viridis")
    )
    assert "turn.90" in well.page.url
    assert "scale.log" in well.page.url


def test_dynamic_normalisation_beside_the_static_image_of_the_same_log(well):
    well.show(300, 305)
    well.page.locator(".head .name").first.click()
    well.page.get_by_role("button", name="Show twice").click()
    well.page.get_by_role("button", name="Close").click()
    well.page.locator(".head .name").nth(2).click()
    well.page.get_by_label("Dynamic, window of").fill("2")
    well.settle()
    assert any("normalize=dynamic&window=2" in url for url in well.tiles)
    assert well.pixel(302, 90, track=2) != well.pixel(302, 90, track=0)
    assert "dynamic, 2" in well.page.locator(".range").last.inner_text()


def test_a_link_shows_what_was_seen_and_back_and_forward_work(well, open_page, server):
    well.show(300, 305)
    well.page.wait_for_url("**/view/A-1/?top=300*")
    # As after a pause: what follows is another gesture.
    well.page.evaluate("() => { bench.fresh = true; }")
    well.show(400, 410)
    well.page.wait_for_url("**/view/A-1/?top=400*")
    well.page.go_back()
    well.page.wait_for_function("() => bench.scale.top === 300")
    well.page.go_forward()
    well.page.wait_for_function("() => bench.scale.top === 400")
    well.page.reload()
    well.settle()
    assert well.window == pytest.approx((400, 410))
    well.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    well.page.get_by_role("button", name="Copy link").click()
    well.page.wait_for_function("() => document.getElementById('status').textContent")
    link = well.page.evaluate("() => navigator.clipboard.readText()")
    assert link == well.page.url


def test_the_picture_that_is_saved_shows_the_window_with_axes(well, tmp_path):
    from PIL import Image

    well.show(300, 305)
    read = well.words_drawn()
    with well.page.expect_download() as download:
        well.page.get_by_role("button", name="Save picture").click()
    assert "A-1   300.00 – 305.00" in read("305.00")
    assert download.value.suggested_filename == "A-1.png"
    download.value.save_as(tmp_path / "a.png")
    picture = Image.open(tmp_path / "a.png").convert("RGB")
    assert picture.width > 400
    colours = {tuple(well.pixel(depth, 90)[:3]) for depth in (301, 302, 303)}
    assert colours <= set(picture.get_flattened_data())


def test_a_zoom_from_two_million_samples_to_a_metre_asks_for_few_tiles_and_for_none_twice(
    server, bench
):
    """Of a log that spans as much: it has traces at its ends, and nothing in between."""
    ends = np.concatenate([np.arange(600), 2_000_000 - np.arange(600)[::-1]])
    server.upload(csv_of(TOP + 0.0025 * ends, np.full((1200, 200), 100)), well="deep")
    bench.open("deep")
    for depth, pixels in ((5050, -120), (TOP + 20, -100)):
        bench.page.goto("/view/deep/")
        bench.settle()
        bench.tiles.clear()
        bench.page.mouse.move(*bench.place(depth, 100))
        bench.page.keyboard.down("Control")
        for _ in range(13 * 200 // -pixels):
            bench.page.mouse.wheel(0, pixels)
            bench.page.wait_for_timeout(20)
        bench.page.keyboard.up("Control")
        bench.settle()
        assert bench.window[1] - bench.window[0] < 1
        assert 10 < len(bench.tiles) <= 60
        assert len(set(bench.tiles)) == len(bench.tiles)


def test_tracks_are_added_moved_widened_and_removed_by_keys(well):
    page = well.page
    page.get_by_label("Add a track").select_option("Core photos")
    page.wait_for_function("() => bench.tracks.length === 3")

    def become(names):
        shown = "bench.tracks.map((track) => track.spec.kind).join()"
        page.wait_for_function(f"() => {shown} === '{names}'")

    become("image,tadpoles,photos")
    page.locator(".name", has_text="Core photos").press("Alt+ArrowLeft")
    become("image,photos,tadpoles")
    page.get_by_role("separator", name="Width of Core photos").press("ArrowRight")
    assert page.evaluate("() => bench.tracks[1].width") == 180
    page.locator(".name", has_text="Dips").drag_to(page.locator(".track").first)
    become("tadpoles,image,photos")
    page.locator(".name", has_text="Core photos").press("Enter")
    page.get_by_role("button", name="Remove").click()
    become("tadpoles,image")


def test_images_share_the_room_that_the_other_tracks_leave(well):
    """A track that is added is in sight, and a larger window is filled."""
    page = well.page

    def fills():
        right = page.locator("#tracks").bounding_box()
        last = page.locator(".track").last.bounding_box()
        return abs(right["x"] + right["width"] - last["x"] - last["width"]) < 25

    wide = page.locator(".track").first.bounding_box()["width"]
    page.get_by_label("Add a track").select_option("Core photos")
    page.wait_for_function("() => bench.tracks.length === 3")
    assert fills()
    assert page.locator(".track").first.bounding_box()["width"] < wide - 100
    page.set_viewport_size({"width": 1400, "height": 800})
    well.until(fills)


def test_the_edge_of_a_track_is_dragged_with_the_mouse_to_widen_it(bench, server):
    """The picture follows, the address says it, and no track gets narrower than 60 pixels."""
    server.upload(random_csv(40), well="A")
    page = bench.open("A").page
    edge = page.locator(".track .edge").first
    before = page.locator(".track").first.bounding_box()["width"]

    def drag(by):
        box = edge.bounding_box()
        x, y = box["x"] + box["width"] / 2, box["y"] + 50
        page.mouse.move(x, y)
        page.mouse.down()
        page.mouse.move(x + by / 2, y + 3)
        page.mouse.move(x + by, y)
        page.mouse.up()
        return bench.settle().page.locator(".track").first.bounding_box()["width"]

    assert drag(90) == pytest.approx(before + 90, abs=1)
    page.wait_for_function(f"() => location.search.includes('width.{round(before + 90)}')")
    wall = page.locator(".track .wall").first.bounding_box()["width"]
    assert wall == pytest.approx(before + 90, abs=3)
    assert bench.window == pytest.approx(bench.page.evaluate("[bench.well.top, bench.well.base]"))
    assert drag(-3000) == 60
    assert edge.get_attribute("aria-valuenow") == "60"


def test_the_strip_of_the_whole_well_moves_the_window(well):
    well.show(300, 320)
    box = well.page.locator("#overview").bounding_box()
    well.page.mouse.click(box["x"] + 10, box["y"] + box["height"] / 2)
    assert sum(well.window) / 2 == pytest.approx(849.75, abs=3)
