"""``manage.py shard``: shard the chunks of image logs and photos."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from pymongo.errors import OperationFailure

from image_processor.ops import sharding
from images.models import BUCKET
from photos import maintenance
from storage.errors import StorageError


class Command(BaseCommand):
    help = (
        "Print the commands that shard the chunks of image logs and photos by the hash of their"
        " file; with --apply, run them."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--apply", action="store_true", help="run the commands")

    def handle(self, *args: Any, **options: Any) -> None:
        buckets = [BUCKET, maintenance.storage().bucket]
        try:
            steps = sharding.plan(connection.database, buckets)
            for step in steps:
                self.stdout.write(f"{step.why}: db.{step.database} {step.command}")
            if not steps:
                self.stdout.write("nothing is left to do")
            elif not options["apply"]:
                self.stdout.write("nothing has been done: --apply does it")
            else:
                for step in steps:
                    sharding.apply(connection.database, step)
                    self.stdout.write(f"done: {step.why}")
        except sharding.CannotShard as error:
            raise CommandError(str(error)) from None
        except (StorageError, OperationFailure) as error:
            raise CommandError(f"not finished, run it again: {error}") from error
