"""One embedded MongoDB for each process of the run; every test begins with an empty database."""

import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import hypothesis
import pytest

from image_processor.devtools.embedded_mongodb import EmbeddedMongod
from tests.server import Server

_directory = tempfile.TemporaryDirectory(prefix="image-log-tests-")
# Test commands let a test make MongoDB fail where it wants.
_mongod = EmbeddedMongod(Path(_directory.name, "mongodb"), "--setParameter", "enableTestCommands=1")
# How long an example takes says more of the machine than of the code.
hypothesis.settings.register_profile("suite", deadline=None)
hypothesis.settings.load_profile("suite")
# Filled by migrations, and not changed by anything.
KEPT = {
    "django_migrations",
    "django_content_type",
    "auth_permission",
    "auth_group",
    "auth_group_permissions",
}
# How many documents there are in them.
_documents_kept = -1


def pytest_configure(config: pytest.Config) -> None:
    """Settings are read when Django is set up, so MongoDB has to run before."""
    if _only_distributes(config):
        return
    _mongod.start()
    os.environ["MONGODB_URI"] = _mongod.uri
    # With a time limit pymongo tries again until it has passed.
    os.environ["MONGO_TIMEOUT_MS"] = "1500"
    os.environ["SECRET_KEY"] = "only-for-tests"
    os.environ["ACCESS"] = "open"
    os.environ["HTTPS"] = "off"
    os.environ["DJANGO_SETTINGS_MODULE"] = "image_processor.settings"

    import django
    from django.conf import settings
    from django.core.management import call_command

    settings.INSTALLED_APPS.append("tests.storage.rows")
    django.setup()
    call_command("migrate", verbosity=0, run_syncdb=True)


def pytest_unconfigure(config: pytest.Config) -> None:
    if not _only_distributes(config):
        from django.db import connection

        connection.close_pool()
        _mongod.stop()
    _directory.cleanup()


def _only_distributes(config: pytest.Config) -> bool:
    """Whether this process leaves all tests to others, as the first one does under -n."""
    return bool(config.getoption("numprocesses", None))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the tests that ask a running service, so that ``-m "not server"`` leaves them out."""
    for item in items:
        if {"server", "closed_server"} & {*getattr(item, "fixturenames", ())}:
            item.add_marker(pytest.mark.server)


@pytest.fixture(autouse=True)
def _empty_database() -> Iterator[None]:
    """Collections are emptied, not dropped: their indexes stay."""
    yield
    from django.db import connection

    database = connection.database
    # One quick command tells of most tests that they have left nothing.
    if database.command("dbStats")["objects"] != _documents_kept:
        for name in database.list_collection_names():
            if name not in KEPT:
                database[name].delete_many({})
        _remember_documents_kept()


def _remember_documents_kept() -> None:
    from django.db import connection

    global _documents_kept
    _documents_kept = connection.database.command("dbStats")["objects"]


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    """The service behind gunicorn, on the MongoDB of the tests.

    It waits longer for MongoDB than the tests do, so that a busy machine makes no 503.
    """
    settings = {"MONGO_TIMEOUT_MS": "8000"}
    with Server(settings, log=Path(_directory.name, "gunicorn.log")) as running:
        yield running


@pytest.fixture(scope="session")
def closed_server() -> Iterator[Server]:
    """The service where also reading needs a token or a login."""
    with Server({"ACCESS": "closed", "WEB_WORKERS": "1"}) as running:
        yield running


@pytest.fixture
def token(capsys: pytest.CaptureFixture[str]) -> str:
    """The token of a user who may read."""
    from django.core.management import call_command

    call_command("token", "create", "anna", "--group", "reader")
    return capsys.readouterr().out.strip()


@pytest.fixture
def ingest() -> Callable[..., Any]:
    """Ingest bytes; returns the image log and whether it is new."""
    from images.ingest.csv_ingest import Ingest

    def ingest(csv: bytes, well: str = "A-1", step: int = 1 << 20) -> Any:
        with Ingest(1 << 30) as ingest:
            for start in range(0, len(csv), step):
                ingest.feed(csv[start : start + step])
            return ingest.publish(well, "log.csv")

    return ingest


@contextmanager
def fail_point(name: str, **options: Any) -> Iterator[None]:
    from django.db import connection

    admin = connection.database.client.admin
    admin.command("configureFailPoint", name, **options)
    try:
        yield
    finally:
        admin.command("configureFailPoint", name, mode="off")


@pytest.fixture
def failing() -> Callable[..., Any]:
    """A context in which MongoDB does no command after the first ``skip``, or as ``how`` says.

    By default it answers that there was no time, which the driver takes for an answer: it would try
    for long to get another connection. MongoDB ends a transaction that has lost its client after a
    minute; here it is told to.
    """
    commands = ["insert", "update", "delete", "find", "aggregate", "createIndexes", "getMore"]
    commands += ["findAndModify", "commitTransaction", "abortTransaction"]

    @contextmanager
    def failing(skip: int, **how: Any) -> Iterator[None]:
        data = {"failCommands": commands, **(how or {"errorCode": 50})}
        try:
            with fail_point("failCommand", mode={"skip": skip}, data=data):
                yield
        finally:
            end_transactions()

    return failing


def end_transactions() -> None:
    from django.db import connection

    connection.database.client.admin.command("killAllSessions", [])


@pytest.fixture
def failing_once() -> Callable[..., Any]:
    """A context in which the next command of this name fails in the way given."""

    def failing_once(command: str, **how: Any) -> Any:
        data = {"failCommands": [command], **how}
        return fail_point("failCommand", mode={"times": 1}, data=data)

    return failing_once


@pytest.fixture
def losing_answers() -> Callable[..., Any]:
    """A context in which MongoDB does every write and drops the connection before it answers.

    Where the driver sends it again, it is answered, and not done twice.
    """
    return lambda: fail_point("onPrimaryTransactionalWrite", mode="alwaysOn")
