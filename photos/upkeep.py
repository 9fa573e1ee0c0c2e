"""What the doctor does for photos."""

from bson import ObjectId

from photos.models import CorePhoto
from storage import reaper, verify
from storage.clients import database
from storage.damage import Damage
from storage.errors import translated
from storage.gridfs import GridFSStorage
from storage.names import id_in
from storage.references import named_ids

LOST = "delete the photo and upload it again"


def storage() -> GridFSStorage:
    """Where the photos are."""
    return CorePhoto._meta.get_field("photo").storage


def unreachable(fix: bool) -> list[Damage]:
    """Photos that no row names, with ``fix`` deleted. Raises StorageUnavailable."""
    kept_in = storage()
    look = reaper.reap if fix else reaper.unreachable
    found = look(database(kept_in.using), kept_in.bucket, lambda: named_ids(kept_in))
    return [
        Damage.repairable(
            f"photo file {file.file_id} ({file.name or 'without an entry'}) of"
            f" {file.length_bytes} bytes belongs to no row",
            fix,
            file.length_bytes,
        )
        for file in found
    ]


@translated()
def ids() -> list[ObjectId]:
    """The ids of the photos to examine. Raises StorageUnavailable."""
    return [*CorePhoto.objects.values_list("pk", flat=True)]


@translated()
def examine(photo_id: ObjectId) -> list[Damage]:
    """What is wrong with a photo, read from start to end; nothing if it is deleted meanwhile.

    Raises StorageUnavailable.
    """
    found = []
    for photo in CorePhoto.objects.filter(pk=photo_id):
        faults = _faults(photo)
        if faults and CorePhoto.objects.filter(pk=photo_id, photo=photo.photo.name).exists():
            label = f"core photo {photo_id} of well {photo.well} ({photo.photo.name})"
            found += [Damage(f"{label}: {fault}", LOST) for fault in faults]
    return found


def _faults(photo: CorePhoto) -> list[str]:
    kept_in = storage()
    root = database(kept_in.using)[kept_in.bucket]
    entry = root.files.find_one({"_id": id_in(photo.photo.name)})
    if entry is None:
        return ["its stored file is missing"]
    known = {**entry, **entry.get("metadata", {})}
    facts = {
        "length": photo.size_bytes,
        "chunkSize": photo.chunk_size_bytes,
        "sha256": photo.sha256,
    }
    for name, fact in facts.items():
        if known.get(name) != fact:
            return [f"the {name} of its stored file is {known.get(name)} instead of {fact}"]
    return verify.read_through(root, entry).faults
