"""``make bench``: measures every claim of the README's table, side by side, in one run."""

import importlib
import os
import sys
import tempfile
from pathlib import Path

from image_processor.devtools.embedded_mongodb import EmbeddedMongod

PARTS = (
    *("ingest", "images", "pictures", "values", "storage"),
    *("dips", "programs", "viewer", "pages", "memory"),
)


def main() -> int:
    chosen = sys.argv[1:] or PARTS
    with tempfile.TemporaryDirectory() as name, EmbeddedMongod(Path(name, "mongodb")) as mongod:
        os.environ["MONGODB_URI"] = mongod.uri
        os.environ["SECRET_KEY"] = "only-for-benchmarks"
        os.environ |= {"ACCESS": "open", "HTTPS": "off"}
        os.environ["DJANGO_SETTINGS_MODULE"] = "image_processor.settings"
        import django
        from django.core.management import call_command

        django.setup()
        call_command("migrate", verbosity=0)
        from tests.server import Server

        failed = 0
        print("| what | measured | bar | met |\n|---|---|---|---|", flush=True)
        for part in chosen:
            module = importlib.import_module(f"tests.benchmarks.{part}")
            with Server() as server:
                for result in module.results(Path(name), server):
                    print(result.row(), flush=True)
                    failed += not result.passed
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
