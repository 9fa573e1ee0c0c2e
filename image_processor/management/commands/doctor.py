"""``manage.py doctor``: check everything that is stored, and repair it."""

from argparse import ArgumentParser
from collections.abc import Iterator
from typing import Any

from bson import ObjectId
from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from dips.picks import import_ledger
from image_processor.ops import findings, indexes
from images.models import BUCKET
from images.store import journal, verification
from photos import maintenance
from storage.bucket import Bucket
from storage.errors import StorageError
from storage.verify import Damage
from web.errors import RequestError
from web.text import counted


class Command(BaseCommand):
    help = (
        "Check everything that is stored: indexes, image logs and photos byte by byte, orphaned"
        " files, and ingests, imports and deletes that were interrupted. It can run beside the"
        " service. Exits with 1 if a problem is left."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--fix", action="store_true", help="repair what can be repaired")
        parser.add_argument(
            "--idle",
            action="store_true",
            help="the service is stopped: do not wait for the leases of interrupted work",
        )

        parser.add_argument(
            "--quick",
            action="store_true",
            help="check indexes, interrupted work and orphaned files only, not every byte",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        self.examined = {"log": 0, "photo": 0}
        problems = repaired = unreachable_bytes = 0
        try:
            for damage in self._damages(options["fix"], options["idle"], options["quick"]):
                self.stdout.write(str(damage))
                problems += 1
                repaired += damage.repaired
                unreachable_bytes += 0 if damage.repaired else damage.unreachable_bytes
            # A quick run does not check everything, so it does not replace the stored results.
            noted = options["quick"] or findings.note(problems - repaired, unreachable_bytes)
        except (StorageError, RequestError) as error:
            raise CommandError(f"not finished, run it again: {error}") from error
        logs, photos = self.examined["log"], self.examined["photo"]
        read = f" in {counted(logs, 'image log')} and {counted(photos, 'photo')}"
        self.stdout.write(
            f"{counted(problems, 'problem')}, {repaired} repaired, "
            f"{counted(unreachable_bytes, 'unreachable byte')}"
            + ("; logs and photos were not read" if options["quick"] else read)
        )
        if not noted:
            self.stderr.write("not stored for /metrics: the MongoDB user may only read")
        if problems > repaired:
            raise CommandError(f"{counted(problems - repaired, 'problem is', 'problems are')} left")

    def _damages(self, fix: bool, idle: bool, quick: bool) -> Iterator[Damage]:
        """The cheap checks first, then the bytes of the remaining logs and photos."""
        yield from indexes.of_models(fix)
        for bucket in (BUCKET, maintenance.storage().bucket):
            yield from indexes.of_bucket(Bucket(bucket), fix)
        yield from journal.unfinished(fix, idle)
        yield from import_ledger.unfinished(fix, idle)
        yield from journal.unreachable(fix)
        yield from maintenance.unreachable(fix)
        if quick:
            return
        for log_id in self._each("log", verification.ready_ids()):
            yield from verification.check(log_id, fix)
        for photo_id in self._each("photo", maintenance.ids()):
            yield from maintenance.examine(photo_id, fix)

    def _each(self, unit: str, ids: list[ObjectId]) -> Iterator[ObjectId]:
        """Yield the ids, count them, and show a progress bar on a terminal."""
        self.examined[unit] = len(ids)
        yield from tqdm(ids, unit=unit, file=self.stderr, disable=None, leave=False)
