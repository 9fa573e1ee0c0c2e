"""``manage.py ingest FILE... --well NAME``: CSVs from a terminal."""

from argparse import ArgumentParser
from contextlib import closing
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from images.errors import InvalidCsv
from images.ingest.pipeline import Ingest
from images.models import ImageLog
from storage.errors import StorageError
from web import parameters
from web.errors import RequestError

READ_BYTES = 1024 * 1024


class Command(BaseCommand):
    help = "Ingest CSV files as image logs of a well. A file that is refused does not stop others."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("files", nargs="+", type=Path, metavar="FILE")
        parser.add_argument("--well", default=parameters.DEFAULT_WELL, metavar="NAME")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            well = parameters.well(options["well"])
        except RequestError as error:
            raise CommandError(str(error)) from None
        refused = [path for path in options["files"] if not self._ingest(path, well)]
        ingested = len(options["files"]) - len(refused)
        self.stdout.write(f"{ingested} ingested, {len(refused)} refused")
        if refused:
            raise CommandError(f"refused: {', '.join(map(str, refused))}")

    def _ingest(self, path: Path, well: str) -> bool:
        try:
            log, created = _ingest_file(path, well)
        except InvalidCsv as error:
            self.stderr.write(f"{path}: {error.total} faults")
            for fault in error.faults:
                where = f"line {fault.line}" + (f", column {fault.column}" if fault.column else "")
                found = f": {fault.value!r}" if fault.value else ""
                self.stderr.write(f"  {where}{found}: {fault.reason}")
        except (RequestError, StorageError, OSError) as error:
            self.stderr.write(f"{path}: {error}")
        else:
            what = "ingested" if created else "already there"
            counts = f"{log.rows} rows, {log.rows_skipped} skipped"
            self.stdout.write(f"{path}: {what} as {log.pk}, {counts}, {log.top} to {log.base}")
            return True
        return False


def _ingest_file(path: Path, well: str) -> tuple[ImageLog, bool]:
    """Ingest one file, with a progress bar where there is a terminal."""
    with path.open("rb") as file, closing(Ingest(settings.MAX_UPLOAD_BYTES)) as ingest:
        size = path.stat().st_size
        bar = tqdm(total=size, desc=path.name, unit="B", unit_scale=True, disable=None)
        with bar:
            while data := file.read(READ_BYTES):
                ingest.feed(data)
                bar.update(len(data))
                bar.set_postfix(rows=ingest.rows, refresh=False)
            return ingest.publish(well, path.name)
