"""Picks that requests ask for, without HTTP."""

import pymongo
import pytest

from dips.api import requests
from dips.models import Dip
from storage.documents import collection
from storage.errors import StorageUnavailable
from tests.dips.api.requests import SINE
from web.errors import InvalidParameter
from wells.models import Well

PICK = {**SINE, "well": "A", "depth_unit": "m"}


def picks():
    return collection(Dip).count_documents({})


def test_mongodb_lost_at_any_command_of_a_pick_makes_no_well_without_it(failing):
    for skip in range(20):
        try:
            with failing(skip), pymongo.timeout(0.25):
                _, warnings = requests.add(PICK, "anna")
        except StorageUnavailable:
            assert Well.objects.count() == picks()
            collection(Dip).delete_many({})
            Well.objects.all().delete()
        else:
            break
    assert skip > 3  # there were that many commands to fail
    assert warnings == ["there was no well 'A'; it was made"]
    assert (Well.objects.get().depth_unit, picks()) == ("m", 1)


def test_a_pick_that_is_refused_makes_no_well_and_one_of_a_well_made_by_itself_keeps_it():
    points = [{"depth": 1.0, "azimuth": 10.0}] * 3
    with pytest.raises(Exception, match="azimuth"):
        requests.add({"well": "A", "points": points}, "anna")
    assert not Well.objects.exists()
    Well.ensure("A", "ft")
    with pytest.raises(InvalidParameter, match="ft"):
        requests.add(PICK, "anna")
    assert (Well.objects.get().depth_unit, picks()) == ("ft", 0)
