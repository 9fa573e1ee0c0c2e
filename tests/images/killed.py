"""Processes that are killed on the way.

``python -m tests.images.killed`` forks one for each line that it reads, "number action", and writes
how it ended. So Django is imported once for all of them.
"""

import os
import signal
import sys

import django
from django.apps import apps
from pymongo import monitoring

if not apps.ready:
    django.setup()

from images.ingest.csv_ingest import Ingest
from images.models import ImageLog
from images.store import journal
from tests.csvs import random_csv

CSV = random_csv(40)


class Killer(monitoring.CommandListener):
    """Kills its own process before the command of a certain number is sent."""

    def __init__(self, number: int) -> None:
        self.left = number

    def started(self, event: monitoring.CommandStartedEvent) -> None:
        self.left -= event.command_name not in {"hello", "buildInfo"}
        if self.left == 0:
            os.kill(os.getpid(), signal.SIGKILL)

    def succeeded(self, event: monitoring.CommandSucceededEvent) -> None:
        pass

    def failed(self, event: monitoring.CommandFailedEvent) -> None:
        pass


def act(command_number: int, action: str) -> None:
    """Ingest or delete, and be killed before the command of this number."""
    monitoring.register(Killer(command_number))
    if action == "delete":
        journal.retire(ImageLog.objects.get())
        return
    with Ingest(1 << 30) as ingest:
        ingest.feed(CSV)
        ingest.publish("A-1", "log.csv")


def serve() -> None:
    """Fork a process for each line of the standard input, and write its exit code."""
    for line in sys.stdin:
        number, action = line.split()
        child = os.fork()
        if not child:
            code = 1
            try:
                act(int(number), action)
                code = 0
            finally:
                os._exit(code)
        print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)


if __name__ == "__main__":
    serve()
