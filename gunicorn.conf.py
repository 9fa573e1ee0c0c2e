"""gunicorn, from the environment."""

import os
import shutil
import tempfile
from typing import Any

# Counters of all workers meet in files, and where these are is asked for on import.
if "PROMETHEUS_MULTIPROC_DIR" not in os.environ:
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = tempfile.mkdtemp(prefix="metrics-")

from prometheus_client import multiprocess, values

from image_processor import loads, loopback
from image_processor.ops import logs

bind = f"{os.environ.get('HOST', '127.0.0.1')}:{os.environ.get('PORT', '8000')}"
worker_class = "image_processor.worker.Worker"
logger_class = "image_processor.worker.Log"
workers = int(os.environ.get("WEB_WORKERS", "2"))
# Those above WEB_THREADS answer probes, and refuse what is too much.
threads = int(os.environ.get("WEB_THREADS", "8")) + 4
# Open at once in a worker, most of them idle; within the files that a process usually may open.
worker_connections = 512
max_requests = int(os.environ.get("WEB_MAX_REQUESTS", "100000"))
max_requests_jitter = max_requests // 10
# Longer than a well's name with every character escaped and two depths of many digits.
limit_request_line = 8190
# With threads this is how long a worker may be silent, not how long a request may take.
timeout = 60
graceful_timeout = 30
keepalive = 75
control_socket_disable = True
logconfig_dict = logs.configuration(os.environ.get("LOG_FORMAT", "json"))


def on_starting(server: Any) -> None:
    """Where it really listens, which the command line may say too."""
    for address in server.cfg.address:
        if isinstance(address, tuple):  # no socket of Unix
            loopback.check_access(os.environ.get("ACCESS", "closed"), address[0])


def pre_fork(server: Any, worker: Any) -> None:
    """A worker goes on with the counters of one that has ended, so that there are never many."""
    taken = {other.place for other in server.WORKERS.values()}
    worker.place = next(place for place in range(len(taken) + 1) if place not in taken)


def post_fork(server: Any, worker: Any) -> None:
    values.ValueClass = values.MultiProcessValue(lambda: worker.place)


def child_exit(server: Any, worker: Any) -> None:
    loads.leave(worker.place)
    multiprocess.mark_process_dead(worker.place)


def on_exit(server: Any) -> None:
    shutil.rmtree(os.environ["PROMETHEUS_MULTIPROC_DIR"], ignore_errors=True)
