"""``python -m tests.docs.pictures``: take the pictures of the docs anew, of generated data."""

import io
import os
import tempfile
from pathlib import Path
from typing import Any

from PIL import Image
from playwright.sync_api import Page, sync_playwright

from image_processor.devtools.embedded_mongodb import EmbeddedMongod
from tests import chromium
from tests.server import ROOT, Server, form

PICTURES = ROOT / "docs" / "pictures"
SIZE = {"width": 1200, "height": 760}
# Azimuths and depths of places on the fracture of the sample that the tutorial picks.
FRACTURE = [(30, 9238.95), (120, 9235.49), (208, 9234.98), (300, 9238.5)]
SURVEY = b"depth,inclination,azimuth\n0,0,0\n8000,12,230\n9600,14,236\n"


def main() -> None:
    with tempfile.TemporaryDirectory() as name, EmbeddedMongod(Path(name, "mongodb")) as mongod:
        os.environ |= {"MONGODB_URI": mongod.uri, "SECRET_KEY": "only-for-pictures"}
        os.environ |= {"ACCESS": "open", "HTTPS": "off"}
        os.environ["DJANGO_SETTINGS_MODULE"] = "image_processor.settings"
        import django
        from django.core.management import call_command

        django.setup()
        call_command("migrate", verbosity=0)
        with Server() as server, sync_playwright() as playwright:
            _fill(server)
            browser = chromium.started(playwright)
            base = f"http://127.0.0.1:{server.port}"
            _take(browser.new_page(base_url=base, viewport=SIZE, color_scheme="light"))
            browser.close()


def _take(page: Page) -> None:
    from tests.pages.viewer.workbench import Workbench

    page.goto("/")
    _save(page, "wells")
    page.get_by_text("Add logs", exact=True).click()
    curves = b"DEPTH[m],GR[gAPI],RHOB[g/cm3]\n1.0,50,2.5\n1.5,-999.25,2.6\n2.0,55,2.4\n"
    file = {"name": "curves.csv", "mimeType": "text/csv", "buffer": curves}
    page.locator("#log-file").set_input_files(file)
    page.get_by_text("2 logs found; not stored yet").wait_for()
    page.locator("#uploads").scroll_into_view_if_needed()
    _save(page, "upload")
    page.on("dialog", lambda dialog: dialog.accept())
    page.goto("/")
    page.get_by_role("link", name="sample", exact=True).click()
    _save(page, "well")
    bench = Workbench(page).open("sample").show(9232, 9242)
    page.keyboard.press("p")
    for azimuth, depth in FRACTURE:
        page.mouse.click(*bench.place(depth, azimuth))
        page.wait_for_timeout(500)
    page.get_by_label("Type", exact=True).select_option(label="Open fracture (2)")
    page.get_by_role("cell", name="Open fracture").wait_for()
    bench.settle()
    _save(page, "picking")


def _save(page: Page, name: str) -> None:
    page.wait_for_load_state("networkidle")
    with Image.open(io.BytesIO(page.screenshot())) as shot:
        shot.convert("RGB").quantize(128).save(PICTURES / f"{name}.png", optimize=True)


def _fill(server: Server) -> None:
    from images.ingest.sample import sample_csv
    from tests.photos.pictures import picture

    header, *rows = sample_csv()
    for well, part in (("15/9-F-4", 40), ("15/9-F-10", 900), ("P11-A-02", 2400)):
        _taken(
            server,
            "POST",
            "/logs/",
            *form(header + b"".join(rows[part : part + 600]), well, "a.csv"),
        )
    sample = form(header + b"".join(rows), "sample", "sample.csv")
    log = _taken(server, "POST", "/logs/", *sample)["logs"][0]["id"]
    json = {"Content-Type": "application/json"}
    known = b'{"depth_unit": "ft", "first_azimuth": 0, "clockwise": true,'
    known += b'"azimuth_reference": "top of hole"}'
    _taken(server, "PATCH", f"/logs/{log}/", known, json)
    well = server.get("/wells/?search=sample").json["results"][0]["id"]
    known = b'{"depth_unit": "ft", "bit_size": 8.5, "bit_size_unit": "in", "declination": 1.5}'
    _taken(server, "PATCH", f"/wells/{well}/", known, json)
    _taken(server, "PUT", f"/wells/{well}/survey", SURVEY, {"Content-Type": "text/csv"})
    for number in range(4):
        body, headers = form(picture(seed=number), "sample", "box.jpg")
        body = body.replace(b'name="file"', b'name="photo"')
        fields = {"top_depth": 9000 + number, "base_depth": 9001 + number}
        for name, value in fields.items():
            part = f'Content-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
            boundary = headers["Content-Type"].partition("boundary=")[2]
            body = body.replace(
                f"--{boundary}--".encode(), f"--{boundary}\r\n{part}--{boundary}--".encode()
            )
        _taken(server, "POST", "/photos/", body, headers)


def _taken(server: Server, method: str, path: str, body: bytes, headers: dict[str, str]) -> Any:
    answer = server.request(method, path, body, headers)
    if answer.status >= 300:
        raise RuntimeError(f"{method} {path}: {answer.body.decode()}")
    return answer.json


if __name__ == "__main__":
    main()
