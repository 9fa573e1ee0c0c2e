"""Static files: kept by browsers for ever, and new ones found at once after an upgrade."""

import shutil

from django.conf import settings

from image_processor import static_files
from tests.server import ROOT


def test_a_static_file_has_the_version_in_its_address_and_is_immutable(server):
    answer = server.get(f"{settings.STATIC_URL}pages/viewer/main.js")
    assert answer.status == 200
    assert answer.headers["Content-Type"].startswith("text/javascript")
    assert "immutable" in answer.headers["Cache-Control"]
    assert answer.body == (ROOT / "pages" / "static" / "pages" / "viewer" / "main.js").read_bytes()
    assert server.get(f"{settings.STATIC_URL}admin/css/base.css").status == 200


def test_the_version_changes_with_the_bytes_and_with_the_names_of_files(tmp_path, monkeypatch):
    shutil.copytree(ROOT / "pages" / "static", tmp_path / "pages" / "static")
    monkeypatch.setattr(static_files, "ROOT", tmp_path)
    assert f"/static/{static_files.version()}/" == settings.STATIC_URL
    script = tmp_path / "pages" / "static" / "pages" / "viewer" / "main.js"
    before = static_files.version()
    script.write_text(script.read_text() + "\n")
    changed = static_files.version()
    script.rename(script.with_name("renamed.js"))
    assert len({before, changed, static_files.version()}) == 3


def test_a_page_of_another_version_gets_what_there_is_now_and_keeps_none_of_it(server):
    """While the service is upgraded, and where a page has been open since before."""
    answer = server.get("/static/0123456789ab/pages/viewer/main.js")
    assert answer.status == 200
    assert answer.body == server.get(f"{settings.STATIC_URL}pages/viewer/main.js").body
    assert answer.headers["Cache-Control"] == "no-cache"
    assert "javascript" in answer.headers["Content-Type"]


def test_a_static_file_that_there_is_not_is_not_found_and_no_way_leads_out(server):
    for path in ("pages/none.js", "../settings.py", "pages/%2e%2e/%2e%2e/models.py", "pages/"):
        for prefix in (settings.STATIC_URL, "/static/0123456789ab/"):
            assert server.get(f"{prefix}{path}").status in (400, 404)
