import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from image_processor.ops import admission
from image_processor.ops.admission import Slots


@pytest.fixture
def full():
    slots = Slots(1)
    assert slots.take("/logs/")
    return slots


def test_a_request_is_refused_where_no_slot_gets_free_in_its_time(full):
    since = time.monotonic()
    assert full.take("/logs/") is None
    assert time.monotonic() - since >= admission.PATIENCE_SECONDS


def test_scripts_and_styles_of_a_page_are_served_where_all_slots_are_taken(full):
    """Each of them: a page without one does not begin."""
    assert all(full.take(f"/static/0123456789ab/pages/viewer/{i}.js") for i in range(50))


def test_a_request_gets_the_slot_that_is_given_back_while_it_waits(monkeypatch):
    monkeypatch.setattr(admission, "PATIENCE_SECONDS", 60)
    slots = Slots(1)
    give_back = slots.take("/logs/")
    with ThreadPoolExecutor(1) as threads:
        other = threads.submit(slots.take, "/logs/")
        time.sleep(0.05)
        assert not other.done()
        give_back()
        assert other.result(30)


def test_a_request_is_refused_at_once_where_as_many_wait_as_may(monkeypatch):
    monkeypatch.setattr(admission, "WAITING", 0)
    monkeypatch.setattr(admission, "PATIENCE_SECONDS", 60)
    slots = Slots(1)
    assert slots.take("/logs/")
    since = time.monotonic()
    assert slots.take("/logs/") is None
    assert time.monotonic() - since < 30


def test_a_slot_given_back_can_be_taken_again():
    slots = Slots(1)
    for _ in range(3):
        slots.take("/logs/")()


def test_readiness_and_metrics_are_answered_at_once_while_no_other_slot_is_free(full):
    assert full.take("/readyz")
    assert full.take("/metrics")
    assert full.take("/readyz") is None


def test_liveness_needs_no_slot(full):
    assert all(full.take("/healthz") for _ in range(100))
