"""Documents of models as pymongo reads and writes them."""

from datetime import UTC, timedelta

from bson import ObjectId

from storage.documents import collection, known, now
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
