"""``manage.py import_photos DIR --well NAME``: a directory of core photos."""

from argparse import ArgumentParser
from collections import Counter
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from photos.folder import Found, InvalidManifest, Outcome, by_manifest, by_name, import_photos
from storage.errors import StorageError
from web import parameters
from web.errors import InvalidParameter
from web.text import counted

IN_FLIGHT = 8


class Command(BaseCommand):
    help = (
        "Import core photos from a directory and those in it. One that is refused does not stop"
        " others; it is safe to repeat. Ends with 1 where one was refused, or none was found."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "directory",
            type=Path,
            metavar="DIR",
            help="where the photos are; their names give the depths: box7_9000.0-9001.5_dry.jpg,"
            " 9000,5m_to_9001m.tif",
        )
        parser.add_argument("--well", required=True, metavar="NAME", help="the well they are of")
        parser.add_argument(
            "--manifest",
            type=Path,
            metavar="CSV",
            help="take the depths from here instead: columns file (relative to DIR and in it),"
            " top_depth, base_depth and, optionally, caption",
        )
        parser.add_argument(
            "--in-flight",
            type=int,
            default=IN_FLIGHT,
            metavar="N",
            help=f"how many photos to import at a time; {IN_FLIGHT} by default",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["in_flight"] < 1:
            raise CommandError("--in-flight must be at least 1")
        try:
            well = parameters.well(options["well"])
            found = self._found(options["directory"], options["manifest"], well)
            counts, lines = self._import(found, well, options["in_flight"])
        except (InvalidParameter, InvalidManifest) as error:
            raise CommandError(str(error)) from None
        except StorageError as error:
            raise CommandError(f"not finished, run it again: {error}") from error
        for line in lines:
            self.stderr.write(line)
        self.stdout.write(", ".join(f"{counts[what]} {what.value}" for what in Outcome))
        if counts[Outcome.REFUSED]:
            photos = len(found) - counts[Outcome.SKIPPED]
            raise CommandError(f"{counts[Outcome.REFUSED]} of {counted(photos, 'photo')} refused")
        if not counts[Outcome.IMPORTED] + counts[Outcome.KNOWN]:
            raise CommandError(f"nothing was imported: there is no photo in {options['directory']}")

    def _found(self, folder: Path, manifest: Path | None, well: str) -> list[Found]:
        if not folder.is_dir():
            raise CommandError(f"{folder} is no directory")
        return [*(by_manifest(folder, manifest) if manifest else by_name(folder, well))]

    def _import(
        self, found: list[Found], well: str, in_flight: int
    ) -> tuple[Counter[Outcome], list[str]]:
        """How many there were of each outcome, and what to say of photos."""
        counts: Counter[Outcome] = Counter()
        lines: list[str] = []

        done = import_photos(found, well, in_flight)
        shown = tqdm(done, total=len(found), unit="photo", file=self.stderr, disable=None)
        for one, outcome, reason in shown:
            counts[outcome] += 1
            if reason:
                lines.append(f"{one.path}: {outcome.value}, {reason}")
        return counts, lines
