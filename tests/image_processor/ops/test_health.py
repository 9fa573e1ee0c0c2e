"""What ``/readyz`` says of each dependency."""

import json

import pytest
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client

from image_processor.ops import health


@pytest.fixture
def ready():
    health._check_migrations.cache_clear()
    yield lambda: json.loads(Client(headers={"Host": "localhost"}).get("/readyz").content)
    health._check_migrations.cache_clear()


def test_readyz_calls_an_error_of_mongodb_as_mongodb_does(ready, failing_once):
    with failing_once("aggregate", errorCode=13):
        assert ready()["checks"]["migrations"] == "not known to be applied: Unauthorized"
    with failing_once("ping", errorCode=18):
        assert ready()["checks"]["mongodb"] == "does not answer: AuthenticationFailed"
    assert ready()["status"] == "ready"


def test_readyz_says_that_a_migration_is_missing_and_how_to_apply_it(ready):
    recorder = MigrationRecorder(connection)
    recorder.record_unapplied("photos", "0003_photos_by_well")
    try:
        answer = ready()
    finally:
        recorder.record_applied("photos", "0003_photos_by_well")
    assert answer["status"] == 503
    assert answer["detail"] == "migrations are not all applied: run manage.py migrate"
    assert ready()["status"] == "ready"
