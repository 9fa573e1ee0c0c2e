"""A survey may have 20 000 stations: lists of wells and of picks never hold those of all wells."""

import tracemalloc

import pytest
from django.test import Client

from dips.api import lists
from dips.picks import editing, holes
from wells.models import Well, change

WELLS = 12
STATIONS = 20_000


@pytest.fixture
def surveyed():
    """Wells with surveys, and a pick in each."""
    stations = [float(number) for number in range(STATIONS)]
    survey = {"depth": stations, "inclination": [1.5] * STATIONS, "azimuth": stations}
    sine = {"depth": 100.0, "height": 0.1, "azimuth": 30.0, "diameter": 0.2, "diameter_unit": "m"}
    for number in range(WELLS):
        well, _ = Well.ensure(f"F-{number}", "m")
        change(well.pk, {"survey": survey})
        editing.add(holes.hole(well.name), {**sine, "reference": "north"}, "anna")


@pytest.mark.parametrize("address", ["/wells/?limit=1000", "/", "/dips/", "/dips/?format=csv"])
def test_a_list_holds_no_more_surveys_than_a_few(surveyed, monkeypatch, address):
    monkeypatch.setattr(lists, "WELLS_AT_ONCE", 1)
    client = Client(SERVER_NAME="localhost")
    client.get(address)
    tracemalloc.start()
    try:
        answer = client.get(address)
        body = answer.getvalue()
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert answer.status_code == 200
    assert body.count(b"F-") >= WELLS
    assert peak < 4 * 3 * 8 * 4 * STATIONS  # of four surveys as lists of numbers
