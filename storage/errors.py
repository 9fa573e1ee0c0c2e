"""What can go wrong with stored files, translated once from pymongo's errors."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import DatabaseError
from pymongo.errors import ConnectionFailure, OperationFailure, PyMongoError


class StorageError(Exception):
    """Stored files could not be read or written."""


class StorageUnavailable(StorageError):
    """MongoDB could not be reached, or did not answer in time; trying again may help."""


class FileMissing(StorageError, FileNotFoundError):
    """There is no such file. Django's own code expects the built-in error."""


class FileCorrupt(StorageError):
    """A stored file is not what was written: a chunk, its length or the digest differs."""


class FileExists(StorageError, FileExistsError):
    """The place of the new file is taken."""


class FileChanged(StorageError):
    """The row now names another file than the one to be replaced or deleted, or it is gone."""


# The code of a server that refuses the user or the password. Passwords are changed on both sides,
# and not at the same time.
_REFUSED = 18
# Codes of a server that is up but cannot take the command now: shutting down, stepping
# down, electing, or short of a write concern.
_PASSING_CODES = {64, 91, 189, 10107, 11600, 11602, 13435, 13436, _REFUSED}


def is_unavailability(error: BaseException) -> bool:
    """Whether an error means that MongoDB cannot be reached or did not answer in time.

    Of Django's DatabaseError, the cause decides: the error of pymongo.
    """
    error = cause(error)
    if isinstance(error, OperationFailure) and error.code in _PASSING_CODES:
        return True
    return isinstance(error, ConnectionFailure) or (
        isinstance(error, PyMongoError) and error.timeout
    )


def unavailable(error: BaseException) -> StorageUnavailable:
    """What to raise for an error that ``is_unavailability``."""
    if getattr(cause(error), "code", None) == _REFUSED:
        return StorageUnavailable("MongoDB refuses the user or the password of the service")
    return StorageUnavailable("MongoDB cannot be reached")


def cause(error: BaseException) -> BaseException:
    """The error of pymongo that Django or ``translated`` has wrapped, else ``error`` itself."""
    while isinstance(error, DatabaseError | StorageUnavailable) and error.__cause__ is not None:
        error = error.__cause__
    return error


@contextmanager
def translated() -> Iterator[None]:
    """Raise StorageUnavailable where MongoDB cannot be reached. Other errors pass unchanged."""
    try:
        yield
    except (PyMongoError, DatabaseError) as error:
        if is_unavailability(error):
            raise unavailable(error) from error
        raise
