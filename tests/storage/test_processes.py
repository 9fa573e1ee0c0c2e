"""Killed, forked, threaded, on several event loops, and with files larger than the memory."""

import asyncio
import io
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

from django.db import connection

from tests.storage.rows.models import SMALL_CHUNKS as STORAGE


def run(module: str, *args: str) -> str:
    command = [sys.executable, "-W", "error", "-m", module, *args]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_a_process_killed_anywhere_loses_nothing_and_leaves_nothing():
    lines = [line.split() for line in run("tests.storage.killed").splitlines()]
    assert [line[0] for line in lines] == ["put", "replace", "delete", "delete_row"]
    assert all(int(line[2]) >= 3 for line in lines)


def test_250_mib_go_in_and_out_in_less_than_100():
    # `make bench` does it with a gigabyte.
    try:
        assert int(run("tests.storage.large", "250").split()[0]) < 100
    finally:
        connection.database.client.drop_database("large")


def test_two_forked_processes_use_one_storage():
    run("tests.storage.forked")


def round_trip(number: int) -> bool:
    data = bytes([number]) * 5000
    name = STORAGE.save("a.bin", io.BytesIO(data))
    return bool(STORAGE.open(name).read() == data)


async def round_trips(first: int) -> list[bool]:
    async def one(number: int) -> bool:
        data = bytes([number]) * 5000
        name = await STORAGE.asave("a.bin", io.BytesIO(data))
        async with await STORAGE.aopen(name) as file:
            return await file.read() == data

    return await asyncio.gather(*(one(number) for number in range(first, first + 20)))


def test_two_threads_use_one_storage():
    with ThreadPoolExecutor(2) as threads:
        assert all(threads.map(round_trip, range(40)))


def test_two_event_loops_use_one_storage_at_the_same_time():
    with ThreadPoolExecutor(2) as threads:
        for answers in threads.map(lambda first: asyncio.run(round_trips(first)), (0, 20)):
            assert all(answers)
