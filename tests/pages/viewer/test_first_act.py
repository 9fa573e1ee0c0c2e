"""What somebody does before the scripts that handle it have come is done when they have come."""

import pytest

from tests.csvs import random_csv
from tests.pages.viewer.workbench import Workbench

TOUCH = {"viewport": {"width": 400, "height": 700}, "has_touch": True}


@pytest.fixture
def hold(server, open_page):
    """A workbench whose navigation.js is held back until it is let go."""
    server.upload(random_csv(3000), well="A-1")
    held = []

    def hold(**options):
        page = open_page(**options)
        page.route("**/navigation.js", lambda route: held.append(route))
        bench = Workbench(page)
        page.goto("/view/A-1/?top=200&base=220")
        return bench.settle()

    def let_go(bench):
        bench.until(lambda: held)
        assert bench.window == (200, 220), "nothing is done yet"
        assert len(held) == 1
        held[0].continue_()
        bench.page.wait_for_function("() => bench.navigation")
        assert not bench.errors

    def refuse(bench):
        # Over the route above: without any route, a request would get through for a moment.
        bench.page.route("**/navigation.js", lambda route: route.abort())
        for route in held:
            route.abort()

    hold.let_go, hold.refuse = let_go, refuse
    return hold


def drag(page, x, y):
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x, y - 60, steps=3)
    page.mouse.move(x, y - 120)
    page.mouse.up()


def type_a_depth(page, x, y):
    page.get_by_label("Depth").first.fill("400")
    page.keyboard.press("Enter")


ACTS = {
    "wheel": (lambda page, x, y: [page.mouse.move(x, y), page.mouse.wheel(0, 120)], "top > 200"),
    "key": (lambda page, x, y: page.keyboard.press("PageDown"), "top > 200"),
    "keys": (lambda page, x, y: [page.keyboard.press(key) for key in "++"], "span < 20"),
    "button": (
        lambda page, x, y: page.get_by_role("button", name="Zoom in").click(),
        "span === 10",
    ),
    "drag": (drag, "top > 200"),
    "depth": (type_a_depth, "top === 390"),
    "overview": (lambda page, x, y: page.locator("#overview").click(), "top > 220"),
}


@pytest.mark.parametrize("act", ACTS)
def test_what_moves_the_window(hold, act):
    do, then = ACTS[act]
    bench = hold()
    do(bench.page, *bench.place(210, 90))
    hold.let_go(bench)
    bench.page.wait_for_function(f"() => bench.scale.{then}")
    assert bench.page.evaluate("() => scrollY") == 0


def test_a_finger_that_has_swiped_and_left_moves_the_window_and_the_next_one_too(hold):
    bench = hold(**TOUCH)
    client = bench.page.context.new_cdp_session(bench.page)
    x, y = bench.place(215, 90)

    def swipe():
        for kind, ys in (
            ("touchStart", [y]),
            *[("touchMove", [y - 20 * n]) for n in range(1, 6)],
            ("touchEnd", []),
        ):
            points = [{"x": x, "y": at} for at in ys]
            client.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    swipe()
    hold.let_go(bench)
    top = bench.window[0]
    assert top > 200
    swipe()
    assert bench.window[0] > top


def test_the_settings_of_a_track_and_a_track_from_the_list(hold):
    bench = hold()
    bench.page.locator(".head .name").first.click()
    bench.page.get_by_label("Add a track").select_option("Core photos")
    hold.let_go(bench)
    bench.page.locator("#settings[open]").wait_for()
    bench.page.wait_for_function("() => bench.tracks.length === 3")


def test_after_g_digits_are_no_types_of_picks(hold):
    """They are meant for the field that the first key opens."""
    bench = hold()
    for key in ("g", "3", "0"):
        bench.page.keyboard.press(key)
    hold.let_go(bench)
    bench.page.wait_for_function("() => document.activeElement.id === 'depth'")
    assert bench.page.evaluate("() => bench.editor ?? null") is None


def test_what_was_done_is_dropped_if_the_scripts_cannot_be_had_and_the_next_asks_again(hold):
    bench = hold()
    bench.own_clock()
    hold.refuse(bench)
    bench.page.keyboard.press("PageDown")
    bench.hurry("() => bench.elements.status.textContent.includes('; try again.')")
    assert "not loaded: the service cannot be reached" in bench.status
    bench.page.unroute("**/navigation.js")
    assert bench.window == (200, 220)
    bench.page.keyboard.press("PageDown")
    bench.page.wait_for_function("() => bench.scale.top > 200")
    assert bench.status == ""
