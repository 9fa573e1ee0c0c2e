"""``manage.py doctor``: repair what crashes left behind."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from image_processor import findings
from images.completion import complete_logs
from images.errors import ImageLogError
from images.journal import reap
from photos.upkeep import reap_photos
from storage.errors import StorageError


class Command(BaseCommand):
    help = (
        "Undo ingests and finish deletes that a crash interrupted, remove unreachable files,"
        " and make overviews and statistics for image logs that lack them."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--idle",
            action="store_true",
            help="nothing else is running: do not wait for the leases of unfinished ingests to end",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            repairs = reap(idle=options["idle"])
            completed = complete_logs()
            photos = reap_photos()
            photo_bytes = sum(reaped.length_bytes for reaped in photos.reaped)
            findings.keep(repairs.unreachable_bytes + photo_bytes)
        except (StorageError, ImageLogError) as error:
            raise CommandError(f"not finished, run it again: {error}") from error
        self.stdout.write(
            f"{repairs.undone} unfinished ingests undone, {repairs.deleted} deletes finished,"
            f" {repairs.unreachable} unreachable files removed,"
            f" {repairs.alive} ingests under way left alone, {completed} logs given overviews,"
            f" {len(photos.reaped)} unreachable photos removed"
        )
        if photos.missing:
            ids = ", ".join(map(str, photos.missing))
            raise CommandError(f"core photos name stored files that are not there: {ids}")
