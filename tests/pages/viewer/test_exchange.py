"""Picks that are exported and imported."""

import re

import pytest

from tests.pages.viewer.picks import stored


def import_dialog(page):
    """The dialog, once it is open: as it opens, its form is emptied."""
    page.get_by_role("button", name="Import").click()
    dialog = page.get_by_role("dialog", name="Import picks")
    dialog.wait_for()
    return dialog


def test_picks_are_exported_and_imported_with_a_preview(server, picked, well, tmp_path):
    page = picked.page
    with page.expect_download() as download:
        page.get_by_role("link", name="CSV").click()
    download.value.save_as(tmp_path / "dips.csv")
    for pick in stored(server, well):
        assert server.request("DELETE", f"/dips/{pick['id']}/").status == 204
    dialog = import_dialog(page)
    page.locator("#import-file").set_input_files(tmp_path / "dips.csv")
    dialog.get_by_role("button", name="Preview").click()
    dialog.get_by_text("2 picks can be imported.").wait_for()
    told = dialog.inner_text()
    assert "They lie from 1001.00 to 1002.00 m." in told
    assert "Columns: id, log, type, basis, depth, depth unit, height, " in told
    assert re.search(r"differ from those computed by at most: .*true dip [\de.-]+°", told)
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


def test_the_type_of_imported_picks_is_chosen_where_the_file_has_none(server, picked, well):
    page = picked.page
    dialog = import_dialog(page)
    page.locator("#import-file").set_input_files(
        {"name": "a.csv", "mimeType": "text/csv", "buffer": b"depth,dip,azimuth\n1001.5,9,20\n"}
    )
    dialog.get_by_label("Type of picks").select_option("Bedding")
    dialog.get_by_role("button", name="Import", exact=True).click()
    dialog.get_by_text("1 pick imported.").wait_for()
    assert [pick["type"] for pick in stored(server, well)] == ["fault", "bedding", "fault"]


def test_a_las_of_picks_is_offered_by_the_chooser_and_imported(server, picked, well, tmp_path):
    page = picked.page
    assert ".las" in page.locator("#import-file").get_attribute("accept").split(",")
    before = stored(server, well)
    with page.expect_download() as download:
        page.get_by_role("link", name="LAS").click()
    download.value.save_as(tmp_path / "dips.las")
    for pick in before:
        assert server.request("DELETE", f"/dips/{pick['id']}/").status == 204
    dialog = import_dialog(page)
    page.locator("#import-file").set_input_files(tmp_path / "dips.las")
    dialog.get_by_role("button", name="Import", exact=True).click()
    dialog.get_by_text("2 picks imported.").wait_for()
    for one, other in zip(before, stored(server, well), strict=True):
        assert one["true_dip"] == pytest.approx(other["true_dip"], abs=1e-3)
