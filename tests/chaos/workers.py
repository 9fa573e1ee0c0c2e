"""The workers of gunicorn are killed at random moments during 500 uploads."""

import contextlib
import os
import random
import signal
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from image_processor.devtools.embedded_mongodb import EmbeddedMongod
from tests.benchmarks.measure import Result
from tests.chaos.failover import verdict
from tests.chaos.service import server
from tests.chaos.witness import Witness

UPLOADS = 500
WRITERS, READERS = 8, 4
# Longer than a worker takes to start, or there would be none most of the time.
PAUSE_SECONDS = (0.5, 3.0)


def results(directory: Path) -> Iterator[Result]:
    with (
        EmbeddedMongod(directory / "mongodb") as mongod,
        server(mongod.uri, INGEST_LEASE_SECONDS="5") as running,
    ):
        killed = 0
        with Witness(running, WRITERS, READERS, may_break=True, uploads=UPLOADS) as witness:
            while witness.writing:
                time.sleep(random.uniform(*PAUSE_SECONDS))
                with contextlib.suppress(IndexError, ProcessLookupError):
                    os.kill(random.choice(running.worker_pids()), signal.SIGKILL)
                    killed += 1
        print(f"{killed} workers killed, answers: {dict(witness.counts)}", file=sys.stderr)
        yield from verdict(witness, mongod.uri)
