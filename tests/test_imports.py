"""Dependencies point one way, and the pure modules stay pure."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
# Of the pure folders, the modules that know the catalogue or MongoDB. All others are pure.
KNOW_THE_CATALOGUE = {
    "images/ingest/csv_upload.py",
    "images/ingest/drafts.py",
    "images/ingest/logs.py",
    "images/ingest/pipeline.py",
    "images/ingest/values.py",
    "images/render/answering.py",
    "images/render/raster.py",
    "images/render/representations.py",
    "images/render/window_request.py",
}
PURE = [
    path
    for folder in ("ingest", "render")
    for path in sorted((ROOT / "images" / folder).glob("*.py"))
    if str(path.relative_to(ROOT)) not in KNOW_THE_CATALOGUE
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


def python_files(*folders):
    return [
        path
        for folder in folders
        for path in sorted((ROOT / folder).rglob("*.py"))
        if "migrations" not in path.parts
    ]


def name(path):
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("path", PURE, ids=name)
def test_pure_modules_know_neither_django_nor_mongodb(path):
    forbidden = {"django", "rest_framework", "pymongo", "bson", "gridfs", "storage"}
    assert not packages(path) & forbidden


PURE_ROOMS = python_files("dips/planes", "dips/formats", "wells/tables")
PURE_FILES = [ROOT / "wells/survey.py", ROOT / "wells/survey_files.py", ROOT / "wells/units.py"]


@pytest.mark.parametrize("path", [*PURE_ROOMS, *PURE_FILES], ids=name)
def test_planes_and_their_files_know_neither_django_nor_mongodb(path):
    forbidden = {"django", "rest_framework", "pymongo", "bson", "gridfs", "storage", "images"}
    assert not packages(path) & forbidden


# The rooms of images, each with those that it may know.
ROOMS = {
    "images/ingest": {"images.api", "images.render"},
    "images/store": {"images.api", "images.render", "images.ingest"},
    "images/render": {"images.api", "images.ingest"},
}


@pytest.mark.parametrize(
    ("path", "above"),
    [(path, above) for folder, above in ROOMS.items() for path in python_files(folder)],
    ids=lambda value: name(value) if isinstance(value, Path) else "",
)
def test_no_import_runs_up_between_the_rooms_of_images(path, above):
    assert not {".".join(n.split(".")[:2]) for n in imported(path)} & above


@pytest.mark.parametrize("path", python_files("storage"), ids=name)
def test_storage_knows_nothing_of_images_or_http(path):
    assert not packages(path) & {"images", "web", "image_processor", "rest_framework"}


@pytest.mark.parametrize("path", python_files("web"), ids=name)
def test_what_all_apps_share_knows_none_of_them(path):
    assert not packages(path) & {"images", "photos", "wells", "dips", "pages", "image_processor"}


@pytest.mark.parametrize("path", python_files("images", "photos", "storage", "web"), ids=name)
def test_only_the_project_knows_the_pages(path):
    assert "pages" not in packages(path)


@pytest.mark.parametrize("path", python_files("images"), ids=name)
def test_the_domain_does_not_know_the_project_around_it(path):
    assert "image_processor" not in packages(path)
