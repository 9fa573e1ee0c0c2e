"""What the doctor does for photos."""

from typing import Any

from bson import ObjectId

from photos.models import CorePhoto
from storage import reaper, verify
from storage.bucket import Bucket
from storage.damage import Damage
from storage.errors import translated
from storage.fields import named_ids
from storage.files import id_in
from storage.gridfs import GridFSStorage

LOST = "delete the photo and upload it again"


def storage() -> GridFSStorage:
    """Where the photos are."""
    return CorePhoto._meta.get_field("photo").storage


def unreachable(fix: bool) -> list[Damage]:
    """Photos that no row names, with ``fix`` deleted. Raises StorageUnavailable."""
    kept_in = storage()
    look = reaper.reap if fix else reaper.unreachable
    found = look(kept_in.in_bucket(), lambda: named_ids(kept_in))
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
def examine(photo_id: ObjectId, fix: bool) -> list[Damage]:
    """Read a photo from start to end and return what is wrong with it; nothing if it is deleted
    meanwhile.

    With ``fix``, a photo that was stored without the CRC-32 of its chunks gets them, and a damaged
    preview is removed: thumbnails are then made of the photo itself. Raises StorageUnavailable.
    """
    found = []
    for photo in CorePhoto.objects.filter(pk=photo_id):
        label = f"core photo {photo_id} of well {photo.well} ({photo.photo.name})"
        bucket = storage().in_bucket()
        entry = bucket.files.find_one({"_id": id_in(photo.photo.name)})
        faults, crcs = _examined(photo, bucket, entry)
        if not CorePhoto.objects.filter(pk=photo_id, photo=photo.photo.name).exists():
            continue
        found += [Damage(f"{label}: {fault}", LOST) for fault in faults]
        found += [Damage.repairable(f"{label}: {fault}", fix) for fault in _preview(photo, fix)]
        if entry and not faults and not verify.has_crcs(entry):
            if fix:
                verify.keep_crcs(bucket, entry["_id"], crcs)
            found.append(Damage.repairable(f"{label}: it has no CRC-32 of its chunks", fix))
    return found


def _examined(
    photo: CorePhoto, bucket: Bucket, entry: dict[str, Any] | None
) -> tuple[list[str], bytes]:
    """What is wrong with the stored file, and the CRC-32 of its chunks."""
    if entry is None:
        return ["its stored file is missing"], b""
    known = {**entry, **entry.get("metadata", {})}
    facts = {
        "length": photo.size_bytes,
        "chunkSize": photo.chunk_size_bytes,
        "sha256": photo.sha256,
    }
    for name, fact in facts.items():
        if known.get(name) != fact:
            return [f"the {name} of its stored file is {known.get(name)} instead of {fact}"], b""
    read = verify.read_through(bucket, entry)
    return read.faults, read.crcs


def _preview(photo: CorePhoto, fix: bool) -> list[str]:
    """What is wrong with the preview; with ``fix``, a damaged one is left to the reaper."""
    if not photo.preview:
        return []
    bucket = storage().in_bucket()
    entry = bucket.files.find_one({"_id": id_in(photo.preview.name)})
    faults = verify.read_through(bucket, entry).faults if entry else ["the file is missing"]
    if faults and fix:
        same = CorePhoto.objects.filter(pk=photo.pk, preview=photo.preview.name)
        same.update(preview="")
    return [f"of its preview, {fault}" for fault in faults]
