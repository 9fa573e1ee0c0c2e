"""``make run`` as a user has it: a process in a terminal, told to stop or killed."""

import contextlib
import os
import signal
import socket
import stat
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest

from image_processor.devtools.embedded_mongodb import free_port
from tests.server import ROOT


class Launcher:
    """The launcher in a session of its own, with its data in ``directory``."""

    def __init__(self, directory, measured=False, **settings):
        unset = {"MONGODB_URI", "SECRET_KEY", "MONGO_TIMEOUT_MS", "ACCESS", "HTTPS"}
        environment = {k: v for k, v in os.environ.items() if k not in unset}
        if measured:  # measuring what is covered slows every start
            environment = {k: v for k, v in environment.items() if "COVERAGE" not in k}
        self.port = free_port()
        environment |= {"DATA_DIR": str(directory), "PORT": str(self.port), **settings}
        self.output = directory / f"output-{self.port}"
        directory.mkdir(exist_ok=True)
        with self.output.open("ab") as output:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "image_processor.devtools.run"],
                cwd=ROOT,
                env=environment,
                stdout=output,
                stderr=output,
                start_new_session=True,
            )

    @property
    def text(self):
        return self.output.read_text()

    def wait_until_ready(self):
        deadline = time.monotonic() + 120
        while "\n  curl '" not in self.text:
            assert self.process.poll() is None, self.text
            assert time.monotonic() < deadline, self.text
            time.sleep(0.05)
        return self

    def get(self, path):
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}") as answer:
            return answer.read()

    def children(self):
        """The processes that the launcher started, and those that they started."""
        found, parents = [], [self.process.pid]
        while parents:
            pid = parents.pop()
            with contextlib.suppress(FileNotFoundError):
                kids = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
                found += map(int, kids)
                parents += map(int, kids)
        return found

    def processor_seconds(self):
        """What the launcher and all that it started have taken."""
        found = 0
        for pid in (self.process.pid, *self.children()):
            with contextlib.suppress(FileNotFoundError):
                stat = Path(f"/proc/{pid}/stat").read_text()
                found += sum(map(int, stat.rpartition(")")[2].split()[11:15]))
        return found / os.sysconf("SC_CLK_TCK")

    def stop(self, number=signal.SIGINT):
        self.process.send_signal(number)
        return self.process.wait(60)


@pytest.fixture
def launch(tmp_path):
    """Start launchers on one data directory; whatever still runs at the end is stopped."""
    launchers = []

    def launch(measured=False, **settings):
        launchers.append(Launcher(tmp_path, measured, **settings))
        return launchers[-1]

    yield launch
    for launcher in launchers:
        if launcher.process.poll() is None:
            launcher.stop(signal.SIGTERM)


def gone(pids, within=60):
    deadline = time.monotonic() + within
    while time.monotonic() < deadline:
        alive = [p for p in pids if Path(f"/proc/{p}/exe").exists()]
        if not alive:
            return True
        time.sleep(0.05)
    return False


@pytest.fixture(scope="module")
def running(tmp_path_factory):
    """A launcher on a new directory; at the end Ctrl-C stops it and all that it has started."""
    launcher = Launcher(tmp_path_factory.mktemp("var")).wait_until_ready()
    children = launcher.children()
    assert len(children) >= 4  # mongod, gunicorn and its workers
    yield launcher
    assert launcher.stop() == 0
    assert gone(children)


def test_it_serves_the_sample_as_the_terminal_says(running):
    curls = [line.strip() for line in running.text.splitlines() if line.startswith("  curl ")]
    answers = [
        subprocess.run(["sh", "-c", f"{curl} --silent --fail"], capture_output=True, cwd=ROOT)
        for curl in curls
    ]
    assert [answer.returncode for answer in answers] == [0, 0]
    assert b'"created":false' in answers[0].stdout
    assert b'"count":10' in answers[1].stdout


def test_it_survives_being_killed_starts_again_quickly_and_leaves_nothing_running(launch, tmp_path):
    launcher = launch(WEB_WORKERS="1").wait_until_ready()
    children = launcher.children()
    launcher.stop(signal.SIGKILL)
    assert gone(children)
    again = launch(measured=True).wait_until_ready()
    assert again.processor_seconds() < 10
    assert b'"count":1,' in again.get("/logs/")
    ingested = managed(tmp_path, "ingest", str(tmp_path / "sample.csv"), "--well", "B")
    assert ingested.returncode == 0, ingested.stderr
    assert b'"count":2,' in again.get("/logs/")
    children = again.children()
    assert again.stop(signal.SIGHUP) == 0  # what a closed terminal sends
    assert gone(children)


