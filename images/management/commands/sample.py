"""``manage.py sample FILE``: write the sample CSV, and ingest it if there are no logs yet."""

from argparse import ArgumentParser
from io import StringIO
from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand

from images.ingest.sample import sample_csv
from images.models import ImageLog

WELL = "sample"


class Command(BaseCommand):
    help = "Write a generated image log to FILE; ingest it when the catalogue is empty."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE", help="where to write it")

    def handle(self, *args: Any, **options: Any) -> None:
        path: Path = options["file"]
        if not path.exists():
            partial = path.with_suffix(".partial")
            with partial.open("wb") as file:
                file.writelines(sample_csv())
            partial.replace(path)
        if not ImageLog.objects.exists():
            call_command("ingest", path, well=WELL, stdout=StringIO(), stderr=self.stderr)
            self.stdout.write(f"{path} ingested into the well {WELL!r}")
