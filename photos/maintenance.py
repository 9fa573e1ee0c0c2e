"""What the doctor does for photos."""

from bson import ObjectId

from photos.models import CorePhoto
from storage.errors import translated
from storage.fields import named_ids
from storage.files import id_in
from storage.gridfs import GridFSStorage
from storage.leases import reap
from storage.verify import Damage, keep_crcs, read_through

LOST = "delete the photo and upload it again"


def storage() -> GridFSStorage:
    """The storage of the photos."""
    return CorePhoto._meta.get_field("photo").storage


def unreachable(fix: bool) -> list[Damage]:
    """Photos that no row names, with ``fix`` deleted. Raises StorageUnavailable."""
    kept_in = storage()
    return reap(kept_in.in_bucket(), lambda: named_ids(kept_in), fix, "photo")


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
    found, bucket = [], storage().in_bucket()
    for photo in CorePhoto.objects.filter(pk=photo_id):
        label = f"core photo {photo_id} of well {photo.well} ({photo.photo.name})"
        file_id = id_in(photo.photo.name)
        expected = {
            "length": photo.size_bytes,
            "chunkSize": photo.chunk_size_bytes,
            "sha256": photo.sha256,
        }
        read = read_through(bucket, file_id, expected)
        if not CorePhoto.objects.filter(pk=photo_id, photo=photo.photo.name).exists():
            continue
        found += [Damage(f"{label}: {fault}", LOST) for fault in read.faults]
        found += [Damage.repairable(f"{label}: {fault}", fix) for fault in _preview(photo, fix)]
        if read.lacks_crcs and not read.faults:
            if fix:
                keep_crcs(bucket, file_id, read.crcs)
            found.append(Damage.repairable(f"{label}: it has no CRC-32 of its chunks", fix))
    return found


def _preview(photo: CorePhoto, fix: bool) -> list[str]:
    """What is wrong with the preview; with ``fix``, a damaged one is left to the reaper."""
    if not photo.preview:
        return []
    name = photo.preview.name
    faults = read_through(storage().in_bucket(), id_in(name)).faults
    if faults and fix:
        CorePhoto.objects.filter(pk=photo.pk, preview=name).update(preview="")
    return [f"of its preview, {fault}" for fault in faults]
