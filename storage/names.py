"""Names of stored files. Each contains the ObjectId of its file, so that no two are equal."""

import posixpath
import re

from bson import ObjectId
from django.core.exceptions import SuspiciousFileOperation

from storage.errors import FileMissing

# "cores/box 7_65f0c2a1b4d3e2f1a0b9c8d7.jpg": what the user called it, the id, the suffix.
_STORED = re.compile(r"(?P<root>.*)_(?P<id>[0-9a-f]{24})(?P<suffix>(\.[^/.]*)?)", re.DOTALL)


def stored_name(name: str, file_id: ObjectId, max_length: int | None) -> str:
    """``name`` with ``file_id`` in it, shortened to ``max_length`` characters.

    An id that is in the name already is replaced. Raises SuspiciousFileOperation when the id does
    not fit.
    """
    root, suffix = posixpath.splitext(plain_name(name))
    mark = f"_{file_id}{suffix}"
    room = len(root) if max_length is None else max_length - len(mark)
    folder = posixpath.dirname(root)
    if room < len(folder):
        raise SuspiciousFileOperation(f"{name!r} does not fit into {max_length} characters")
    return root[:room] + mark


def plain_name(name: str) -> str:
    """What the user called the file: ``name`` without the id."""
    stored = _STORED.fullmatch(name)
    return stored["root"] + stored["suffix"] if stored else name


def id_in(name: str) -> ObjectId:
    """The id in ``name``. Raises FileMissing for a name without one: no file is called so."""
    stored = _STORED.fullmatch(name)
    if stored is None:
        raise FileMissing(f"{name!r} is not the name of a stored file: it carries no ObjectId")
    return ObjectId(stored["id"])
