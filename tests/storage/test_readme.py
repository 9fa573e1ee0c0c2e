"""Every line of code in the package's README runs."""

import asyncio
import io
import os
import re
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage.handler import StorageHandler
from django.db import models

import storage
from storage.fields import GridFSFileField, named_ids
from storage.gridfs import GridFSStorage
from storage.leases import reap

README = Path(storage.__file__).with_name("README.md").read_text()
EXAMPLES = dict(re.findall(r"```python (\w+)\n(.*?)```", README, re.DOTALL))


@pytest.fixture(scope="module")
def names() -> dict[str, Any]:
    """What the examples name, and the model that they define."""
    meta = "\n    class Meta: app_label = 'rows'\n"
    known: dict[str, Any] = {
        "__name__": "tests.storage.rows.readme",
        "os": os,
        "models": models,
        "GridFSFileField": GridFSFileField,
        "GridFSStorage": GridFSStorage,
        "named_ids": named_ids,
        "reap": reap,
    }
    exec(EXAMPLES["model"] + meta, known)  # noqa: S102
    return known


def run(example: str, names: dict[str, Any]) -> dict[str, Any]:
    values = {**names, "file": io.BytesIO(bytes(1000))}
    exec(EXAMPLES[example], values)  # noqa: S102
    return values


def test_the_readme_is_one_screen_and_has_no_example_that_is_not_run():
    assert len(README.splitlines()) <= 80
    assert {*EXAMPLES} == {"settings", "storage", "model", "field", "async", "reaper"}
    assert README.count("```") == 2 * len(EXAMPLES)


def test_the_settings_make_a_storage(names):
    made = StorageHandler(run("settings", names)["STORAGES"])["default"]
    assert isinstance(made, GridFSStorage)
    assert (made.bucket, made.url("a.jpg")) == ("media", "/media/a.jpg")


def test_the_storage_is_used_as_shown(names):
    made = StorageHandler(run("settings", names)["STORAGES"])["default"]
    values = run("storage", {**names, "default_storage": made})
    assert values["end"] == bytes(100)
    assert not made.exists(values["name"])
    assert made.open(values["new"].name).read() == b"streamed"


def test_the_field_is_used_as_shown(names):
    assert run("field", names)["core"].photo.read() == b"in pieces"


def test_the_async_verbs_are_used_as_shown(names):
    body = EXAMPLES["async"].replace("\n", "\n    ")
    values = dict(names)
    exec(f"async def example():\n    {body}\n    return core", values)  # noqa: S102
    assert asyncio.run(values["example"]()).photo.read() == b"in pieces"


def test_the_reaper_is_used_as_shown(names):
    run("field", names)
    run("reaper", names)
