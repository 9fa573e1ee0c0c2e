"""Counters that all replicas share."""

import time
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace

import pytest
from django.db import connection
from django.test import RequestFactory, override_settings
from rest_framework.exceptions import Throttled
from rest_framework.settings import api_settings

from image_processor.access import throttles
from image_processor.env import Rate

DAY = 86_400


def refused(counter) -> bool:
    try:
        counter.add()
    except Throttled:
        return True
    return False


def _set_clock(monkeypatch, seconds) -> None:
    """For the counters alone: other threads of the process have use for the time."""
    monkeypatch.setattr(throttles, "time", SimpleNamespace(time=lambda: seconds))


def test_of_many_at_once_just_so_many_are_let_through():
    counter = throttles.counter("test", "a", Rate(10, DAY))
    with ThreadPoolExecutor(8) as threads:
        assert sum(threads.map(refused, [counter] * 40)) == 30


def test_each_kind_client_and_window_counts_for_itself(monkeypatch):
    rate = Rate(1, DAY)
    assert not refused(throttles.counter("test", "a", rate))
    assert not refused(throttles.counter("other", "a", rate))
    assert not refused(throttles.counter("test", "b", rate))
    assert refused(throttles.counter("test", "a", rate))
    _set_clock(monkeypatch, time.time() + DAY)
    assert not refused(throttles.counter("test", "a", rate))


def test_who_is_refused_is_told_when_to_come_again(monkeypatch):
    _set_clock(monkeypatch, 90.5)
    counter = throttles.counter("test", "a", Rate(1, 60))
    counter.add()
    for now, wait in ((90.5, 30), (120.5, 1)):
        _set_clock(monkeypatch, now)
        with pytest.raises(Throttled) as caught:
            counter.add()
        assert caught.value.wait == wait


def test_mongodb_removes_counters_when_their_window_has_ended():
    indexes = connection.database[throttles.COLLECTION].index_information()
    assert indexes["ends_1"]["expireAfterSeconds"] == 0
    throttles.counter("test", "a", Rate(1, DAY)).add()
    assert connection.database[throttles.COLLECTION].find_one()["ends"].year >= 2026


@pytest.mark.parametrize(("proxies", "address"), [(0, "10.0.0.9"), (1, "3.3.3.3"), (2, "2.2.2.2")])
def test_an_address_is_believed_of_as_many_proxies_as_there_are(proxies, address):
    request = RequestFactory().get(
        "/", REMOTE_ADDR="10.0.0.9", HTTP_X_FORWARDED_FOR="1.1.1.1, 2.2.2.2, 3.3.3.3"
    )
    settings = {**api_settings.user_settings, "NUM_PROXIES": proxies}
    with override_settings(REST_FRAMEWORK=settings):
        assert throttles.address(request) == address


@pytest.mark.parametrize(
    ("sent", "address"),
    [
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:ffff::", "2001:db8:1:2::/64"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("::1", "::/64"),
        ("nonsense", "10.0.0.9"),
        ("a" * 8000, "10.0.0.9"),
        ("", "10.0.0.9"),
        (" 192.0.2.1 ", "192.0.2.1"),
    ],
)
def test_x_forwarded_for_is_read_as_addresses_of_ipv6_the_64_bits_of_a_network(sent, address):
    request = RequestFactory().get("/", REMOTE_ADDR="10.0.0.9", HTTP_X_FORWARDED_FOR=sent)
    with override_settings(REST_FRAMEWORK={**api_settings.user_settings, "NUM_PROXIES": 1}):
        assert throttles.address(request) == address
    direct = RequestFactory().get("/", REMOTE_ADDR="", HTTP_X_FORWARDED_FOR=sent)
    assert throttles.address(direct) == "unknown"
