"""What the doctor does for photos."""

from dataclasses import dataclass

from bson import ObjectId

from photos.models import CorePhoto
from storage import reaper
from storage.clients import database
from storage.references import named_ids


@dataclass(frozen=True, slots=True)
class Repairs:
    """What was reaped, and the files that rows name and MongoDB does not have."""

    reaped: list[reaper.Unreachable]
    missing: set[ObjectId]


def reap_photos() -> Repairs:
    """Delete the photos that no row names. Raises StorageUnavailable; may be called again."""
    storage = CorePhoto._meta.get_field("photo").storage
    place = (database(storage.using), storage.bucket, lambda: named_ids(storage))
    return Repairs(reaper.reap(*place), reaper.missing(*place))
