"""Lists of picks with many points: within the memory budget, and given back."""

import json

import pytest
from django.test import Client

from dips.api import lists
from dips.picks import editing, holes
from web.budget import budget
from wells.models import Well

POINTS = 200


@pytest.fixture
def client():
    return Client(SERVER_NAME="localhost")


@pytest.fixture(autouse=True)
def picks():
    """Five picks of many points."""
    Well.ensure("A", "m")
    for depth in range(5):
        points = [{"depth": depth + n / 1000, "azimuth": n * 1.7 % 360} for n in range(POINTS)]
        editing.add(holes.hole("A"), {"points": points}, "anna")


def test_a_page_that_needs_too_much_memory_says_what_to_narrow(client, monkeypatch):
    monkeypatch.setattr(budget, "limit", 300_000)
    refused = client.get("/dips/?limit=5")
    assert refused.status_code == 400
    assert "ask for a smaller limit" in refused.json()["detail"]
    assert len(client.get("/dips/?limit=1").json()["results"][0]["points"]) == POINTS
    assert budget.reserved == 0


def test_a_file_holds_its_memory_until_it_is_read_or_the_reader_leaves(client):
    for leave in (lambda answer: answer.getvalue(), lambda answer: None):
        answer = client.get("/dips/?format=csv")
        assert budget.reserved == lists.STREAM_BYTES
        leave(answer)
        answer.close()
        assert budget.reserved == 0


@pytest.mark.parametrize("points", [1, POINTS * 2, 10**6])
def test_the_pieces_of_a_file_change_nothing_of_it(client, monkeypatch, points):
    whole = client.get("/dips/?format=csv").getvalue()
    monkeypatch.setattr(lists, "PIECE_POINTS", points)
    monkeypatch.setattr(lists, "FETCHED", 2)
    assert client.get("/dips/?format=csv").getvalue() == whole
    assert whole.count(b"\n") == 6


def test_a_page_as_json_has_the_numbers_and_times_of_a_single_pick(client):
    [pick, *_] = client.get("/dips/?limit=1").json()["results"]
    assert client.get(f"/dips/{pick['id']}/").json() == json.loads(json.dumps(pick))
