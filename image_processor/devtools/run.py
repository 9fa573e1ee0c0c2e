"""``make run``: the whole service on one machine, from nothing to the URL.

Start an embedded MongoDB unless MONGODB_URI names one, migrate, ingest the sample and serve with
gunicorn. Stop everything again at a signal or when the terminal is closed.
"""

import contextlib
import fcntl
import io
import os
import secrets
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path
from types import FrameType

from django.core.exceptions import ImproperlyConfigured

from image_processor import env, local_environment
from image_processor.devtools.embedded_mongodb import (
    EmbeddedMongod,
    MongodUnavailable,
    die_with_parent,
    port_is_free,
)

SERVER_START_SECONDS = 30
SERVER_STOP_SECONDS = 40
ROOT = Path(__file__).resolve().parents[2]
# Variables that manage.py in another terminal needs.
SAVED = ("MONGODB_URI", "SECRET_KEY", "ACCESS", "HTTPS")


class Stop(Exception):
    """The launcher was told to stop."""


def main() -> int:
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _stop)
    try:
        with contextlib.ExitStack() as running:
            _run(running)
    except Stop:
        say("Stopped", "MongoDB's data are kept")
    except (MongodUnavailable, LaunchError) as error:
        print(f"\n{error}", file=sys.stderr)
        return 1
    return 0


class LaunchError(Exception):
    """The service cannot be started; the message says what to do."""


def _run(running: contextlib.ExitStack) -> None:
    host, port = _address()
    _choose_access(host)
    data_dir = local_environment.data_dir()
    _take_data_dir(data_dir, running)
    _make_secret_key(data_dir)
    mongod = _start_mongod(data_dir, running)
    _prepare(data_dir, mongod)
    say("Server", "starting")
    server = _start_gunicorn(running)
    # All addresses of the machine include loopback.
    url = f"http://{'127.0.0.1' if host == '0.0.0.0' else host}:{port}"  # noqa: S104
    _wait_until_ready(url, server)
    _say_what_to_try(url, data_dir)
    while server.poll() is None:
        if mongod and not mongod.running():
            raise LaunchError(f"mongod ended by itself: see {mongod.log}")
        time.sleep(0.5)
    raise LaunchError(f"gunicorn ended by itself with status {server.returncode}")


def say(stage: str, text: str) -> None:
    # The terminal may be closed already.
    with contextlib.suppress(OSError):
        print(f"{stage:<12}{text}", flush=True)


def _stop(number: int, frame: FrameType | None) -> None:
    # A second signal must not interrupt the shutdown.
    for again in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(again, signal.SIG_IGN)
    raise Stop


def _address() -> tuple[str, int]:
    host, port = os.environ.get("HOST", "127.0.0.1"), os.environ.get("PORT", "8000")
    if not port.isdecimal() or not 0 < int(port) < 65536:
        raise LaunchError(f"PORT must be a number from 1 to 65535, not {port!r}")
    if not port_is_free(int(port), host):
        raise LaunchError(
            f"Port {port} of {host} is taken. Stop what listens there, or choose another port:"
            f" make run PORT={int(port) + 1}"
        )
    return host, int(port)


def _take_data_dir(data_dir: Path, running: contextlib.ExitStack) -> None:
    """Create the data directory and lock it against other launchers."""
    try:
        data_dir.mkdir(parents=True, exist_ok=True)
        lock = running.enter_context((data_dir / "lock").open("w"))
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise LaunchError(
            f"Another make run uses DATA_DIR={data_dir}. Stop it, or choose another directory:"
            " make run DATA_DIR=…"
        ) from None
    except OSError as error:
        raise LaunchError(
            f"DATA_DIR={data_dir} cannot be written to ({error.strerror}). Choose another"
            " directory: make run DATA_DIR=…"
        ) from error


def _choose_access(host: str) -> None:
    """Default to ACCESS=open and HTTPS=off."""
    os.environ.setdefault("ACCESS", "open")
    os.environ.setdefault("HTTPS", "off")
    try:
        env.check_access(os.environ["ACCESS"], host)
    except ImproperlyConfigured as error:
        names = f"ALLOWED_HOSTS=localhost,{socket.gethostname()}"
        raise LaunchError(f"{error}: make run HOST={host} ACCESS=closed {names}") from error


def _make_secret_key(data_dir: Path) -> None:
    """Set a random SECRET_KEY. It is saved, so that sessions survive a restart."""
    if "SECRET_KEY" not in os.environ and "SECRET_KEY_FILE" not in os.environ:
        saved = local_environment.read(data_dir).get("SECRET_KEY")
        os.environ["SECRET_KEY"] = saved or secrets.token_urlsafe(50)


