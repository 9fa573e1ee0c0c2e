"""Add, replace, change and delete photos. The same photo is never stored twice."""

from collections.abc import Callable, Mapping
from pathlib import PurePosixPath
from typing import Any

from bson import ObjectId
from django.conf import settings

from photos import rows
from photos.decoding import FORMATS
from photos.errors import PhotoExists
from photos.examine import PREVIEW_WIDTH_PIXELS, Facts, examine
from photos.models import CorePhoto
from storage.documents import Result, now
from storage.errors import FileMissing, StorageUnavailable, translated
from web.conditions import ANYTHING


@translated()
def add(file: Any, **fields: Any) -> tuple[CorePhoto, bool]:
    """The photo in ``file`` with these fields, and whether it is new.

    Raises RequestError, StorageUnavailable.
    """
    photo = draft(file, **fields)
    if known := photo.same().first():
        return known, False
    photo.pk = ObjectId()
    _store(photo, file)
    try:
        _named(photo, photo.pk, lambda: rows.add(photo))
    except PhotoExists:  # it was added at the same time
        return photo.same().get(), False
    return photo, True


def draft(file: Any, **fields: Any) -> CorePhoto:
    """The row of ``file``, examined and not stored yet. Raises RequestError."""
    photo = CorePhoto(**fields)
    take_facts(photo, file)
    return photo


def take_facts(photo: CorePhoto, file: Any) -> None:
    """Examine ``file``, note its properties, and make its preview. Raises RequestError."""
    facts, preview = examine(file, settings.MAX_PHOTO_BYTES, settings.MAX_PHOTO_PIXELS)
    for name in Facts.__slots__:
        setattr(photo, name, getattr(facts, name))
    made: Any = preview if facts.width > PREVIEW_WIDTH_PIXELS else None
    photo.preview = made
    photo.chunk_size_bytes = photo.photo.storage.chunk_size_bytes
    photo.uploaded_at = now()


def replace(
    photo: CorePhoto, file: Any, where: Mapping[str, Any] = ANYTHING, **fields: Any
) -> CorePhoto:
    """Replace the image of ``photo`` by ``file`` and change these fields. Returns the new photo.

    Raises PreconditionFailed if the row is not as in ``where``; PhotoChanged, PhotoExists,
    PhotoNotFound. After any error the photo is as it was.
    """
    new = draft(file, **fields)
    _store(new, file)
    made = (*Facts.__slots__, "chunk_size_bytes", "uploaded_at", *fields)
    changes = {name: getattr(new, name) for name in made}
    names = {"photo": new.photo.name, "preview": new.preview.name or ""}
    before, after = _named(new, photo.pk, lambda: rows.change(photo, {**changes, **names}, where))
    _delete_files(before)
    return after


def change(photo: CorePhoto, where: Mapping[str, Any] = ANYTHING, **fields: Any) -> CorePhoto:
    """Change depths or caption. Returns the changed photo.

    Raises PreconditionFailed, PhotoChanged, PhotoExists, PhotoNotFound.
    """
    return rows.change(photo, fields, where)[1] if fields else photo


def delete(photo_id: ObjectId, where: Mapping[str, Any] = ANYTHING) -> None:
    """Delete the photo and its files. Raises PreconditionFailed, PhotoNotFound."""
    _delete_files(rows.remove(photo_id, where))


def _store(new: CorePhoto, file: Any) -> None:
    """Store the files of a photo."""
    new.photo.put(file, **_about(new, file))
    if new.preview:
        new.preview.save(new.preview.name, new.preview.file, save=False)


def _named(new: CorePhoto, photo_id: ObjectId, write: Callable[[], Result]) -> Result:
    """Call ``write``, which makes the row ``photo_id`` name the stored files of ``new``.

    Returns what it returns. If it fails, the files are deleted.
    """
    files = new.photo.storage
    names = [file.name for file in (new.photo, new.preview) if file]
    try:
        for name in names:
            files.renew(name)
        written = write()
    except Exception as error:
        # If MongoDB cannot be reached, the row may or may not name the files. The reaper finds out.
        if not isinstance(error, StorageUnavailable):
            _delete_files(new)
        raise
    try:
        for name in names:
            files.settle(name)
    except FileMissing:
        # A change that came right after this one has deleted the files, unless the row names them.
        if rows.read(photo_id, ("photo",)).photo.name == new.photo.name:
            raise
    return written


def _delete_files(photo: CorePhoto) -> None:
    for file in (photo.photo, photo.preview):
        if file:
            file.storage.delete(file.name)


def _about(photo: CorePhoto, file: Any) -> dict[str, str]:
    """Content type and suffix of the name, from the content of the file."""
    content_type, suffix = FORMATS[photo.format]
    stem = PurePosixPath(str(file.name)).stem
    return {"content_type": content_type, "filename": f"{stem}{suffix}"}
