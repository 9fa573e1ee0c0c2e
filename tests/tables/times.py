"""Texts that take time where a pattern can match them in several ways."""

import time

MANY = 200_000
PUMPS = (" ", "\t", "md", "(", "/", "1", "°", ". ")


def assert_takes_no_longer_than_its_length_says(take, pump):
    """Where a pattern could match in several ways, time grew with the square of the length."""
    since = time.thread_time()
    for before in ("", "x", "N45", "30"):
        take(f"{before}{pump * MANY}x")
    assert time.thread_time() - since < 0.5
