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


def asked_when_leaving(page):
    """What the page asks when a link is followed; one stays where one is asked."""
    asked = []

    def stay(dialog):
        asked.append(dialog.type)
        dialog.dismiss()

    page.on("dialog", stay)
    page.get_by_role("link", name="Borehole image logs").click()
    page.remove_listener("dialog", stay)
    return asked


def test_files_are_looked_at_before_anything_is_stored(page):
    page.get_by_label("Files").set_input_files(
        [file("north.csv", random_csv(3)), file("bad.csv", b"no log at all")]
    )
    entry(page, "north.csv").get_by_text("1 log found; not stored yet").wait_for()
    assert "150 wide, 3 rows, 100 – 101\n" in entry(page, "north.csv").inner_text()
    page.locator("#uploads > .bad").wait_for()
    wrong = entry(page, "bad.csv").locator("> p").inner_text()
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


def test_of_a_file_with_several_wells_one_is_chosen(page):
    data = b"well,depth,GR\nA-1,1,10\nB-2,1,20\nC-3,1,30\nB-2,2,21\n"
    page.locator("#log-well").fill("")
    page.get_by_label("Files").set_input_files([file("wells.csv", data)])
    wells = entry(page, "wells.csv")
    wells.get_by_text("The file holds logs of 3 wells, of which one is taken.").wait_for()
    wells.get_by_label("Well to take").select_option("B-2")
    wells.get_by_text("GR: curve, 2 rows, 1 – 2").wait_for()
    page.get_by_role("button", name="Add the logs").click()
    wells.get_by_role("link", name="Open well B-2 in the workbench").wait_for()


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
    assert asked_when_leaving(page) == ["beforeunload"]


def test_files_that_were_looked_at_and_not_stored_are_not_left_without_a_question(page):
    page.get_by_label("Files").set_input_files([file("north.csv", random_csv(3))])
    entry(page, "north.csv").get_by_text("not stored yet").wait_for()
    assert asked_when_leaving(page) == ["beforeunload"]
    page.get_by_role("button", name="Add the logs").click()
    entry(page, "north.csv").get_by_text("Stored").wait_for()
    assert asked_when_leaving(page) == []


def test_the_bar_shows_bytes_that_were_sent_then_rows_that_the_server_has_read(page, failing_once):
    page.get_by_label("Files").set_input_files([file("north.csv", random_csv(300))])
    north = entry(page, "north.csv")
    north.get_by_text("1 log found").wait_for()
    with failing_once("insert", blockConnection=True, blockTimeMS=2500):
        page.get_by_role("button", name="Add the logs").click()
        north.get_by_text("300 of 300 rows read…").wait_for()
        bar = north.locator("progress")
        assert bar.evaluate("(bar) => [bar.value, bar.max]") == [300, 300]
        north.get_by_text("Stored: 1 log.").wait_for()


def test_choices_that_a_preview_leaves_are_sent_with_the_upload(page):
    page.get_by_label("Files").set_input_files([file("curves.csv", CURVES)])
    curves = entry(page, "curves.csv")
    curves.get_by_text("2 logs found").wait_for()
    curves.get_by_text("Choices", exact=True).click()
    curves.get_by_label("Values that mean").fill("60, 2.6")
    curves.get_by_label("Unit of the depths").select_option("m")
    curves.get_by_role("button", name="Look again with these choices").click()
    curves.get_by_text("GR: curve, 3 rows, 1 – 2 m, 1 null").wait_for()
    curves.get_by_role("checkbox", name="RHOB").uncheck()
    page.get_by_role("button", name="Add the logs").click()
    curves.get_by_text("Stored: 1 log.").wait_for()
    log = ImageLog.objects.get()
    assert (log.name, log.depth_unit, log.nulls) == ("GR", "m", 1)
    assert curves.get_by_role("link", name="Open well A-1 in the workbench").get_attribute(
        "href"
    ) == ("/view/A-1/")


def test_a_file_that_was_looked_at_can_be_removed_and_is_not_stored(page):
    page.get_by_label("Files").set_input_files(
        [file("north.csv", random_csv(3)), file("curves.csv", CURVES)]
    )
    entry(page, "curves.csv").get_by_text("2 logs found").wait_for()
    page.get_by_role("button", name="Remove curves.csv").click()
    page.get_by_role("button", name="Add the logs").click()
    entry(page, "north.csv").get_by_text("Stored: 1 log.").wait_for()
    assert page.locator("#uploads > li").count() == 1
    assert [log.filename for log in ImageLog.objects.all()] == ["north.csv"]


def test_a_file_without_depths_is_mended_by_the_choices_where_it_was_refused(page):
    table = b"A[0],A[1],A[2]\n1.5,2.5,3.5\n2.5,3.5,4.5\n"
    page.get_by_label("Files").set_input_files([file("table.csv", table)])
    wrong = page.locator("#uploads > .bad")
    wrong.wait_for()
    wrong.get_by_label("First depth").fill("100")
    wrong.get_by_label("Depth step").fill("0.5")
    wrong.get_by_role("button", name="Look again").click()
    entry(page, "table.csv").get_by_text("3 wide, 2 rows, 100 – 100.5").wait_for()


def test_the_choices_are_fields_of_the_form_without_scripts(open_page, server):
    page = open_page(java_script_enabled=False)
    page.goto("/")
    page.get_by_text("Add logs", exact=True).click()
    page.get_by_text("Choices", exact=True).click()
    page.get_by_label("Files").set_input_files(file("curves.csv", CURVES))
    page.get_by_label("Values that mean").fill("no number")
    page.get_by_role("button", name="Add the logs").click()
    wrong = page.get_by_label("Values that mean")
    assert wrong.get_attribute("aria-invalid") == "true"
    assert wrong.input_value() == "no number"
    wrong.fill("60")
    page.get_by_label("Only these logs").fill("GR")
    page.get_by_label("Files").set_input_files(file("curves.csv", CURVES))
    page.get_by_role("button", name="Add the logs").click()
    page.locator(".done").wait_for()
    assert [(log.name, log.nulls) for log in ImageLog.objects.all()] == [("GR", 1)]


def test_without_scripts_one_file_of_any_kind_is_taken(open_page, server):
    page = open_page(java_script_enabled=False)
    page.goto("/")
    page.get_by_text("Add logs", exact=True).click()
    page.get_by_label("Files").set_input_files(file("curves.csv", CURVES))
    page.get_by_role("button", name="Add the logs").click()
    assert "2 logs and curves, the first of them curves.csv" in page.locator(".done").inner_text()
    assert page.locator("#curves").count() == 1
    assert {log.well for log in ImageLog.objects.all()} == {"default"}
