"""Typed readers of environment variables. Every error names the variable."""

import os
import re
import tempfile
from collections.abc import Sequence
from difflib import get_close_matches
from ipaddress import ip_address
from pathlib import Path
from typing import Any, NamedTuple

from django.core.exceptions import ImproperlyConfigured
from pymongo.errors import ConfigurationError, InvalidURI
from pymongo.uri_parser import parse_uri

# The names of all variables that were read.
_known: set[str] = set()


def text(name: str, default: str | None = None) -> str:
    """The variable ``name``, or ``default`` if it is unset or empty.

    Raises ImproperlyConfigured if there is neither; so do all functions here for a bad value.
    """
    _known.add(name)
    value = os.environ.get(name, "")
    if value:
        return value
    if default is None:
        raise ImproperlyConfigured(f"{name} is not set and has no default")
    return default


def secret(name: str) -> str:
    """The variable ``name``, or the content of the file named by ``<name>_FILE``."""
    _known.add(f"{name}_FILE")
    path = os.environ.get(f"{name}_FILE", "")
    if not path:
        return text(name)
    if os.environ.get(name):
        raise ImproperlyConfigured(f"{name} and {name}_FILE are both set; set one")
    try:
        value = Path(path).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise ImproperlyConfigured(f"{name}_FILE: cannot read {path}: {error}") from error
    if not value:
        raise ImproperlyConfigured(f"{name}_FILE: {path} is empty")
    return value


def parsed_uri(name: str, uri: str) -> dict[str, Any]:
    """The parts of a connection string, the value of ``name``. The error quotes none of them."""
    try:
        parsed: dict[str, Any] = parse_uri(uri, validate=True, warn=False)
    except (InvalidURI, ConfigurationError, ValueError) as error:
        # pymongo may take a part of the password for the name of the database, and quotes that.
        reason = str(error).partition('"')[0].strip()
        raise ImproperlyConfigured(
            f"{name} is no connection string: {reason}. In a password, write %2F for /, %3A for :,"
            " %40 for @ and %25 for %"
        ) from None
    return parsed


def integer(name: str, default: int, minimum: int = 1, maximum: int | None = None) -> int:
    """``name`` as a whole number from ``minimum`` to ``maximum`` inclusive."""
    value = text(name, str(default))
    try:
        number = int(value)
    except ValueError:
        raise ImproperlyConfigured(f"{name} must be a whole number, not {value!r}") from None
    if number < minimum:
        raise ImproperlyConfigured(f"{name} must be at least {minimum}, not {number}")
    if maximum is not None and number > maximum:
        raise ImproperlyConfigured(f"{name} must be at most {maximum}, not {number}")
    return number


def choice(name: str, default: str, allowed: Sequence[str]) -> str:
    """``name`` as one of the words ``allowed``."""
    value = text(name, default)
    if value not in allowed:
        raise ImproperlyConfigured(f"{name} must be one of {', '.join(allowed)}, not {value!r}")
    return value


class Rate(NamedTuple):
    """At most ``limit`` requests in ``seconds``."""

    limit: int
    seconds: int


PERIODS = {"second": 1, "minute": 60, "hour": 3600, "day": 86_400}


def rate(name: str, default: str) -> Rate:
    """``name`` as a rate such as ``30/minute``: a number of at least 1 and a period."""
    value = text(name, default)
    number, _, period = value.partition("/")
    if not number.isdecimal() or int(number) < 1 or period not in PERIODS:
        periods = ", ".join(PERIODS)
        raise ImproperlyConfigured(
            f"{name} must be like 30/minute, a number of at least 1 and one of {periods},"
            f" not {value!r}"
        )
    return Rate(int(number), PERIODS[period])


class Word(NamedTuple):
    """What the words of a list look like."""

    pattern: str
    example: str


HOST = Word(r"\*|\.?[\w.-]+|\[[0-9A-Fa-f:.]+\]", "logs.example.org, a name without scheme and port")
ORIGIN = Word(r"https?://[^/*]+", "https://logs.example.org")


def words(name: str, default: str, like: Word) -> list[str]:
    """``name`` as a list of words separated by commas."""
    found = [word.strip() for word in text(name, default).split(",") if word.strip()]
    for word in found:
        if not re.fullmatch(like.pattern, word):
            raise ImproperlyConfigured(f"{name} must list words like {like.example}: not {word!r}")
    return found


def check_temporary_directory() -> None:
    """Raise ImproperlyConfigured if TMPDIR names no folder that can be written to.

    Python would take another one.
    """
    wanted = os.environ.get("TMPDIR")
    if wanted and os.path.realpath(wanted) != os.path.realpath(tempfile.gettempdir()):
        raise ImproperlyConfigured(f"TMPDIR={wanted} is no folder that can be written to")


def check_names() -> None:
    """Raise ImproperlyConfigured if a variable looks like one that was read and is not set."""
    unset = [name for name in _known if name not in os.environ]
    for name in sorted(os.environ.keys() - _known):
        for meant in get_close_matches(name, unset, n=1, cutoff=0.9):
            raise ImproperlyConfigured(f"{name} is no setting: is {meant} meant?")


def check_access(access: str, host: str) -> None:
    """Raise ImproperlyConfigured if ``ACCESS=open`` and ``host`` is not a loopback address."""
    if access == "open" and not _is_loopback(host):
        raise ImproperlyConfigured(
            f"ACCESS=open lets anybody do anything, and HOST={host} lets other machines in: set"
            " ACCESS to closed or read-open (manage.py token makes tokens), or HOST to 127.0.0.1"
        )


def _is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False
