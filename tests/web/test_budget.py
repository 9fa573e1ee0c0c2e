from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, Event

import pytest

from web.budget import ByteBudget
from web.errors import BudgetExhausted, TooLargeForBudget


def test_what_can_never_fit_is_refused_at_once_with_the_limit():
    with (
        pytest.raises(TooLargeForBudget, match="a picture; ask for less takes 101 bytes") as error,
        ByteBudget(100).reserve(101, "a picture; ask for less"),
    ):
        pytest.fail("the block must not be entered")
    assert error.value.limit == 100


def test_who_finds_no_bytes_waits_briefly_and_is_then_refused():
    budget = ByteBudget(100, patience_seconds=0.05)
    with budget.reserve(60, "one"):
        with pytest.raises(BudgetExhausted), budget.reserve(41, "two"):
            pytest.fail("the block must not be entered")
        with budget.reserve(40, "three"):
            assert budget.reserved == 100
    assert budget.reserved == 0


def test_who_waits_gets_the_bytes_that_another_gives_back():
    budget = ByteBudget(100, patience_seconds=60)
    entered, leave = Event(), Event()

    def hold():
        with budget.reserve(100, "one"):
            entered.set()
            leave.wait(60)

    def follow():
        with budget.reserve(100, "two"):
            return budget.reserved

    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(hold)
        assert entered.wait(60)
        second = pool.submit(follow)
        leave.set()
        first.result()
        assert second.result() == 100


def test_an_error_in_the_block_gives_the_bytes_back():
    budget = ByteBudget(100)
    with pytest.raises(ZeroDivisionError), budget.reserve(100, "one"):
        _ = 1 / 0
    assert budget.reserved == 0


def test_eight_threads_never_hold_more_than_the_limit():
    budget, most, barrier = ByteBudget(100, patience_seconds=60), [], Barrier(8)

    def work():
        barrier.wait(60)
        for _ in range(50):
            with budget.reserve(30, "some"):
                most.append(budget.reserved)

    with ThreadPoolExecutor(8) as pool:
        for done in [pool.submit(work) for _ in range(8)]:
            done.result()
    assert max(most) <= 90
    assert budget.reserved == 0
