"""No private part of a library is used, or a comment says why."""

import ast

import pytest

from tests.test_imports import ROOT, name, python_files

# Underscored, and documented all the same: Django's "Model _meta API", "Model instance reference"
# and "Managers", DRF's "Requests", and named tuples in Python's library reference.
DOCUMENTED = {"_meta", "_state", "_base_manager", "_request", "_asdict", "_replace", "_fields"}
SOURCES = python_files(
    *("dips", "image_processor", "images", "pages", "photos", "storage", "tables", "web", "wells")
)


def private_parts(source):
    """The lines on which an underscored attribute of something else is used, or imported."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.ImportFrom):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.Attribute) and ast.unparse(node.value) not in {"self", "cls"}:
            names = [node.attr]
        else:
            continue
        if any(n.startswith("_") and not n.endswith("__") and n not in DOCUMENTED for n in names):
            yield node.lineno


def unexplained(source):
    """Those of them with no comment on the line or the one before."""
    lines = source.splitlines()
    return [n for n in private_parts(source) if not any("#" in s for s in lines[n - 2 : n])]


def test_no_private_part_of_a_library_is_used_without_a_reason():
    for path in (*SOURCES, ROOT / "gunicorn.conf.py"):
        assert not unexplained(path.read_text()), name(path)


@pytest.mark.parametrize(
    ("source", "lines"),
    [
        ("import gunicorn\n\ngunicorn.util._setproctitle()", [3]),
        ("from gunicorn.util import _setproctitle", [1]),
        ("import a\n# A has no other way.\na._b()", []),
        ("self._own = model._meta.pk", []),
    ],
)
def test_a_private_part_is_found(source, lines):
    assert unexplained(source) == lines
