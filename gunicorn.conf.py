"""gunicorn, from the environment."""

import os

bind = f"{os.environ.get('HOST', '127.0.0.1')}:{os.environ.get('PORT', '8000')}"
worker_class = "gthread"
workers = int(os.environ.get("WEB_WORKERS", "2"))
threads = int(os.environ.get("WEB_THREADS", "4"))
# A depth may have many digits and a well's name be escaped.
limit_request_line = 8190
# With threads this is how long a worker may be silent, not how long a request may take.
timeout = 60
graceful_timeout = 30
keepalive = 75
control_socket_disable = True
