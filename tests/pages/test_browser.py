"""The pages in a real browser: search as one types, axe in each state, small screens."""

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.csvs import lines, random_csv, row
from tests.pages.test_page import add_photo
from wells.models import Well, change

# Of what axe looks for, a theme changes only the contrast.
ONLY = {"resultTypes": ["violations"]}
THEMES = {"light": ONLY, "dark": {**ONLY, "runOnly": ["color-contrast", "link-in-text-block"]}}


@pytest.fixture
def well(ingest):
    log, _ = ingest(random_csv(300), well="15/9-F-4")
    curve, _ = ingest(random_csv(3, seed=1), well="15/9-F-4")
    curve.change({}, kind="curve", name="GR", unit="gAPI", width=1)
    add_photo("15/9-F-4", 100.0)
    well = Well.objects.get()
    change(well.pk, {"survey": {"depth": [0, 100], "inclination": [0, 9], "azimuth": [0, 90]}})
    return well, log


def states(page, well, log, scripts):
    """Goes to each page in each of its states, and says which."""
    yield "empty search", page.goto("/?search=zzz")
    yield "home", page.goto("/")
    for summary in page.locator("summary").all():
        if summary.is_visible():
            summary.click()
    yield "forms open", None
    wrong = lines(row(1), row(2) + ",<b>")
    bad = {"name": "bad.csv", "mimeType": "text/csv", "buffer": wrong}
    good = {"name": "good.csv", "mimeType": "text/csv", "buffer": random_csv(3)}
    page.locator("#log-file").set_input_files([bad, good] if scripts else bad)
    if scripts:
        page.get_by_text("1 log found; not stored yet").wait_for()
        yield "previewed and refused", None
        page.on("dialog", lambda dialog: dialog.accept())  # leaves what was not stored
    else:
        page.get_by_role("button", name="Add the logs").click()
        page.get_by_text("The file was not added").wait_for()
        yield "upload refused", None
        page.goto("/")
        page.get_by_text("Add a core photo", exact=True).click()
        page.locator("#photo-file").set_input_files(bad)
        for name in ("well", "top", "base"):
            page.locator(f"#photo-{name}").fill("7")
        page.get_by_role("button", name="Add the core photo").click()
        page.get_by_text("The core photo was not added").wait_for()
        yield "photo refused", None
    yield "well", page.goto(f"/well/{well.pk}/")
    page.get_by_text("Show the stations").click()
    yield "stations", None
    yield "log", page.goto(f"/log/{log.pk}/")
    page.locator("#first_azimuth").fill("400")
    page.get_by_role("button", name="Save").click()
    page.get_by_text("Nothing was changed").wait_for()
    yield "log refused", None
    yield "edit well", page.goto(f"/well/{well.pk}/edit")
    page.locator("#survey-file").set_input_files(bad)
    page.get_by_role("button", name="Replace the survey").click()
    page.get_by_text("The survey was not added").wait_for()
    yield "survey refused", None
    yield "error", page.goto("/nowhere")
    yield "login", page.goto("/login/")
    Well.objects.all().delete()
    yield "no wells", page.goto("/")


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "plain"])
def test_axe_finds_nothing_on_any_page_in_any_state_and_nothing_overruns(open_page, well, scripts):
    small = {"width": 360, "height": 700}
    page = open_page(java_script_enabled=scripts, viewport=small)
    # axe is a script; where scripts are off it reads a copy of the page.
    copy = page if scripts else open_page(viewport=small)
    for name, _ in states(page, *well, scripts):
        if not scripts:
            copy.goto("/nowhere")
            copy.set_content(page.content())
        for theme, rules in THEMES.items():
            copy.emulate_media(color_scheme=theme)
            found = Axe().run(copy, options=rules).response["violations"]
            where = [(v["id"], [n["target"] for n in v["nodes"]]) for v in found]
            assert not found, (name, theme, where)
        assert copy.evaluate("() => document.documentElement.scrollWidth") <= 360, name


def test_the_list_follows_what_is_typed_and_the_address_too(open_page, server):
    for name in ("F-4", "F-10", "P11"):
        Well.ensure(name)
    page = open_page()
    page.goto("/")
    page.get_by_label("Find a well").press_sequentially("f-1")
    page.get_by_text("1 well with “f-1” in the name.").wait_for()
    assert page.locator(".wells h2").all_inner_texts() == ["F-10"]
    assert page.url.endswith("/?search=f-1")
    page.get_by_label("Find a well").fill("zzz")
    page.get_by_text("No well has “zzz” in its name").wait_for()
    page.get_by_label("Find a well").fill("")
    page.get_by_text("3 wells").wait_for()


def test_the_search_works_without_scripts(open_page, server):
    for name in ("F-4", "F-10"):
        Well.ensure(name)
    page = open_page(java_script_enabled=False)
    page.goto("/")
    page.get_by_label("Find a well").fill("-10")
    page.get_by_role("button", name="Search").click()
    assert page.locator(".wells h2").all_inner_texts() == ["F-10"]


def test_buttons_are_seen_in_forced_colours(open_page, well):
    page = open_page(forced_colors="active")
    page.goto("/")
    button = page.get_by_role("button", name="Search")
    border = button.evaluate(
        "(b) => [getComputedStyle(b).borderStyle, getComputedStyle(b).borderWidth]"
    )
    assert border == ["solid", "1px"]


def test_a_tall_photo_is_shown_whole(open_page, well):
    page = open_page()
    page.goto(f"/well/{well[0].pk}/")
    photo = page.locator(".photos img")
    photo.scroll_into_view_if_needed()
    page.wait_for_function("() => document.querySelector('.photos img').naturalWidth")
    sizes = photo.evaluate(
        "(i) => [i.clientWidth / i.clientHeight, i.naturalWidth / i.naturalHeight]"
    )
    assert sizes[0] == pytest.approx(sizes[1], rel=0.02)
    assert photo.evaluate("(i) => getComputedStyle(i).objectFit") == "fill"
