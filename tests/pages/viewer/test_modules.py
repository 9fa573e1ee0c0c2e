"""The pure modules of the workbench, in the browser that runs them."""

import itertools

import matplotlib
import numpy as np
import pytest

from images.render.colour.stretch import linear
from tests.pages.viewer.workbench import SCRIPTS, Workbench


@pytest.fixture(scope="module")
def bench(server, browser):
    """A page of the service: one for all tests, as the modules keep nothing."""
    context = browser.new_context(base_url=f"http://127.0.0.1:{server.port}")
    bench = Workbench(context.new_page())
    bench.page.goto("/")
    yield bench
    context.close()
    assert not bench.errors


@pytest.fixture
def run(bench):
    return bench.run


LOG = {"id": "x", "depth_min": 100.0, "depth_max": 5099.9975, "sampling_interval": 0.0025}


def test_pixels_and_depths_are_inverse_and_zoom_keeps_the_depth_under_the_pointer(run):
    script = """(top, base, height, y, factor) => {
      const scale = new m.DepthScale(top, base, height);
      const zoomed = scale.zoomed(factor, y);
      return [scale.y(scale.depth(y)), scale.depth(y), zoomed.depth(y), zoomed.span];
    }"""
    rng = np.random.default_rng(1)
    for _ in range(50):
        top, span = rng.uniform(-1e4, 1e4), 10 ** rng.uniform(-2, 4)
        y, factor = rng.uniform(0, 800), 10 ** rng.uniform(-2, 2)
        back, before, after, zoomed = run("scales", script, top, top + span, 800, y, factor)
        assert back == pytest.approx(y, abs=1e-6)
        assert after == pytest.approx(before, abs=1e-9 * 1e4)
        assert zoomed == pytest.approx(span * factor)


def test_a_window_cannot_leave_the_well_nor_get_shorter_than_it_may(run):
    script = """(top, base) => {
      const kept = new m.DepthScale(top, base, 100).within({ top: 0, base: 100 }, 2);
      return [kept.top, kept.base];
    }"""
    assert run("scales", script, 10, 20) == [10, 20]
    assert run("scales", script, 500, 510) == [95, 105]
    assert run("scales", script, 50, 50.5) == [49.25, 51.25]
    assert run("scales", script, -1e6, 1e6) == pytest.approx([-55, 55])


def test_a_logarithmic_axis_has_lines_at_one_to_nine_times_each_power_of_ten(run):
    def lines(*ends):
        return run("curvetrack", "(low, high) => m.decades(low, high)", *ends)

    assert lines(0.3, 30) == pytest.approx(
        [0.4, 0.5, 0.6, 0.7, 0.8, 0.9, *range(1, 10), 10, 20], abs=1e-9
    )
    assert lines(2, 3) == []
    assert lines(0.02, 20_000) == pytest.approx([0.1, 1, 10, 100, 1000, 10_000])


def test_the_ends_of_a_curve_are_round_numbers_or_whole_decades(run):
    def rounded(*of):
        return run("curvetrack", "(...of) => m.rounded(...of)", *of)

    assert rounded(63.556, 116.03, False) == [60, 120]
    assert rounded(0, 100, False) == [0, 100]
    assert rounded(-0.31, 0.29, False) == pytest.approx([-0.4, 0.4])
    assert rounded(0.3, 450, True) == pytest.approx([0.1, 1000])
    assert rounded(1, 1000, True) == pytest.approx([1, 1000])
    assert rounded(0, 90, True) == [0, 100]


def test_ticks_are_round_numbers_within_the_window(run):
    found = run("scales", "(...of) => m.ticks(...of)", 9000.13, 9001.77, 9)
    assert found["values"] == pytest.approx(np.arange(9000.2, 9001.7, 0.2))
    assert found["decimals"] == 1
    assert run("scales", "(...of) => m.ticks(...of)", 0, 5000, 8)["step"] == 1000


