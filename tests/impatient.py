"""gunicorn as it is deployed, with limits of time that a test can wait for."""

import runpy

globals().update(runpy.run_path("gunicorn.conf.py"))

from image_processor import worker  # noqa: E402

worker.HEAD_SECONDS = worker.PATIENCE_SECONDS = 1
