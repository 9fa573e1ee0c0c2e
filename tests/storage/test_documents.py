"""Documents of models as pymongo reads and writes them."""

from datetime import UTC, timedelta

import pytest
from bson import ObjectId
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pymongo import WriteConcern

from storage.documents import collection, in_transaction, known, now, without
from storage.errors import StorageUnavailable
from wells.models import Well


def test_the_time_comes_back_from_mongodb_as_it_was_written():
    time = now()
    wells = collection(Well)
    wells.insert_one({"name": "A", "changed_at": time})
    stored = wells.find_one({"name": "A"})["changed_at"]
    assert stored == time
    assert stored.utcoffset() == timedelta()
    assert stored.tzinfo is UTC


def test_a_field_that_this_version_does_not_know_is_left_out():
    pk = ObjectId()
    assert known(Well, {"_id": pk, "operator": "Equinor", "name": "A"}) == {"id": pk, "name": "A"}


def test_values_come_in_the_order_of_the_model():
    document = {"generation": 3, "name": "A", "_id": ObjectId()}
    assert [*known(Well, document)] == ["id", "name", "generation"]


def test_fields_that_a_list_leaves_out_are_not_sent_by_mongodb_either():
    """``defer`` alone fetches whole documents."""
    Well(name="A", survey={"depth": [0.0]}).save()
    [well] = without(Well.objects.all(), "survey")
    assert well.get_deferred_fields() == {"survey"}
    assert well.survey == {"depth": [0.0]}
    with CaptureQueriesContext(connection) as queries:
        list(without(Well.objects.all(), "survey"))
    [query] = queries.captured_queries
    assert "'$project'" in query["sql"]
    assert "'survey'" not in query["sql"]


def test_a_transaction_that_raises_keeps_nothing_and_later_writes_wait_for_the_majority():
    def write():
        collection(Well).insert_one({"name": "A"})
        raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        in_transaction(write)
    assert not Well.objects.exists()
    assert collection(Well).write_concern == WriteConcern(w="majority", j=True)


@pytest.mark.parametrize("command", ["insert", "commitTransaction"])
def test_a_transaction_that_loses_its_primary_is_begun_anew(failing_once, command):
    with failing_once(command, closeConnection=True):
        in_transaction(lambda: Well.ensure("A") and collection(Well).insert_one({"name": "B"}))
    assert Well.objects.count() == 2


def test_a_transaction_without_mongodb_ends_in_the_time_of_one_operation(failing):
    with failing(0, closeConnection=True), pytest.raises(StorageUnavailable):
        in_transaction(lambda: Well.ensure("A"))
    assert not Well.objects.exists()
