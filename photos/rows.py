"""Rows of photos, read and changed without the ORM. Each call is one atomic command of MongoDB.

A change sets only the fields that it names, and returns the row as it was before. So concurrent
changes are not undone, and replaced files can be deleted. Reading is faster than through the ORM:
the ORM takes longer to build the query than MongoDB takes to answer it.
"""

from collections.abc import Mapping
from typing import Any

from bson import ObjectId
from django.db import DEFAULT_DB_ALIAS
from pymongo.client_session import ClientSession
from pymongo.errors import DuplicateKeyError

from photos.errors import PhotoChanged, PhotoNotFound
from photos.models import CorePhoto
from storage.documents import collection, known
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
    return _photo(row)


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

    def write(session: ClientSession | None) -> Mapping[str, Any]:
        rows, update = collection(CorePhoto), {"$set": changes}
        before: dict[str, Any] | None = rows.find_one_and_update(query, update, session=session)
        if before is None:
            raise _why_none_matched(photo.pk, where)
        return before

    try:
        before = with_well(changes.get("well"), write)
    except DuplicateKeyError as error:
        place = {name: changes.get(name, getattr(photo, name)) for name in ("well", *_DEPTHS)}
        raise CorePhoto(**place).exists_error() from error
    return _photo(before), _photo({**before, **changes})


@translated()
def remove(photo_id: ObjectId, where: Mapping[str, Any] = ANYTHING) -> CorePhoto:
    """Delete the row. Returns the photo that it was.

    Raises PreconditionFailed if it is not as in ``where``; PhotoNotFound, StorageUnavailable.
    """
    removed = collection(CorePhoto).find_one_and_delete({"_id": photo_id, **where})
    if removed is None:
        raise _why_none_matched(photo_id, where)
    return _photo(removed)


def _why_none_matched(photo_id: ObjectId, where: Mapping[str, Any]) -> RequestError:
    """Raises PhotoNotFound."""
    now = read(photo_id)
    if where:
        return PreconditionFailed("the photo was changed meanwhile")
    return PhotoChanged(
        f"the depths of the photo were changed meanwhile, to {now.top_depth} to {now.base_depth};"
        " look at it and try again"
    )


def _photo(row: Mapping[str, Any]) -> CorePhoto:
    """The row as a model instance."""
    values = known(CorePhoto, row)
    photo: CorePhoto = CorePhoto.from_db(DEFAULT_DB_ALIAS, [*values], [*values.values()])
    return photo
