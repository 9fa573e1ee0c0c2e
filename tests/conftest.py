"""One embedded MongoDB for the whole run; every test begins with an empty database."""

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from image_processor.embedded_mongodb import EmbeddedMongod

_directory = tempfile.TemporaryDirectory(prefix="image-log-tests-")
_mongod = EmbeddedMongod(Path(_directory.name, "mongodb"))


def pytest_configure() -> None:
    """Settings are read when Django is set up, so MongoDB has to run before."""
    _mongod.start()
    os.environ["MONGODB_URI"] = _mongod.uri
    os.environ["SECRET_KEY"] = "only-for-tests"
    os.environ["DJANGO_SETTINGS_MODULE"] = "image_processor.settings"

    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)


def pytest_unconfigure() -> None:
    from django.db import connection

    connection.close_pool()
    _mongod.stop()
    _directory.cleanup()


@pytest.fixture
def mongod() -> EmbeddedMongod:
    return _mongod


@pytest.fixture(autouse=True)
def _empty_database() -> Iterator[None]:
    """Collections are emptied, not dropped: their indexes stay."""
    yield
    from django.db import connection

    for name in connection.database.list_collection_names():
        if name not in {"django_migrations", "django_content_type", "auth_permission"}:
            connection.database[name].delete_many({})