def _start_mongod(data_dir: Path, running: contextlib.ExitStack) -> EmbeddedMongod | None:
    """Start an embedded MongoDB without waiting, unless MONGODB_URI names another."""
    if "MONGODB_URI" in os.environ or "MONGODB_URI_FILE" in os.environ:
        say("MongoDB", "the one that MONGODB_URI names")
        return None
    directory = data_dir / "mongodb"
    say("MongoDB", f"starting, with its data in {directory}")
    mongod = EmbeddedMongod(directory)
    # Registered before the start, so that a signal during the start stops mongod too.
    running.callback(mongod.stop)
    mongod.launch()
    os.environ["MONGODB_URI"] = mongod.uri
    return mongod


def _prepare(data_dir: Path, mongod: EmbeddedMongod | None) -> None:
    """Migrate, repair what a crash left behind, and ingest the sample into an empty database."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "image_processor.settings")
    import django
    from django.core.management import call_command
    from django.core.management.base import CommandError

    from storage.errors import StorageUnavailable, translated

    try:
        django.setup()  # mongod starts in the meantime
        if mongod:
            mongod.wait_until_writable()
            local_environment.save(data_dir, {n: os.environ[n] for n in SAVED if n in os.environ})
        say("Migrations", "applying")
        with translated():
            call_command("migrate", verbosity=0)
        say("Doctor", _examination(idle=mongod is not None))
        say("Sample", _output_of("sample", data_dir / "sample.csv") or "not needed")
    except (CommandError, ImproperlyConfigured, StorageUnavailable) as error:
        raise LaunchError(str(error)) from error


def _examination(idle: bool) -> str:
    """The output of a quick ``doctor --fix``. The service starts even if damage is left."""
    from django.core.management import call_command
    from django.core.management.base import CommandError

    output = io.StringIO()
    try:
        call_command("doctor", fix=True, idle=idle, quick=True, stdout=output)
    except CommandError as error:
        output.write(f"{error}: manage.py doctor")
    return output.getvalue().strip()


def _output_of(command: str, *args: object, **options: object) -> str:
    from django.core.management import call_command

    output = io.StringIO()
    call_command(command, *args, stdout=output, **options)
    return output.getvalue().strip()


def _start_gunicorn(running: contextlib.ExitStack) -> "subprocess.Popen[bytes]":
    os.environ.setdefault("LOG_FORMAT", "line")  # a terminal is for people
    server = subprocess.Popen(
        [sys.executable, "-m", "gunicorn", "image_processor.wsgi:application"],
        cwd=ROOT,
        start_new_session=True,  # Ctrl-C reaches the launcher, which stops things in order
        preexec_fn=die_with_parent(),
    )
    running.callback(_stop_gunicorn, server)
    return server


def _stop_gunicorn(server: "subprocess.Popen[bytes]") -> None:
    say("Server", "stopping when the requests under way are answered")
    server.terminate()
    try:
        server.wait(SERVER_STOP_SECONDS)
    except subprocess.TimeoutExpired:
        server.kill()
        server.wait()


def _wait_until_ready(url: str, server: "subprocess.Popen[bytes]") -> None:
    from django.conf import settings

    # Any name that is served.
    headers = {"Host": [*settings.ALLOWED_HOSTS, "localhost"][0].strip("*.") or "localhost"}
    request = urllib.request.Request(f"{url}/readyz", headers=headers)  # noqa: S310 - http
    deadline = time.monotonic() + SERVER_START_SECONDS
    while time.monotonic() < deadline:
        if server.poll() is not None:
            raise LaunchError(f"gunicorn ended with status {server.returncode} at its start")
        with contextlib.suppress(OSError):  # not listening yet, not ready, or slow to start
            urllib.request.urlopen(request, timeout=5).close()  # noqa: S310 - http
            return
        time.sleep(0.05)
    raise LaunchError(f"{url}/readyz did not answer within {SERVER_START_SECONDS} s")


def _say_what_to_try(url: str, data_dir: Path) -> None:
    say("Ready", f"{url}   (Ctrl-C stops)")
    sample = os.path.relpath(data_dir / "sample.csv")
    if os.environ["ACCESS"] != "open":
        print(
            "\nMake a token, and send it with each request below: -H 'Authorization: Token …'\n\n"
            "  .venv/bin/python manage.py token create NAME --group editor",
            flush=True,
        )
    print(
        "\nUpload a CSV, then fetch a depth range in colour:\n\n"
        f"  curl -F file=@{sample} -F well=sample {url}/upload-csv/\n"
        f"  curl '{url}/get-images/9000.1/9001/?well=sample&colormap=viridis'\n",
        flush=True,
    )


if __name__ == "__main__":
    sys.exit(main())
