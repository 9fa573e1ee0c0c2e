"""``manage.py runserver`` serves the application, too: it needs nothing of gunicorn."""

import os
import subprocess
import sys

import pytest

from image_processor.devtools.embedded_mongodb import die_with_parent, free_port
from tests.csvs import random_csv
from tests.problems import assert_problem
from tests.server import ROOT, Server
from tests.sockets import until


@pytest.fixture
def runserver(tmp_path):
    """Django's development server; nothing but its start differs from gunicorn."""
    server = Server()
    server.port = free_port()
    command = ["manage.py", "runserver", "--noreload", f"127.0.0.1:{server.port}"]
    with (tmp_path / "log").open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, *command],
            cwd=ROOT,
            env={**os.environ, "LOG_FORMAT": "json"},
            stdout=output,
            stderr=output,
            preexec_fn=die_with_parent(),
        )
        until(lambda: "Quit the server" in (tmp_path / "log").read_text())
        yield server, tmp_path / "log"
        process.terminate()
        process.wait(60)


def test_runserver_answers_requests_and_logs_each(runserver):
    server, log = runserver
    uploaded = server.upload(random_csv(20)).json
    assert server.get(uploaded["images_url"]).json["count"] == 20
    assert_problem(server.get("/no%20where?a=%20b"), 404, "not-found")
    line = '"path":"/no%20where","query":"a=%20b","route":"none","status":404'
    until(lambda: line in log.read_text())
    assert "Traceback" not in log.read_text()