def test_a_closed_one_that_others_reach_by_a_name_gets_ready_and_ends_where_mongod_ends(launch):
    others = {"HOST": "0.0.0.0", "ACCESS": "closed", "ALLOWED_HOSTS": "logs.example"}  # noqa: S104
    launcher = launch(WEB_WORKERS="1", **others).wait_until_ready()
    assert "manage.py token create" in launcher.text
    programs = {p: Path(f"/proc/{p}/exe").readlink().name for p in launcher.children()}
    [mongod] = [pid for pid, program in programs.items() if "mongod" in program]
    os.kill(mongod, signal.SIGKILL)
    assert launcher.process.wait(60) == 1
    assert "mongod ended by itself" in launcher.text


def managed(data_dir, *command):
    """What manage.py does in another terminal, which finds the service by its data directory."""
    unset = {"MONGODB_URI", "SECRET_KEY", "ACCESS", "HTTPS"}
    environment = {k: v for k, v in os.environ.items() if k not in unset}
    environment["DATA_DIR"] = str(data_dir)
    command = [sys.executable, "manage.py", *command]
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)


def test_a_second_launcher_leaves_the_settings_of_the_first_alone(running):
    directory = running.output.parent
    saved = (directory / "local.env").read_bytes()
    assert stat.S_IMODE((directory / "local.env").stat().st_mode) == 0o600
    second, same_port = Launcher(directory), Launcher(directory, PORT=str(running.port))
    assert [second.process.wait(60), same_port.process.wait(60)] == [1, 1]
    assert f"Another make run uses DATA_DIR={directory}." in second.text
    assert f"Port {running.port} of 127.0.0.1 is taken." in same_port.text
    assert (directory / "local.env").read_bytes() == saved
    assert managed(directory, "token", "list").returncode == 0


def test_a_data_directory_that_cannot_be_made_is_said_in_one_sentence(launch, tmp_path):
    (tmp_path / "file").write_text("")
    launcher = launch(DATA_DIR=str(tmp_path / "file" / "data"))
    assert launcher.process.wait(60) == 1
    said = f"DATA_DIR={tmp_path}/file/data cannot be written to (Not a directory)."
    assert launcher.text.strip().startswith(said)
    assert "Traceback" not in launcher.text


def test_manage_py_in_a_fresh_clone_says_to_make_run_first(tmp_path):
    done = managed(tmp_path, "doctor")
    assert (done.returncode, done.stderr.count("\n")) == (1, 1)
    assert "run `make run` first" in done.stderr


def test_manage_py_of_a_python_without_django_says_make_run_first():
    command = [sys.executable, "-S", "manage.py", "migrate"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 1
    assert done.stderr.startswith("Django is not installed")
    assert "run `make run` first" in done.stderr


def test_a_port_that_is_taken_is_said_with_what_to_do(launch):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        launcher = launch(PORT=str(port))
        assert launcher.process.wait(60) == 1
    assert f"Port {port} of 127.0.0.1 is taken." in launcher.text
    assert f"make run PORT={port + 1}" in launcher.text


@pytest.mark.parametrize("port", ["http", "0", "70000"])
def test_a_port_that_is_none_is_refused(launch, port):
    launcher = launch(PORT=port)
    assert launcher.process.wait(60) == 1
    assert "PORT must be a number from 1 to 65535" in launcher.text


def test_settings_that_are_wrong_are_named(launch):
    launcher = launch(MAX_UPLOAD_BYTES="lots")
    assert launcher.process.wait(60) == 1
    assert "MAX_UPLOAD_BYTES must be a whole number, not 'lots'" in launcher.text


def test_an_open_service_is_kept_from_other_machines(launch):
    launcher = launch(HOST="0.0.0.0")  # noqa: S104
    assert launcher.process.wait(60) == 1
    assert "make run HOST=0.0.0.0 ACCESS=closed ALLOWED_HOSTS=localhost," in launcher.text


def test_a_mongodb_that_cannot_be_reached_is_one_sentence(launch):
    uri = f"mongodb://127.0.0.1:{free_port()}/?replicaSet=rs0"
    launcher = launch(MONGODB_URI=uri, MONGO_TIMEOUT_MS="300")
    assert launcher.process.wait(60) == 1
    assert launcher.text.endswith("\nMongoDB cannot be reached\n")
