"""``manage.py ingest FILE|FOLDER... --well NAME``: ingest files of any format."""

import stat
from argparse import ArgumentParser
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.http import QueryDict
from tqdm import tqdm

from images.api.log_uploads import read
from images.api.parameters import OPTIONS
from images.errors import InvalidCsv, InvalidFile
from images.ingest.logs import LogsIngest, Result
from images.management.table import aligned
from storage.errors import StorageError
from web.errors import InvalidParameter, RequestError

READ_BYTES = 1024 * 1024
FILES = "files, and folders of files; names that begin with a dot are left out"
COLUMNS = ("file", "log", "rows", "width", "unit", "nulls", "warnings")


class Command(BaseCommand):
    help = (
        "Ingest files of any format, also from folders, as logs of wells. A file that is refused"
        " does not stop the others."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("files", nargs="+", type=Path, metavar="FILE", help=FILES)
        for option in OPTIONS:
            if option.name == "preview":
                parser.add_argument("--preview", action="store_true", help=option.description)
            else:
                name = option.name.replace("_", "-")
                parser.add_argument(f"--{name}", help=option.description.replace("%", "%%"))

    def handle(self, *args: Any, **options: Any) -> None:
        query = QueryDict(mutable=True)
        for option in OPTIONS:
            value = options[option.name]
            if value not in (None, False):
                query[option.name] = "true" if value is True else str(value)
        try:
            self._well, self._options, self._preview = read(query, QueryDict())
        except InvalidParameter as error:
            raise CommandError(str(error)) from None
        files, refused = list(_files(options["files"])), []
        rows: list[tuple[str, ...]] = []
        total = sum(path.stat().st_size for path in files if path.exists())
        with tqdm(total=total, unit="B", unit_scale=True, disable=None) as bar:
            for path in files:
                result = self._ingest(path, bar)
                if result is None:
                    refused.append(path)
                else:
                    rows += _rows(path, result)
        self._table(rows)
        done = "looked at" if self._preview else "ingested"
        self.stdout.write(f"{len(files) - len(refused)} {done}, {len(refused)} refused")
        if refused:
            raise CommandError(f"refused: {', '.join(map(str, refused))}")

    def _ingest(self, path: Path, bar: Any) -> Result | None:
        try:
            if not stat.S_ISREG(path.stat().st_mode):
                raise InvalidFile("it is no regular file")
            with path.open("rb") as file, LogsIngest(settings.MAX_UPLOAD_BYTES) as ingest:
                bar.set_description(path.name)
                while data := file.read(READ_BYTES):
                    ingest.feed(data)
                    bar.update(len(data))
                return ingest.publish(self._well, path.name, self._options, self._preview)
        except (InvalidCsv, InvalidFile) as error:
            self.stderr.write(f"{path}: {error}")
            for fault in error.faults:
                found = f": {fault.value!r}" if fault.value else ""
                self.stderr.write(f"  {fault.place}{found}: {fault.reason}")
        except (RequestError, StorageError, OSError) as error:
            self.stderr.write(f"{path}: {error}")
        return None

    def _table(self, rows: list[tuple[str, ...]]) -> None:
        for line in aligned([COLUMNS, *rows]) if rows else ():
            self.stdout.write(line)


def _files(paths: Iterable[Path]) -> Iterator[Path]:
    """Yield the files, and recursively those in folders, except hidden ones."""
    for path in paths:
        if not path.is_dir():
            yield path
            continue
        for found in sorted(path.rglob("*")):
            hidden = any(part.startswith(".") for part in found.relative_to(path).parts)
            if found.is_file() and not hidden:
                yield found


def _rows(path: Path, result: Result) -> Iterator[tuple[str, ...]]:
    warnings = "; ".join(detail for _, detail in result.warnings)
    for log, created in result.logs:
        name = f"{log.well} {log.name}" + ("" if created or log.pk is None else " (already there)")
        numbers = (str(log.rows), str(log.width), log.unit or "", str(log.nulls))
        yield (path.name, name, *numbers, warnings)
        warnings = ""
