"""Settings of gunicorn, from the environment. Its own threaded worker is used."""

import importlib
import os
import shutil
import sys
import tempfile
from typing import Any

from django.core.exceptions import ImproperlyConfigured

# prometheus_client reads this on import: the workers keep their counters in files there.
if "PROMETHEUS_MULTIPROC_DIR" not in os.environ:
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = tempfile.mkdtemp(prefix="metrics-")

from prometheus_client import multiprocess, values

from image_processor import env
from image_processor.ops import logs
from image_processor.ops.admission import WAITING
from web import malloc

malloc.configure()
worker_class = "gthread"
try:
    bind = f"{env.text('HOST', '127.0.0.1')}:{env.integer('PORT', 8000, maximum=65_535)}"
    workers = env.integer("WEB_WORKERS", 2)
    # The threads above WEB_THREADS wait for a slot, answer health probes, and refuse requests when
    # all are busy. They start when they are needed.
    threads = env.integer("WEB_THREADS", 8) + WAITING + 4
    max_requests = env.integer("WEB_MAX_REQUESTS", 100_000, minimum=0)
    logconfig_dict = logs.configuration(env.choice("LOG_FORMAT", "json", logs.FORMATS))
    # A faulty setting stops the start with one sentence. The workers read the settings anew.
    importlib.import_module("image_processor.settings")
    del sys.modules["image_processor.settings"]
except ImproperlyConfigured as error:
    shutil.rmtree(os.environ["PROMETHEUS_MULTIPROC_DIR"])
    sys.exit(str(error))
# Connections of one worker; below the usual limit of 1024 open files.
worker_connections = 512
max_requests_jitter = max_requests // 10
# Longer than a well's name with every character escaped and two depths of many digits.
limit_request_line = 8190
# With threads this limits how long a worker may hang, not how long a request may take.
timeout = 60
graceful_timeout = 30
# Longer than nginx keeps idle connections, so that nginx never uses one that gunicorn closes.
keepalive = 75
control_socket_disable = True


def on_starting(server: Any) -> None:
    """Check the listen address, which the command line can set too."""
    for address in server.cfg.address:
        if isinstance(address, tuple):  # not a Unix socket
            env.check_access(os.environ.get("ACCESS", "closed"), address[0])


def pre_fork(server: Any, worker: Any) -> None:
    """Give a new worker the counter files of one that has ended, to bound their number."""
    taken = {other.number for other in server.WORKERS.values()}
    worker.number = next(number for number in range(len(taken) + 1) if number not in taken)


def post_fork(server: Any, worker: Any) -> None:
    values.ValueClass = values.MultiProcessValue(lambda: worker.number)


def child_exit(server: Any, worker: Any) -> None:
    multiprocess.mark_process_dead(worker.number)


def on_exit(server: Any) -> None:
    shutil.rmtree(os.environ["PROMETHEUS_MULTIPROC_DIR"], ignore_errors=True)
