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


# Codes of a server that is up but cannot take the command now: shutting down, stepping
# down, electing, or short of a write concern.
_PASSING_CODES = {64, 91, 189, 10107, 11600, 11602, 13435, 13436}


def is_unavailability(error: BaseException | None) -> bool:
    """Whether an error means that MongoDB cannot be reached or did not answer in time.

    Of Django's DatabaseError, the cause decides: the error of pymongo.
    """
    if isinstance(error, DatabaseError):
        error = error.__cause__
    if isinstance(error, OperationFailure) and error.code in _PASSING_CODES:
        return True
    return isinstance(error, ConnectionFailure) or (
        isinstance(error, PyMongoError) and error.timeout
    )


@contextmanager
def translated() -> Iterator[None]:
    """Raise StorageUnavailable where MongoDB cannot be reached. Other errors pass unchanged."""
    try:
        yield
    except (PyMongoError, DatabaseError) as error:
        if is_unavailability(error):
            raise StorageUnavailable("MongoDB cannot be reached") from error
        raise
