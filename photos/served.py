"""The row of a photo that is to be sent, read past the ORM.

Django would take longer to make the query than MongoDB to answer it, for each image of a page.
"""

from datetime import UTC

from bson import ObjectId
from django.db import connections

from photos.errors import PhotoNotFound
from photos.models import CorePhoto
from storage.errors import translated

_FIELDS = ("photo", "format", "size_bytes", "chunk_size_bytes", "sha256", "uploaded_at")
_DATABASE = "default"


def served(photo_id: ObjectId) -> CorePhoto:
    """The photo with what sending it takes; other fields are read when they are asked for.

    Raises PhotoNotFound; StorageUnavailable when MongoDB cannot be reached.
    """
    rows = connections[_DATABASE].database[CorePhoto._meta.db_table]
    with translated():
        row = rows.find_one({"_id": photo_id}, dict.fromkeys(_FIELDS, 1))
    if row is None:
        raise PhotoNotFound(f"there is no photo {photo_id}")
    row["uploaded_at"] = row["uploaded_at"].replace(tzinfo=UTC)
    names = ("id", *_FIELDS)
    photo: CorePhoto = CorePhoto.from_db(_DATABASE, names, [photo_id, *map(row.get, _FIELDS)])
    return photo
