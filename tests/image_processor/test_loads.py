import pytest

from image_processor import loads


@pytest.fixture(autouse=True)
def _nobody():
    yield
    for place in range(3):
        loads.leave(place)


def test_a_connection_is_for_whoever_has_the_fewest():
    loads.tell(0, 4)
    loads.tell(1, 3)
    assert loads.another_has_fewer(0, 4)
    assert not loads.another_has_fewer(1, 3)


def test_workers_that_have_as_many_do_not_wait_for_each_other():
    loads.tell(0, 2)
    loads.tell(1, 2)
    assert not loads.another_has_fewer(0, 2)


def test_who_is_alone_or_left_by_the_others_waits_for_nobody():
    loads.tell(0, 7)
    assert not loads.another_has_fewer(0, 7)
    loads.tell(1, 0)
    loads.leave(1)
    assert not loads.another_has_fewer(0, 7)
