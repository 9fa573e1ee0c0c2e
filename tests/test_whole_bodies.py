"""Bodies that are not streams hold memory of the budget until a slow reader has taken them."""

import gc

import numpy as np
import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import RequestFactory
from django.urls import resolve

from dips.picks import editing, holes
from tests.values import published
from web import budget as budgets
from web.budget import LASTING_BYTES, budget
from web.views import ITEM_BYTES
from wells.models import Well, change


@pytest.fixture
def log():
    depths = 100 + np.arange(40) / 2
    return published(depths, np.random.default_rng(0).random((40, 150), np.float32), well="A")


def get(path, query):
    """The response before anything of it is sent; Django's test client would close it at once."""
    request = RequestFactory().get(path, query)
    request.user = AnonymousUser()
    found = resolve(path)
    return found.func(request, *found.args, **found.kwargs)


def test_a_large_array_holds_its_bytes_until_the_response_is_closed(log):
    large = get("/get-images/100/110/", {"log": str(log.pk), "format": "npy", "height": 2_000})
    assert budget.reserved == len(large.content) > LASTING_BYTES
    for _ in range(2):
        large.close()
        assert budget.reserved == 0


@pytest.fixture
def addresses(log):
    sine = {"depth": 105.0, "height": 0.4, "azimuth": 75.0}
    pick = editing.add(holes.hole("A"), sine, "anna")
    survey = {"depth": [0.0, 100.0], "inclination": [1.0, 2.0], "azimuth": [3.0, 4.0]}
    well = change(Well.objects.get(name="A").pk, {"survey": survey})
    picture = {"log": str(log.pk), "height": 30}
    return [
        *(("/get-images/100/110/", {**picture, "format": kind}) for kind in ("png", "webp", "npy")),
        ("/dips/", {}),
        ("/dips/rose.png", {"well": "A"}),
        (f"/dips/{pick['id']}/history", {}),
        (f"/wells/{well['_id']}/survey", {}),
        ("/view/A/", {}),
        ("/logs/", {}),
        ("/photos/", {}),
        ("/wells/", {}),
    ]


def test_every_whole_body_is_held_until_the_response_is_closed(addresses, monkeypatch):
    monkeypatch.setattr(budgets, "LASTING_BYTES", 1)
    for path, query in addresses:
        response = get(path, query)
        assert response.status_code == 200
        assert budget.reserved == len(response.content)
        response.close()
        assert budget.reserved == 0


def test_a_response_that_is_dropped_without_being_closed_holds_nothing(addresses, monkeypatch):
    monkeypatch.setattr(budgets, "LASTING_BYTES", 1)
    response = get(*addresses[0])
    assert budget.reserved > 0
    del response
    gc.collect()
    assert budget.reserved == 0


def test_a_small_body_holds_nothing_afterwards_whether_made_or_from_a_cache(addresses):
    for path, query in addresses * 2:
        response = get(path, query)
        assert len(response.content) < LASTING_BYTES
        assert budget.reserved == 0


@pytest.mark.parametrize("path", ["/logs/", "/photos/", "/wells/"])
def test_a_page_that_does_not_fit_into_the_memory_says_what_to_narrow(path, monkeypatch):
    monkeypatch.setattr(budget, "limit", 10 * ITEM_BYTES)
    assert get(path, {"limit": 10}).status_code == 200
    refused = get(path, {"limit": 11})
    assert refused.status_code == 400
    assert "ask for a smaller limit" in refused.content.decode()
    assert get(path, {"limit": 0}).status_code == 400
    assert budget.reserved == 0
