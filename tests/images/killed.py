"""What a process does that is killed on the way. Imported by a server that forks such processes."""

import os
import signal

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
