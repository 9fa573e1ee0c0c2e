"""``manage.py import_photos DIR --well NAME``: a directory of core photos."""

import asyncio
from argparse import ArgumentParser
from collections import Counter
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from photos.folder import Found, InvalidManifest, by_manifest, by_name
from photos.importing import Outcome, import_photos
from storage.errors import StorageError
from web import parameters
from web.errors import InvalidParameter

IN_FLIGHT = 8


class Command(BaseCommand):
    help = "Import core photos. One that is refused does not stop others; safe to repeat."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("directory", type=Path, metavar="DIR")
        parser.add_argument("--well", required=True, metavar="NAME")
        parser.add_argument(
            "--manifest",
            type=Path,
            metavar="CSV",
            help="columns file, top_depth, base_depth and, optionally, caption;"
            " without it the names give the depths: box_9000.0-9001.5.jpg",
        )
        parser.add_argument(
            "--in-flight", type=int, default=IN_FLIGHT, metavar="N", help="photos at a time"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["in_flight"] < 1:
            raise CommandError("--in-flight must be at least 1")
        try:
            well = parameters.well(options["well"])
            found = self._found(options["directory"], options["manifest"])
            counts, refused = self._import(found, well, options["in_flight"])
        except (InvalidParameter, InvalidManifest) as error:
            raise CommandError(str(error)) from None
        except StorageError as error:
            raise CommandError(f"not finished, run it again: {error}") from error
        for line in refused:
            self.stderr.write(line)
        self.stdout.write(", ".join(f"{counts[what]} {what.value}" for what in Outcome))
        if refused:
            raise CommandError(f"{len(refused)} of {len(found)} photos were refused")

    def _found(self, folder: Path, manifest: Path | None) -> list[Found]:
        if not folder.is_dir():
            raise CommandError(f"{folder} is no directory")
        return [*(by_manifest(folder, manifest) if manifest else by_name(folder))]

    def _import(
        self, found: list[Found], well: str, in_flight: int
    ) -> tuple[Counter[Outcome], list[str]]:
        counts: Counter[Outcome] = Counter()
        refused: list[str] = []

        with tqdm(total=len(found), unit="photo", file=self.stderr, disable=None) as progress:

            def done(one: Found, outcome: Outcome, reason: str) -> None:
                counts[outcome] += 1
                if outcome is Outcome.REFUSED:
                    refused.append(f"{one.path}: {reason}")
                progress.update()

            asyncio.run(import_photos(found, well, in_flight, done))
        return counts, refused
