"""Logs as Zarr groups, opened in a browser by zarrita, with a token in the header."""

import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Error

from tests.values import published, random_values

PACKAGES = Path(__file__).parent / "zarrita"
# zarrita is plain modules; nothing is built.
PAGE = """<!doctype html><title>zarrita</title><script type="importmap">{"imports": {
    "zarrita": "/npm/zarrita/dist/src/index.js",
    "@zarrita/storage/fetch": "/npm/@zarrita/storage/dist/src/fetch.js"
}}</script>"""
OPEN = """async ([url, headers]) => {
    const zarr = await import("zarrita");
    const store = new zarr.FetchStore(new URL(url, location), { overrides: { headers } });
    window.group = await zarr.open.v3(store, { kind: "group" });
    return window.group.attrs;
}"""
OPEN_VALUES = """async () => {
    const zarr = await import("zarrita");
    window.values = await zarr.open.v3(window.group.resolve("values"), { kind: "array" });
}"""
READ_VALUES = """async () => {
    const zarr = await import("zarrita");
    return [...(await zarr.get(window.values, [null, null])).data];
}"""
READ = """async ([path, first, last]) => {
    const zarr = await import("zarrita");
    const array = await zarr.open.v3(window.group.resolve(path), { kind: "array" });
    const rows = zarr.slice(first, last);
    const part = await zarr.get(array, array.shape.length === 2 ? [rows, null] : [rows]);
    return { shape: array.shape, names: array.dimensionNames, units: array.attrs.units,
             part: [...part.data] };
}"""


@pytest.fixture(scope="module")
def modules(tmp_path_factory):
    """The folder of zarrita and of what it needs, in the versions of package-lock.json."""
    npm = shutil.which("npm")
    if npm is None:
        pytest.skip("zarrita comes from npm, which is not installed")
    directory = tmp_path_factory.mktemp("zarrita")
    for path in PACKAGES.iterdir():
        shutil.copy(path, directory)
    options = ["--ignore-scripts", "--no-audit", "--no-fund", "--prefer-offline"]
    subprocess.run([npm, "ci", *options], cwd=directory, check=True, capture_output=True)
    return directory / "node_modules"


@pytest.fixture
def headers(token):
    return {"Authorization": f"Token {token}"}


@pytest.fixture
def page(browser, closed_server, modules):
    """An empty page of a closed service that may import zarrita."""
    context = browser.new_context(base_url=f"http://127.0.0.1:{closed_server.port}")
    page = context.new_page()
    page.route("**/npm/**", lambda route: answer(route, modules))
    page.goto("/npm/page.html")
    yield page
    context.close()


def answer(route, modules):
    name = route.request.url.partition("/npm/")[2]
    if name == "page.html":
        route.fulfill(body=PAGE, content_type="text/html")
    else:
        route.fulfill(path=modules / name)


def test_zarrita_reads_the_same_values_depths_and_overviews(page, headers):
    depths, values = random_values(9000, 36)
    log = published(depths, values, depth_unit="m", unit="ohm.m")
    attributes = page.evaluate(OPEN, [f"/logs/{log.pk}.zarr", headers])
    assert attributes["well"] == log.well
    found = page.evaluate(READ, ["values", 7000, 7500])
    assert (found["shape"], found["units"]) == ([9000, 36], "ohm.m")
    assert found["names"] == ["depth", "azimuth"]
    np.testing.assert_array_equal(np.reshape(found["part"], (500, 36)), values[7000:7500])
    found = page.evaluate(READ, ["depth", 0, 9000])
    assert (found["part"], found["units"]) == (depths.tolist(), "m")
    overview = log.overviews[0]
    found = page.evaluate(READ, ["overviews/1/values", 0, 10])
    assert found["shape"] == [overview.rows, 36]


def test_zarrita_fails_where_there_is_no_token_and_where_the_log_was_deleted_since(page, headers):
    log = published(*random_values(100, 36))
    with pytest.raises(Error, match="401"):
        page.evaluate(OPEN, [f"/logs/{log.pk}.zarr", {}])
    page.evaluate(OPEN, [f"/logs/{log.pk}.zarr", headers])
    page.evaluate(OPEN_VALUES)
    log.delete_document()
    with pytest.raises(Error, match="410"):
        page.evaluate(READ_VALUES)
