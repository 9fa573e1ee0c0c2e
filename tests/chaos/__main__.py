"""``make chaos``: takes things away from the service, and shows that it keeps its promises."""

import importlib
import sys
import tempfile
from pathlib import Path

PARTS = ("failover", "workers", "files", "slow", "hostile", "fuzz")


def main() -> int:
    failed = 0
    print("| what | measured | bar | met |\n|---|---|---|---|", flush=True)
    for part in sys.argv[1:] or PARTS:
        module = importlib.import_module(f"tests.chaos.{part}")
        with tempfile.TemporaryDirectory() as directory:
            for result in module.results(Path(directory)):
                print(result.row(), flush=True)
                failed += not result.passed
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
