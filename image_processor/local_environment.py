"""Local mode: the environment that ``make run`` saves for ``manage.py`` on the same machine.

The launcher writes the address of its MongoDB and a random secret key to ``local.env`` in the
data directory, so that ``manage.py`` in another terminal uses the same database. The file is not
read if ``MONGODB_URI`` is set.
"""

import os
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

FILE_NAME = "local.env"


def data_dir() -> Path:
    """The directory of all local data: ``DATA_DIR``, by default ``var`` in the project."""
    default = Path(__file__).resolve().parent.parent / "var"
    return Path(os.environ.get("DATA_DIR") or default).absolute()


def save(directory: Path, values: dict[str, str]) -> None:
    """Write ``values`` atomically to a file that only the owner can read."""
    path = directory / FILE_NAME
    partial = path.with_suffix(".partial")
    partial.touch(mode=0o600)
    partial.write_text("".join(f"{name}={value}\n" for name, value in values.items()))
    partial.replace(path)


def read(directory: Path) -> dict[str, str]:
    """The saved values; empty if nothing was saved."""
    try:
        lines = (directory / FILE_NAME).read_text().splitlines()
    except FileNotFoundError:
        return {}
    return {name: value for name, _, value in (line.partition("=") for line in lines)}


def load(directory: Path) -> None:
    """Put the saved values into the environment, unless it names a MongoDB already.

    Raises ImproperlyConfigured if nothing is saved either.
    """
    if "MONGODB_URI" in os.environ or "MONGODB_URI_FILE" in os.environ:
        return
    saved = read(directory)
    if not saved:
        raise ImproperlyConfigured(
            "MONGODB_URI is not set, and no local service has been started: run `make run` first,"
            " or set MONGODB_URI and SECRET_KEY"
        )
    for name, value in saved.items():
        os.environ.setdefault(name, value)
