"""gunicorn, from the environment."""

import json
import os
import socket
from typing import Any

from gunicorn import util

from image_processor import loopback

bind = f"{os.environ.get('HOST', '127.0.0.1')}:{os.environ.get('PORT', '8000')}"
worker_class = "gthread"
workers = int(os.environ.get("WEB_WORKERS", "2"))
threads = int(os.environ.get("WEB_THREADS", "4"))
# Longer than a well's name with every character escaped and two depths of many digits.
limit_request_line = 8190
# With threads this is how long a worker may be silent, not how long a request may take.
timeout = 60
graceful_timeout = 30
keepalive = 75
control_socket_disable = True


def on_starting(server: Any) -> None:
    """Where it really listens, which the command line may say too."""
    for address in server.cfg.address:
        if isinstance(address, tuple):  # no socket of Unix
            loopback.check_access(os.environ.get("ACCESS", "closed"), address[0])


def write_problem(sock: socket.socket, status: int, reason: str, message: str) -> None:
    """Answer what is no HTTP request with a problem document, as everything else."""
    document = {
        "type": f"urn:problem-type:{reason.lower().replace(' ', '-')}",
        "title": reason,
        "status": status,
        "detail": message or reason,
    }
    body = json.dumps(document).encode()
    head = (
        f"HTTP/1.1 {status} {reason}\r\nConnection: close\r\nCache-Control: no-store\r\n"
        f"Content-Type: application/problem+json\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    util.write_nonblock(sock, head.encode("latin1") + body)


# gunicorn has no setting for this page, which is HTML.
util.write_error = write_problem
