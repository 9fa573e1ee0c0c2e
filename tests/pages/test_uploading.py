"""Several files in a real browser: each is looked at, then stored; errors are one sentence."""

import re

import pytest

from images.models import ImageLog
from tests.csvs import random_csv

CURVES = b"DEPTH,GR,RHOB\n1.0,50,2.5\n1.5,60,2.6\n2.0,55,2.4\n"


def file(name, data):
    return {"name": name, "mimeType": "text/csv", "buffer": data}


@pytest.fixture
def page(open_page, server):
    page = open_page()
    page.goto("/")
    page.get_by_text("Add logs", exact=True).click()
    page.locator("#log-well").fill("A-1")
    return page


def entry(page, name):
    return page.locator("#uploads > li", has_text=name)


def test_files_are_looked_at_before_anything_is_stored(page):
    page.get_by_label("Files").set_input_files(
        [file("north.csv", random_csv(3)), file("bad.csv", b"no log at all")]
    )
    entry(page, "north.csv").get_by_text("1 log found; not stored yet").wait_for()
    assert "150 wide, 3 rows, 100 – 101" in entry(page, "north.csv").inner_text()
    page.locator("#uploads > .bad").wait_for()
    wrong = entry(page, "bad.csv").locator("p").inner_text()
    assert re.fullmatch(r"[^\n]{10,200}", wrong), wrong
    assert not ImageLog.objects.exists()
    page.get_by_role("button", name="Add the logs").click()
    entry(page, "north.csv").get_by_text("Stored: 1 log.").wait_for()
    assert ImageLog.objects.get().filename == "north.csv"
    page.get_by_role("link", name="Show the page with what was added").click()
    page.locator(".wells h2").get_by_text("A-1").wait_for()


def test_of_several_logs_in_a_file_one_can_be_left_out(page):
    page.get_by_label("Files").set_input_files([file("curves.csv", CURVES)])
    curves = entry(page, "curves.csv")
    curves.get_by_text("2 logs found").wait_for()
    curves.get_by_role("checkbox", name="RHOB").uncheck()
    page.get_by_role("button", name="Add the logs").click()
    curves.get_by_text("Stored: 1 log.").wait_for()
    assert [log.name for log in ImageLog.objects.all()] == ["GR"]


def test_dropped_files_are_looked_at_too(page):
    page.evaluate(
        """(text) => {
          const data = new DataTransfer();
          data.items.add(new File([text], "dropped.csv"));
          const event = new DragEvent("drop", { dataTransfer: data, cancelable: true });
          document.getElementById("add-logs").dispatchEvent(event);
        }""",
        CURVES.decode(),
    )
    entry(page, "dropped.csv").get_by_text("2 logs found").wait_for()


def test_leaving_in_the_middle_of_an_upload_asks_first(page):
    page.route("**/logs/", lambda route: None)  # the answer does not come
    page.get_by_label("Files").set_input_files([file("north.csv", random_csv(3))])
    entry(page, "north.csv").get_by_text("The file is being").wait_for()
    with page.expect_event("dialog") as asked:
        page.close(run_before_unload=True)
    assert asked.value.type == "beforeunload"
    asked.value.dismiss()


def test_without_scripts_one_file_of_any_kind_is_taken(open_page, server):
    page = open_page(java_script_enabled=False)
    page.goto("/")
    page.get_by_text("Add logs", exact=True).click()
    page.get_by_label("Files").set_input_files(file("curves.csv", CURVES))
    page.get_by_role("button", name="Add the logs").click()
    assert "2 logs and curves, the first of them curves.csv" in page.locator(".done").inner_text()
    assert page.locator("#curves").count() == 1
    assert {log.well for log in ImageLog.objects.all()} == {"default"}
