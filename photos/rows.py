"""Rows of photos, read and changed without the ORM. Each call is one atomic command of MongoDB.

A change sets only the fields that it names, and returns the row as it was before. So concurrent
changes are not undone, and replaced files can be deleted. Reading is faster than through the ORM:
the ORM takes longer to build the query than MongoDB takes to answer it.
"""

from collections.abc import Mapping
from typing import Any

from bson import ObjectId
from django.db import DEFAULT_DB_ALIAS
from pymongo.errors import DuplicateKeyError

from photos.errors import PhotoChanged, PhotoNotFound
from photos.models import CorePhoto
from storage.documents import collection, known
from storage.errors import translated
from web.conditions import ANYTHING
from web.errors import PreconditionFailed

_DEPTHS = {"top_depth", "base_depth"}
# The fields that can change. All others describe the file, whose name is unique.
_CHANGING = ("photo", "well", "top_depth", "base_depth", "caption")


@translated()
def read(photo_id: ObjectId, fields: tuple[str, ...] = ()) -> CorePhoto:
    """The photo with these ``fields``, or with all. Other fields are read when they are used.

    Raises PhotoNotFound; StorageUnavailable when MongoDB cannot be reached.
    """
    return _photo(collection(CorePhoto).find_one({"_id": photo_id}, fields or None), photo_id)


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
    try:
        before = collection(CorePhoto).find_one_and_update(query, {"$set": changes})
    except DuplicateKeyError as error:
        place = {name: changes.get(name, getattr(photo, name)) for name in ("well", *_DEPTHS)}
        raise CorePhoto(**place).exists_error() from error
    if before is None and where:
        raise _not_as_required(photo.pk)
    if before is None and condition:
        now = read(photo.pk)
        raise PhotoChanged(
            f"the depths of the photo were changed meanwhile, to {now.top_depth} to"
            f" {now.base_depth}; look at it and try again"
        )
    return _photo(before, photo.pk), _photo({**(before or {}), **changes}, photo.pk)


@translated()
def remove(photo_id: ObjectId, where: Mapping[str, Any] = ANYTHING) -> CorePhoto:
    """Delete the row. Returns the photo that it was.

    Raises PreconditionFailed if it is not as in ``where``; PhotoNotFound, StorageUnavailable.
    """
    removed = collection(CorePhoto).find_one_and_delete({"_id": photo_id, **where})
    if removed is None and where:
        raise _not_as_required(photo_id)
    return _photo(removed, photo_id)


def _not_as_required(photo_id: ObjectId) -> PreconditionFailed:
    """Raises PhotoNotFound."""
    read(photo_id, ("well",))
    return PreconditionFailed("the photo was changed meanwhile")


def _photo(row: Mapping[str, Any] | None, photo_id: ObjectId) -> CorePhoto:
    """The row as a model instance."""
    if row is None:
        raise PhotoNotFound(f"there is no photo {photo_id}")
    values = known(CorePhoto, row)
    photo: CorePhoto = CorePhoto.from_db(DEFAULT_DB_ALIAS, [*values], [*values.values()])
    return photo
