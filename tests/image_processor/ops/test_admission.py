import pytest

from image_processor.ops.admission import Slots


@pytest.fixture
def full():
    slots = Slots(1)
    assert slots.take("/logs/")
    return slots


def test_a_request_gets_a_slot_until_none_is_free(full):
    assert full.take("/logs/") is None


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
