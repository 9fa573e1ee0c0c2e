"""gunicorn's own threaded worker, with settings from the environment."""

import os
import shutil
import sys
import tempfile
from typing import Any

from django.core.exceptions import ImproperlyConfigured

# prometheus_client looks for this on import: the workers keep their counters in files there.
if "PROMETHEUS_MULTIPROC_DIR" not in os.environ:
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = tempfile.mkdtemp(prefix="metrics-")

from prometheus_client import multiprocess, values

from image_processor import env, loopback, malloc
from image_processor.ops import logs
from image_processor.ops.admission import WAITING

malloc.give_back()
worker_class = "gthread"
try:
    bind = f"{env.text('HOST', '127.0.0.1')}:{env.integer('PORT', 8000)}"
    workers = env.integer("WEB_WORKERS", 2)
    # Threads beyond WEB_THREADS wait for a slot, answer health probes, and refuse requests beyond
    # the limit. They are started when they are needed.
    threads = env.integer("WEB_THREADS", 8) + WAITING + 4
    max_requests = env.integer("WEB_MAX_REQUESTS", 100_000, minimum=0)
    logconfig_dict = logs.configuration(env.choice("LOG_FORMAT", "json", logs.FORMATS))
except ImproperlyConfigured as error:
    sys.exit(str(error))
# Connections of one worker; below the usual limit of 1024 open files.
worker_connections = 512
max_requests_jitter = max_requests // 10
# Longer than a well's name with every character escaped and two depths of many digits.
limit_request_line = 8190
# With threads this is how long a worker may be silent, not how long a request may take.
timeout = 60
graceful_timeout = 30
# Longer than nginx keeps idle connections, so that it never sends into one that is closing.
keepalive = 75
control_socket_disable = True


def on_starting(server: Any) -> None:
    """Check the address listened on, which the command line may set, too."""
    for address in server.cfg.address:
        if isinstance(address, tuple):  # not a Unix socket
            loopback.check_access(os.environ.get("ACCESS", "closed"), address[0])


def pre_fork(server: Any, worker: Any) -> None:
    """Give a worker the counter files of one that has ended, so that their number stays small."""
    taken = {other.place for other in server.WORKERS.values()}
    worker.place = next(place for place in range(len(taken) + 1) if place not in taken)


def post_fork(server: Any, worker: Any) -> None:
    values.ValueClass = values.MultiProcessValue(lambda: worker.place)


def child_exit(server: Any, worker: Any) -> None:
    multiprocess.mark_process_dead(worker.place)


def on_exit(server: Any) -> None:
    shutil.rmtree(os.environ["PROMETHEUS_MULTIPROC_DIR"], ignore_errors=True)
