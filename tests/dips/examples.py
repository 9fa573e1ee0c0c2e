"""The well and the pick that the examples of the schema name."""

from bson import ObjectId

from dips.api.docs import EXAMPLE_ID, EXAMPLE_SINE
from dips.models import Dip
from dips.picks import editing, holes
from storage.documents import collection
from wells.api.docs import EXAMPLE_ID as EXAMPLE_WELL_ID
from wells.api.docs import EXAMPLE_NAME
from wells.models import Well, change

SURVEY = {"depth": [0.0, 1000.0, 2000.0], "inclination": [0.0, 30, 60], "azimuth": [0.0, 40, 80]}


def add_example_dips():
    """A well in metres with a bit of 8.5 inches and a survey, and a pick in it."""
    Well(pk=ObjectId(EXAMPLE_WELL_ID), name=EXAMPLE_NAME).save(force_insert=True)
    hole = {"depth_unit": "m", "bit_size": 8.5, "bit_size_unit": "in", "survey": SURVEY}
    change(ObjectId(EXAMPLE_WELL_ID), hole)
    dip = editing.add(holes.hole(EXAMPLE_NAME), {**EXAMPLE_SINE, "log": None}, "anna")
    pick = collection(Dip).find_one_and_delete({"_id": ObjectId(dip["id"])})
    collection(Dip).insert_one({**pick, "_id": ObjectId(EXAMPLE_ID)})
