import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from image_processor.ops import admission
from image_processor.ops.admission import Admission


@pytest.fixture
def full():
    slots = Admission(1)
    assert slots.admit("/logs/")
    return slots


def test_a_request_is_refused_where_no_slot_gets_free_in_its_time(full):
    since = time.monotonic()
    assert full.admit("/logs/") is None
    assert time.monotonic() - since >= admission.PATIENCE_SECONDS


def test_scripts_and_styles_of_a_page_are_served_where_all_slots_are_taken(full):
    """Each of them: a page without one does not begin."""
    assert all(full.admit(f"/static/0123456789ab/pages/viewer/{i}.js") for i in range(50))


def test_a_request_gets_the_slot_that_is_given_back_while_it_waits(monkeypatch):
    monkeypatch.setattr(admission, "PATIENCE_SECONDS", 60)
    slots = Admission(1)
    give_back = slots.admit("/logs/")
    with ThreadPoolExecutor(1) as threads:
        other = threads.submit(slots.admit, "/logs/")
        time.sleep(0.05)
        assert not other.done()
        give_back()
        assert other.result(30)


def test_a_request_is_refused_at_once_where_as_many_wait_as_may(monkeypatch):
    monkeypatch.setattr(admission, "WAITING", 0)
    monkeypatch.setattr(admission, "PATIENCE_SECONDS", 60)
    slots = Admission(1)
    assert slots.admit("/logs/")
    since = time.monotonic()
    assert slots.admit("/logs/") is None
    assert time.monotonic() - since < 30


def test_a_slot_given_back_can_be_taken_again():
    slots = Admission(1)
    for _ in range(3):
        slots.admit("/logs/")()


def test_readiness_and_metrics_are_answered_at_once_while_no_other_slot_is_free(full):
    assert full.admit("/readyz")
    assert full.admit("/metrics")
    assert full.admit("/readyz") is None


def test_liveness_needs_no_slot(full):
    assert all(full.admit("/healthz") for _ in range(100))
