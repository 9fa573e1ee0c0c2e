"""``manage.py logs``: list and delete logs."""

from argparse import ArgumentParser
from collections.abc import Sequence
from typing import Any

from bson import ObjectId
from django.core.management.base import BaseCommand, CommandError

from images.management.table import aligned
from images.models import ImageLog
from images.store import journal
from storage.errors import StorageError
from web.text import counted
from wells.models import resolve

COLUMNS = ("id", "well", "name", "unit", "rows", "width", "top", "base", "file")
# The fields of the list, to leave out the large ones.
FIELDS = ("well", "name", "unit", "rows", "width", "top", "base", "depth_unit", "filename")


class Command(BaseCommand):
    help = "List and delete image logs and curves."

    def add_arguments(self, parser: ArgumentParser) -> None:
        verbs = parser.add_subparsers(dest="verb", required=True)
        well = "the name of a well, or its id"
        every = verbs.add_parser("list", help="list the logs by well and depth")
        every.add_argument("--well", help=f"only logs of this well: {well}")
        delete = verbs.add_parser("delete", help="delete logs; picks that were made on them stay")
        delete.add_argument("ids", nargs="*", metavar="ID", help="the ids of the logs to delete")
        delete.add_argument("--well", help=f"delete all logs of a well: {well}")
        delete.add_argument("--yes", action="store_true", help="delete without a question")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            if options["verb"] == "list":
                self._list(options["well"])
            else:
                self._delete(options["ids"], options["well"], options["yes"])
        except StorageError as error:
            raise CommandError(f"not finished, run it again: {error}") from error

    def _list(self, well: str | None) -> None:
        logs = _ready() if well is None else _of_well(well)
        self._show(logs)
        self.stdout.write(counted(len(logs), "log"))

    def _delete(self, ids: Sequence[str], well: str | None, sure: bool) -> None:
        if bool(ids) == (well is not None):
            raise CommandError("say which logs: either their ids or --well")
        logs = _with_ids(ids) if well is None else _of_well(well)
        if not logs:
            raise CommandError(f"well {well} has no logs")
        self._show(logs)
        which = "this log" if len(logs) == 1 else f"these {len(logs)} logs"
        if not sure and not _agreed(f"Delete {which} for ever? [y/N] "):
            raise CommandError("nothing was deleted")
        gone = [str(log.pk) for log in logs if not journal.retire(log)]
        self.stdout.write(f"{len(logs) - len(gone)} deleted")
        if gone:
            raise CommandError(f"deleted by others meanwhile: {', '.join(gone)}")

    def _show(self, logs: Sequence[ImageLog]) -> None:
        for line in aligned([COLUMNS, *map(_row, logs)]) if logs else ():
            self.stdout.write(line)


def _ready(**lookups: Any) -> list[ImageLog]:
    logs = ImageLog.objects.filter(state=ImageLog.State.READY, **lookups)
    return list(logs.only(*FIELDS, "state", "bucket", "file_ids"))


def _of_well(well: str) -> list[ImageLog]:
    return _ready(well=resolve(well))


def _with_ids(ids: Sequence[str]) -> list[ImageLog]:
    """Raises CommandError if one does not exist."""
    valid = {ObjectId(text) for text in ids if ObjectId.is_valid(text)}
    logs = _ready(pk__in=valid)
    missing = sorted({*ids} - {str(log.pk) for log in logs})
    if missing:
        raise CommandError(f"there is no log {', '.join(missing)}; nothing was deleted")
    return logs


def _row(log: ImageLog) -> tuple[str, ...]:
    depths = (f"{depth:.10g} {log.depth_unit or ''}".rstrip() for depth in (log.top, log.base))
    numbers = (str(log.rows), str(log.width))
    return (str(log.pk), log.well, log.name, log.unit or "", *numbers, *depths, log.filename)


def _agreed(question: str) -> bool:
    """Ask a question. Raises CommandError if there is no terminal."""
    try:
        return input(question).strip().lower() in {"y", "yes"}
    except EOFError:
        raise CommandError("nobody can be asked here: say --yes; nothing was deleted") from None
