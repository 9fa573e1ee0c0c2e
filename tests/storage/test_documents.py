"""Documents of models as pymongo reads and writes them."""

from datetime import UTC, timedelta

from bson import ObjectId
from django.db import connection
from django.test.utils import CaptureQueriesContext

from storage.documents import collection, known, now, without
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
