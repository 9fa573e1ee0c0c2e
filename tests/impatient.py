"""gunicorn as it is deployed, with limits of time that a test can wait for."""

import runpy

globals().update(runpy.run_path("gunicorn.conf.py"))

from image_processor import patient_socket, worker  # noqa: E402

worker.HEAD_SECONDS = patient_socket.PATIENCE_SECONDS = 1
