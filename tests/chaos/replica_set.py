"""A replica set of three on loopback, each member behind a door, to be killed, frozen, cut off."""

import contextlib
import signal
import subprocess
import sys
import time
from contextlib import ExitStack
from pathlib import Path
from typing import Any, Self

from pymongo import MongoClient
from pymongo.errors import PyMongoError

from image_processor.devtools.embedded_mongodb import die_with_parent, find_mongod, free_port
from tests.server import ROOT

NAME = "chaos"
SECONDS = 90


class Member:
    """One mongod; the others and the clients know it by the port of its door."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.port, self.door_port = free_port(), free_port()
        directory.mkdir()
        program = [sys.executable, "-m", "tests.chaos.door", str(self.door_port), str(self.port)]
        self.door = subprocess.Popen(program, cwd=ROOT, preexec_fn=die_with_parent())
        self.start()

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self.door_port}"

    def start(self) -> None:
        command = [find_mongod(), "--dbpath", str(self.directory), "--replSet", NAME]
        command += ["--bind_ip", "127.0.0.1", "--port", str(self.port)]
        command += ["--logpath", str(self.directory / "mongod.log"), "--logappend"]
        command += ["--wiredTigerCacheSizeGB", "0.25", "--networkMessageCompressors", "disabled"]
        self.process = subprocess.Popen(
            command, stdout=subprocess.DEVNULL, preexec_fn=die_with_parent()
        )

    def stop(self) -> None:
        for process in (self.door, self.process):
            process.send_signal(signal.SIGCONT)
            process.kill()
            process.wait()

    def hello(self) -> dict[str, Any]:
        """What it says of itself, past its door; nothing where it does not answer."""
        client: MongoClient[Any] = MongoClient(
            "127.0.0.1", self.port, directConnection=True, timeoutMS=500
        )
        with client, contextlib.suppress(PyMongoError):
            return dict(client.admin.command("hello"))
        return {}


class ReplicaSet:
    """Three members; a context manager."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._stack = ExitStack()

    def __enter__(self) -> Self:
        with self._stack as stack:
            self.members = []
            for number in range(3):
                self.members.append(Member(self._directory / f"member {number}"))
                stack.callback(self.members[-1].stop)
            self._initiate()
            self.wait_for_primary()
            self._stack = stack.pop_all()
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    @property
    def uri(self) -> str:
        addresses = ",".join(member.address for member in self.members)
        return f"mongodb://{addresses}/image_logs?replicaSet={NAME}"

    def wait_for_primary(self, other_than: Member | None = None) -> Member:
        """The member that takes writes, once there is one besides ``other_than``."""
        deadline = time.monotonic() + SECONDS
        while time.monotonic() < deadline:
            for member in self.members:
                if member is not other_than and member.hello().get("isWritablePrimary"):
                    return member
            time.sleep(0.05)
        raise RuntimeError("the replica set has no primary")

    def wait_until_whole(self) -> None:
        """Until all three take part, so that the next loss leaves a majority."""
        deadline = time.monotonic() + SECONDS
        while time.monotonic() < deadline:
            told = [member.hello() for member in self.members]
            parts = [hello.get("isWritablePrimary", False) for hello in told]
            if sum(parts) == 1 and sum(hello.get("secondary", False) for hello in told) == 2:
                return
            time.sleep(0.1)
        raise RuntimeError("the replica set has not come together again")

    def _initiate(self) -> None:
        addresses = enumerate(member.address for member in self.members)
        members = [{"_id": number, "host": address} for number, address in addresses]
        deadline = time.monotonic() + SECONDS
        while True:
            client: MongoClient[Any] = MongoClient(
                "127.0.0.1", self.members[0].port, directConnection=True, timeoutMS=5000
            )
            try:
                with client:
                    client.admin.command("replSetInitiate", {"_id": NAME, "members": members})
                return
            except PyMongoError:
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.2)
