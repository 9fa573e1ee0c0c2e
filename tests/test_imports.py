"""Dependencies point one way, and the pure modules stay pure."""

import ast
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
# Of the pure folders, the modules that know the catalogue or MongoDB. All others are pure.
KNOW_THE_CATALOGUE = {
    "images/ingest/csv_upload.py",
    "images/ingest/depth_units.py",
    "images/ingest/drafts.py",
    "images/ingest/logs.py",
    "images/ingest/csv_ingest.py",
    "images/ingest/values.py",
    "images/render/answering.py",
    "images/render/pictures.py",
    "images/render/representations.py",
    "images/render/window_parameters.py",
    "images/render/window_request.py",
}
PURE = [
    path
    for folder in ("ingest", "render")
    for path in sorted((ROOT / "images" / folder).rglob("*.py"))
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


def offenders(paths, forbidden):
    """The files that import one of these packages, and which."""
    found = {name(path): packages(path) & forbidden for path in paths}
    return {path: taken for path, taken in found.items() if taken}


DATABASE = {"django", "rest_framework", "pymongo", "bson", "gridfs", "storage"}
APPS = {"images", "photos", "wells", "dips", "pages", "image_processor"}


def test_pure_modules_know_neither_django_nor_mongodb():
    assert len(PURE) > 20
    assert not offenders(PURE, DATABASE)


PURE_ROOMS = python_files("dips/planes", "dips/formats", "tables")
PURE_FILES = [ROOT / f"wells/{name}.py" for name in ("survey", "survey_files", "units")]


def test_planes_and_their_files_know_neither_django_nor_mongodb():
    assert not offenders([*PURE_ROOMS, *PURE_FILES], DATABASE | {"images"})


# The rooms of images, each with those that it may not know.
ROOMS = {
    "images/ingest": {"images.api", "images.render"},
    "images/store": {"images.api", "images.render", "images.ingest"},
    "images/render": {"images.api", "images.ingest"},
}


@pytest.mark.parametrize(("folder", "above"), ROOMS.items())
def test_no_import_runs_up_between_the_rooms_of_images(folder, above):
    for path in python_files(folder):
        assert not {".".join(n.split(".")[:2]) for n in imported(path)} & above, name(path)


@pytest.mark.parametrize(
    ("folders", "forbidden"),
    [
        (["storage"], {"web", "rest_framework", *APPS}),
        (["web"], {"tables", *APPS}),
        (["tables"], APPS),
        (["images", "photos", "wells", "dips", "storage", "web", "image_processor"], {"pages"}),
        (["images"], {"image_processor"}),
        (["photos", "wells"], {"images"}),
    ],
)
def test_what_lies_below_does_not_know_what_lies_above(folders, forbidden):
    assert not offenders(python_files(*folders), forbidden)


def test_picks_take_the_data_of_images_and_nothing_of_their_api():
    for path in python_files("dips"):
        taken = [module for module in imported(path) if module.startswith("images.api")]
        assert not taken, name(path)


def test_an_import_that_is_forbidden_is_found():
    assert offenders([ROOT / "storage/bucket.py"], {"bson"}) == {"storage/bucket.py": {"bson"}}


def imports_within(folder):
    """What the modules of a folder import of each other, by their names."""
    modules = {".".join(path.relative_to(ROOT).with_suffix("").parts): path for path in folder}
    return {
        module: {other for other in imported(path) if other in modules and other != module}
        for module, path in modules.items()
    }


def rooms_of(folder):
    """What the files and the sub-packages of a folder import of each other."""
    parts = folder.count("/") + 2

    def room(module):
        return ".".join(module.split(".")[:parts])

    found = {}
    for module, others in imports_within(python_files(folder)).items():
        found.setdefault(room(module), set()).update(map(room, others))
    return {module: others - {module} for module, others in found.items()}


def levels(graph):
    """On how many levels the modules stand, each above all that it imports."""
    try:
        order = [*TopologicalSorter(graph).static_order()]
    except CycleError as error:
        pytest.fail(f"modules import each other: {error}")
    level = {}
    for module in order:
        level[module] = 1 + max((level[other] for other in graph[module]), default=0)
    return max(level.values())


PACKAGES_OF_INGEST = [
    f"images/ingest/{name}"
    for name in ("checks", "contract", "dlis", "las", "layout", "names", "text")
]
PACKAGES_OF_RENDER = ["images/render/colour", "images/render/writers"]


@pytest.mark.parametrize(
    "folder",
    [
        "images",
        *ROOMS,
        *PACKAGES_OF_INGEST,
        *PACKAGES_OF_RENDER,
        "images/api",
        "storage",
        "tables",
        "web",
        "photos",
    ],
)
def test_the_modules_of_a_room_stand_on_at_most_eight_levels(folder):
    assert levels(rooms_of(folder)) <= 8


@pytest.mark.parametrize(
    ("graph", "expected"),
    [({"a": set()}, 1), ({"a": {"b"}, "b": {"c"}, "c": set(), "d": {"c"}}, 3)],
)
def test_levels_are_counted_from_the_ground(graph, expected):
    assert levels(graph) == expected
