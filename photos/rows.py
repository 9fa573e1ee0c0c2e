"""Rows of photos, read and changed without the ORM. Each call is one atomic command of MongoDB.

A change sets only the fields that it names, and returns the row as it was before. So concurrent
changes are not undone, and replaced files can be deleted. Reading is faster than through the ORM:
the ORM takes longer to build the query than MongoDB takes to answer it.
"""

from collections.abc import Mapping
from typing import Any

from bson import ObjectId
from pymongo.errors import DuplicateKeyError

from photos.errors import PhotoChanged, PhotoExists, PhotoNotFound
from photos.models import CorePhoto
from storage.documents import as_document, collection, loaded
from storage.errors import translated
from web.conditions import ANYTHING
from web.errors import PreconditionFailed, RequestError
from wells.models import with_well

_DEPTHS = {"top_depth", "base_depth"}
# The fields that can change. All others describe the file, whose name is unique.
_CHANGING = ("photo", "well", "top_depth", "base_depth", "caption")


@translated()
def read(photo_id: ObjectId, fields: tuple[str, ...] = ()) -> CorePhoto:
    """The photo with these ``fields``, or with all. Other fields are read when they are used.

    Raises PhotoNotFound; StorageUnavailable when MongoDB cannot be reached.
    """
    row = collection(CorePhoto).find_one({"_id": photo_id}, fields or None)
    if row is None:
        raise PhotoNotFound(f"there is no photo {photo_id}")
    return loaded(CorePhoto, row)


@translated()
def add(photo: CorePhoto) -> None:
    """Store the row of ``photo``, which has a key and stored files.

    The well that it names is made where there is none. Raises PhotoExists, StorageUnavailable.
    """
    row = {"_id": photo.pk, **as_document(photo)}
    try:
        with_well(photo.well, lambda: collection(CorePhoto).insert_one(row))
    except DuplicateKeyError as error:
        raise PhotoExists(photo.well, photo.top_depth, photo.base_depth) from error


def facts(photo: CorePhoto) -> dict[str, Any]:
    """The fields of the row that can change, with their values."""
    return {**{name: getattr(photo, name) for name in _CHANGING}, "photo": photo.photo.name}


@translated()
def change(
    photo: CorePhoto, changes: Mapping[str, Any], where: Mapping[str, Any] = ANYTHING
) -> tuple[CorePhoto, CorePhoto]:
    """Set some fields of the row of ``photo``. Returns the photo before and after the change.

    Raises PreconditionFailed if the row is not as in ``where``; PhotoChanged if only one depth is
    set and the other is no longer that of ``photo``; PhotoExists, PhotoNotFound,
    StorageUnavailable.
    """
    checked_against = _DEPTHS - changes.keys() if _DEPTHS & changes.keys() else set()
    condition = {name: getattr(photo, name) for name in checked_against}
    query = {"_id": photo.pk, **condition, **where}

    def write() -> Mapping[str, Any]:
        before: dict[str, Any] | None = collection(CorePhoto).find_one_and_update(
            query, {"$set": changes}
        )
        if before is None:
            raise _why_none_matched(photo.pk, where)
        return before

    try:
        before = with_well(changes.get("well"), write)
    except DuplicateKeyError as error:
        place = {name: changes.get(name, getattr(photo, name)) for name in ("well", *_DEPTHS)}
        raise PhotoExists(**place) from error
    return loaded(CorePhoto, before), loaded(CorePhoto, {**before, **changes})


@translated()
def remove(photo_id: ObjectId, where: Mapping[str, Any] = ANYTHING) -> CorePhoto:
    """Delete the row. Returns the photo that it was.

    Raises PreconditionFailed if it is not as in ``where``; PhotoNotFound, StorageUnavailable.
    """
    removed = collection(CorePhoto).find_one_and_delete({"_id": photo_id, **where})
    if removed is None:
        raise _why_none_matched(photo_id, where)
    return loaded(CorePhoto, removed)


def _why_none_matched(photo_id: ObjectId, where: Mapping[str, Any]) -> RequestError:
    """The error for a row that is not as in ``where``. Raises PhotoNotFound if there is none."""
    now = read(photo_id)
    if where:
        return PreconditionFailed("the photo was changed meanwhile")
    return PhotoChanged(
        f"the depths of the photo were changed meanwhile, to {now.top_depth} to {now.base_depth};"
        " look at it and try again"
    )
