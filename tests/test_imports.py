"""Dependencies point one way, and the pure modules stay pure."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PURE = [
    "chunks",
    "colormap",
    "colormap_catalogue",
    "compression",
    "csv_rows",
    "depths",
    "errors",
    "json_images",
    "merge",
    "overviews",
    "png",
    "resample",
    "sample",
    "slabs",
    "spool",
    "statistics",
    "stretch",
    "strip",
    "tables",
]


def imported(path):
    """The modules that a file names in its import statements."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.module
            yield from (f"{node.module}.{name.name}" for name in node.names)


def packages(path):
    return {name.partition(".")[0] for name in imported(path)}


@pytest.mark.parametrize("name", PURE)
def test_pure_modules_know_neither_django_nor_mongodb_nor_modules_that_do(name):
    path = ROOT / "images" / f"{name}.py"
    forbidden = {"django", "rest_framework", "pymongo", "bson", "gridfs", "storage"}
    assert not packages(path) & forbidden
    own = {n.split(".")[1] for n in imported(path) if n.startswith("images.")}
    assert own <= set(PURE)


@pytest.mark.parametrize("path", sorted((ROOT / "storage").rglob("*.py")), ids=lambda p: p.name)
def test_storage_knows_nothing_of_images_or_http(path):
    assert not packages(path) & {"images", "image_processor", "rest_framework"}


@pytest.mark.parametrize("name", ["images", "photos", "storage"])
def test_only_the_project_knows_the_home_page(name):
    for path in (ROOT / name).rglob("*.py"):
        assert "home" not in packages(path), path


@pytest.mark.parametrize("path", sorted((ROOT / "images").rglob("*.py")), ids=lambda p: p.name)
def test_the_domain_does_not_know_the_project_around_it(path):
    assert "image_processor" not in packages(path)
