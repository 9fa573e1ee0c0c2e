"""Picks that somebody else changes or deletes meanwhile."""

import pytest

from tests.pages.viewer.picks import stored
from tests.pages.viewer.workbench import Workbench


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
