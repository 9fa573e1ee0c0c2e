"""Processes that are killed at each command they send to MongoDB, and what is left then.

Run as ``python -m tests.storage.killed``: prints a line for each verb, with how often it was
killed. Every process is forked before MongoDB is first used; the last of each verb survives.
"""

import os
import signal
from collections.abc import Callable
from typing import Any

import django
from django.conf import settings
from pymongo import monitoring

OLD, NEW = b"old" * 1000, b"new" * 1000


class KillAt(monitoring.CommandListener):
    """Kills this process when it is about to send its ``number``-th command, from 0."""

    def __init__(self) -> None:
        self.left = -1

    def started(self, event: Any) -> None:
        if self.left == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        self.left -= 1

    def succeeded(self, event: Any) -> None: ...

    def failed(self, event: Any) -> None: ...


KILLER = KillAt()


def in_a_process(work: Callable[[], None]) -> int:
    """Run ``work`` in a fork and return how it ended, as ``waitstatus_to_exitcode`` says it."""
    child = os.fork()
    if child:
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    try:
        work()
    except BaseException:
        import traceback

        traceback.print_exc()
        os._exit(1)
    os._exit(0)


def prepare() -> None:
    """One row with a file, and nothing else."""
    from django.db import connection

    from tests.storage.rows.models import Sample

    Sample.objects.all().delete()
    for name in ("files", "chunks", "leases"):
        connection.database.rows[name].delete_many({})
    row = Sample(label="there")
    row.photo.put(OLD)
    row.save()


def put() -> None:
    from tests.storage.rows.models import Sample

    row = Sample(label="put")
    KILLER.left = KILL_AT
    row.photo.put(NEW)
    row.save()


def replace() -> None:
    from tests.storage.rows.models import Sample

    row = Sample.objects.get(label="there")
    KILLER.left = KILL_AT
    row.photo.replace(NEW)


def delete() -> None:
    from tests.storage.rows.models import Sample

    row = Sample.objects.get(label="there")
    KILLER.left = KILL_AT
    row.photo.delete()


def delete_row() -> None:
    from tests.storage.rows.models import Sample

    row = Sample.objects.get(label="there")
    KILLER.left = KILL_AT
    row.delete()


def check() -> None:
    """After reaping, each row has a whole file or none, and there is nothing else.

    Prepares the next kill, too: a process takes longer to connect than to do either.
    """
    from storage.fields import named_ids
    from storage.leases import reap
    from tests.storage.rows.models import SMALL_CHUNKS, Sample
    from tests.storage.stored import missing, stored

    def named() -> set:
        return named_ids(SMALL_CHUNKS)

    reap(SMALL_CHUNKS.in_bucket(), named)
    assert not missing(named())
    assert stored() == named()
    for row in Sample.objects.all():
        allowed = {"put": (NEW,), "there": (NEW, OLD) if VERB is replace else (OLD,)}[row.label]
        assert not row.photo or row.photo.read() in allowed
        assert row.photo or (VERB is delete and row.label == "there")
    if VERB in (put, replace):
        assert Sample.objects.get(label="there").photo
    prepare()


def main() -> None:
    global KILL_AT, VERB
    monitoring.register(KILLER)
    settings.INSTALLED_APPS.append("tests.storage.rows")
    django.setup()
    # Imported once, and not by each process.
    import storage.leases  # noqa: F401
    import tests.storage.stored  # noqa: F401
    from tests.storage.rows.models import SMALL_CHUNKS

    SMALL_CHUNKS.lease_seconds = 0.0
    assert in_a_process(prepare) == 0
    for VERB in (put, replace, delete, delete_row):
        for KILL_AT in range(100):
            ended = in_a_process(VERB)
            assert ended in (0, -signal.SIGKILL)
            assert in_a_process(check) == 0, f"{VERB.__name__} killed at command {KILL_AT}"
            if ended == 0:
                print(VERB.__name__, "killed", KILL_AT, "times")
                break


if __name__ == "__main__":
    main()