def test_tiles_of_a_level_cover_the_log_once_and_none_twice(run):
    script = """(log, level) => {
      const grid = new m.Grid(log);
      return grid.tiles(log.depth_min, log.depth_max, level).map((t) => [t.top, t.base, t.rows]);
    }"""
    for level in range(12):
        tiles = run("scales", script, LOG, level)
        assert sum(rows for *_, rows in tiles) == -(-2_000_000 // 2**level)
        assert all(rows <= 1024 for *_, rows in tiles)
        assert tiles[0][0] == pytest.approx(LOG["depth_min"] - 0.00125)
        assert tiles[-1][1] >= LOG["depth_max"]
        for (_, base, _), (top, *_) in itertools.pairwise(tiles):
            assert top == base


def test_a_tile_lies_in_its_parent_and_its_address_is_always_the_same(run):
    script = """(log, level, index) => {
      const grid = new m.Grid(log);
      const tile = grid.tile(level, index);
      const again = grid.tile(level, index);
      return [tile, grid.parent(tile), grid.url(tile, "png"), grid.url(again, "png")];
    }"""
    for level, index in [(0, 0), (0, 7), (5, 3), (10, 1)]:
        tile, parent, url, again = run("scales", script, LOG, level, index)
        assert parent["top"] <= tile["top"] + 1e-9
        assert parent["base"] >= tile["base"] - 1e-9
        assert url == again
        assert url.startswith("/get-images/")
        assert url.endswith(f"?log=x&format=png&height={tile['rows']}")


def test_rows_of_a_tile_are_between_half_a_pixel_and_a_pixel_and_a_quarter(run):
    script = "(log, perPixel) => { const g = new m.Grid(log); return g.cell(g.level(perPixel)); }"
    for per_pixel in np.geomspace(0.0025, 5, 40):
        cell = run("scales", script, LOG, float(per_pixel))
        assert per_pixel * 0.62 < cell <= per_pixel * 1.2501


def test_grays_get_the_colours_that_matplotlib_and_the_service_give_them(run):
    for name, low, high in [("viridis", 0, 255), ("copper", 60, 200), ("gray", 17.5, 18.5)]:
        palette = (matplotlib.colormaps[name](np.arange(256), bytes=True)[:, :3]).ravel().tolist()
        script = """(palette, range) => {
          const pixels = new Uint8ClampedArray(1024);
          const grays = Uint8Array.from({ length: 256 }, (_, i) => i);
          m.colouring(Uint8Array.from(palette), range)(grays, pixels);
          return [...pixels];
        }"""
        pixels = np.array(run("colours", script, palette, [low, high])).reshape(256, 4)
        expected = matplotlib.colormaps[name](linear(low, high).table, bytes=True)
        assert np.array_equal(pixels, expected)


def test_nulls_are_transparent_and_what_lies_beyond_the_range_has_its_colours(run):
    script = """() => {
      const paint = m.colouring(new Uint8Array(768).fill(9), [1, 100], { log: true });
      const values = Float32Array.of(NaN, 1, 10, 1000, -5);
      const pixels = new Uint8ClampedArray(20);
      paint(values, pixels);
      return [...pixels].filter((_, i) => i % 4 === 3);
    }"""
    assert run("colours", script) == [0, 255, 255, 255, 255]


def test_a_logarithmic_and_an_equalised_scale_spread_the_values(run):
    script = """(values, range, options) => {
      const palette = Uint8Array.from({ length: 768 }, (_, i) => Math.floor(i / 3));
      const pixels = new Uint8ClampedArray(4 * values.length);
      m.colouring(palette, range, options)(Float32Array.from(values), pixels);
      return [...pixels].filter((_, i) => i % 4 === 0);
    }"""
    decades = [1, 10, 100, 1000, 10000]
    logarithmic = run("colours", script, decades, [1, 10000], {"log": True})
    assert logarithmic == pytest.approx([0, 64, 128, 192, 255], abs=1)
    histogram = {"counts": [90, 0, 5, 5], "low": 0, "width": 10}
    found = run("colours", script, [0, 10, 30, 40], [0, 40], {"equalize": histogram})
    assert found == [0, int(0.9 * 256), int(0.95 * 256), 255]


def test_the_histogram_of_values_comes_from_their_quantiles(run):
    """Between two of them lies a hundredth of the values."""
    values = np.random.default_rng(4).lognormal(1, 0.5, 50_000)
    statistics = {
        "quantiles": np.quantile(values, np.linspace(0, 1, 101)).tolist(),
        "minimum": values.min(),
        "maximum": values.max(),
    }
    found = run("colours", "(s) => m.histogramOf(s)", statistics)
    assert sum(found["counts"]) == pytest.approx(100)
    edges = found["low"] + found["width"] * np.arange(len(found["counts"]) + 1)
    counts = 100 * np.histogram(values, edges)[0] / len(values)
    assert found["counts"] == pytest.approx(counts, abs=0.5)
    script = "(s, log) => m.histogramOf(s, log).counts.map((_, i) => m.histogramOf(s, log).edge(i))"
    assert run("colours", script, statistics, False) == pytest.approx(edges[:-1])
    edges = np.geomspace(values.min(), values.max(), 129)
    assert run("colours", script, statistics, True) == pytest.approx(edges[:-1])
    counts = 100 * np.histogram(values, edges)[0] / len(values)
    found = run("colours", "(s) => m.histogramOf(s, true).counts", statistics)
    assert found == pytest.approx(counts, abs=0.5)


def test_points_on_a_plane_give_the_plane_back(run):
    rng = np.random.default_rng(2)
    for _ in range(30):
        plane = {"depth": rng.uniform(0, 5e3), "height": 10 ** rng.uniform(-2, 1)}
        plane["azimuth"] = rng.uniform(0, 360)
        azimuths = rng.uniform(0, 360, 5).tolist()
        angles = np.radians(np.array(azimuths) - plane["azimuth"])
        depths = plane["depth"] + plane["height"] / 2 * np.cos(angles)
        points = [
            {"depth": d, "azimuth": a} for d, a in zip(depths.tolist(), azimuths, strict=True)
        ]
        found = run("fitting", "(points) => m.fit(points)", points)
        assert found["depth"] == pytest.approx(plane["depth"], abs=1e-6)
        assert found["height"] == pytest.approx(plane["height"], rel=1e-5)
        assert (found["azimuth"] - plane["azimuth"] + 180) % 360 - 180 == pytest.approx(0, abs=1e-4)


def test_fewer_than_three_azimuths_say_no_plane(run):
    same = [{"azimuth": a, "depth": 1} for a in (0, 90, 450, 360)]
    assert run("fitting", "(points) => m.fit(points)", same) is None


def test_each_handle_of_a_plane_moves_what_it_is_named_for(run):
    plane = {"depth": 10, "height": 2, "azimuth": 30}
    handles = {h["name"]: h for h in run("fitting", "(p) => m.handles(p)", plane)}
    assert handles["height"]["depth"] == pytest.approx(11)
    drag = "(plane, name, to) => m.dragged(plane, name, to)"
    assert run("fitting", drag, plane, "depth", {"depth": 12, "azimuth": 7})["depth"] == 12
    assert run("fitting", drag, plane, "height", {"depth": 13, "azimuth": 7})["height"] == 6
    assert run("fitting", drag, plane, "azimuth", {"depth": 0, "azimuth": 300})["azimuth"] == 120


def test_an_address_says_the_state_and_the_state_comes_back(run):
    state = {
        "top": 9000.25,
        "base": 9001.5,
        "hide": ["open fracture", "drilling-induced"],
        "pick": "665f1c2ab7e4d3a1c0ffee00",
        "tracks": [
            {"kind": "image", "id": "ab", "width": 300, "map": "gray_r", "range": [-0.5, 1.25]},
            {"kind": "image", "id": "ab", "window": 2.5, "stretch": "equalize", "turn": 90},
            {"kind": "curve", "id": "cd", "scale": "log"},
            {"kind": "tadpoles", "id": ""},
        ],
    }
    assert run("address", "(s) => m.read(m.written(s, 4))", state) == state


def test_many_tracks_stand_behind_a_number_sign_and_the_query_stays_short(run):
    """Servers refuse long addresses; what stands behind the sign is not sent to them."""
    tracks = [{"kind": "image", "id": f"{i:024x}", "width": 60 + i} for i in range(200)]
    state = {"top": 1, "base": 2, "pick": "ab", "tracks": tracks}
    address = run("address", "(s) => m.written(s, 4)", state)
    assert address.startswith("?top=1&base=2&pick=ab#track=image*")
    assert run("address", "(a) => m.read(a)", address) == state


def test_a_sinusoid_is_not_drawn_where_azimuths_are_counted_from_another_place(run):
    script = """(of, places) => places.map((azimuth_reference) =>
      m.fits({ reference: of }, { azimuth_reference }))"""
    places = ["north", "top of hole", None]
    assert run("picks", script, "north", places) == [True, False, True]
    assert run("picks", script, "top of hole", places) == [False, True, True]
    assert run("picks", script, None, places) == [True, True, True]


@pytest.mark.parametrize(
    "query",
    ["?top=x&base=2", "?top=3&base=2", "?track=evil*1", "?track=image*1*map.<b>*range.5_1*width.a"],
)
def test_what_an_address_says_wrongly_is_left_out(run, query):
    state = run("address", "(q) => m.read(q)", query)
    assert "top" not in state
    assert state.get("tracks", []) in ([], [{"kind": "image", "id": "1"}])


def test_steps_are_undone_and_redone_in_their_order_and_a_refused_one_is_none(bench, run):
    script = """async (scripts) => {
      const { History } = await import(`${scripts}history.js`);
      const done = [];
      const history = new History();
      const act = (what) => async () => done.push(what);
      const step = (name) => ({ label: name, run: act(name), undo: act(`-${name}`) });
      const refused = async () => { throw new Error("no"); };
      history.run(step("a"));
      await history.run(step("b"));
      await history.run({ label: "bad", run: refused }).catch(() => {});
      await history.undo(); await history.undo(); await history.undo();
      await history.redo();
      await history.run(step("c"));
      return [done.join(" "), history.undoable, history.redoable ?? null];
    }"""
    assert bench.page.evaluate(script, SCRIPTS) == ["a b -b -a a c", "c", None]


def test_numbers_have_their_units_and_azimuths_their_reference(run):
    assert run("format", "() => m.depth(9000.123, 'm', 0.01)") == "9000.12 m"
    assert run("format", "() => m.value(NaN, 'ohm.m')") == "no reading"
    assert run("format", "() => m.value(1.234567, 'ohm.m')") == "1.2346 ohm.m"
    assert run("format", "() => m.azimuth(-90, 'top of hole')") == "270.0° from top of hole"
    marks = "(reference) => m.azimuthMarks(reference).map((mark) => mark[1]).join('')"
    assert run("format", marks, "north") == "NESW"
    assert run("format", marks, "top of hole") == "TRBL"
    assert run("format", marks, None) == "0°90°180°270°"
