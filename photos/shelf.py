"""Putting photos on the shelf: examined, stored, and named by a row; never twice."""

import asyncio
from pathlib import PurePosixPath
from typing import Any

from django.conf import settings
from django.db import IntegrityError
from django.utils import timezone

from photos.errors import PhotoNotFound
from photos.examine import FORMATS, Facts, examine
from photos.models import CorePhoto


def add(file: Any, **fields: Any) -> tuple[CorePhoto, bool]:
    """The photo in ``file`` with these fields, and whether it is new.

    Raises RequestError, StorageUnavailable.
    """
    photo = draft(file, **fields)
    if known := photo.same().first():
        return known, False
    photo.photo.put(file, **_about(photo, file))
    try:
        photo.save(force_insert=True)
    except IntegrityError:  # the same photo was added at the same time
        photo.photo.delete()
        return photo.same().get(), False
    return photo, True


async def aadd(photo: CorePhoto, file: Any) -> bool:
    """As ``add``, for a draft: whether it is new."""
    # Django's own asynchronous queries wait for each other in one thread.
    if await asyncio.to_thread(photo.same().exists):
        return False
    await photo.photo.aput(file, **_about(photo, file))
    try:
        await asyncio.to_thread(photo.save, force_insert=True)
    except IntegrityError:
        await photo.photo.adelete()
        return False
    return True


def draft(file: Any, **fields: Any) -> CorePhoto:
    """The row of ``file``, examined and not stored yet. Raises PhotoError, UploadTooLarge."""
    photo = CorePhoto(**fields)
    take_facts(photo, file)
    return photo


def take_facts(photo: CorePhoto, file: Any) -> None:
    """Examine ``file`` and note what it says of itself. Raises PhotoError, UploadTooLarge."""
    facts = examine(file, settings.MAX_PHOTO_BYTES, settings.MAX_PHOTO_PIXELS)
    for name in Facts.__slots__:
        setattr(photo, name, getattr(facts, name))
    photo.chunk_size_bytes = photo.photo.storage.chunk_size_bytes
    now = timezone.now()
    # MongoDB keeps milliseconds: what is answered now is what is answered later.
    photo.uploaded_at = now.replace(microsecond=now.microsecond // 1000 * 1000)


def replace(photo: CorePhoto, file: Any, **fields: Any) -> None:
    """Have ``photo`` show ``file``, with these fields changed.

    Raises PhotoExists where that photo is there already; whatever is raised, nothing has changed.
    """
    take_facts(photo, file)
    for name, value in fields.items():
        setattr(photo, name, value)
    try:
        also = [*Facts.__slots__, "chunk_size_bytes", "uploaded_at", *fields]
        photo.photo.replace(file, also=also, **_about(photo, file))
    except IntegrityError as error:
        raise photo.exists_error() from error


def change(photo: CorePhoto, **fields: Any) -> None:
    """Change depths or caption. Raises PhotoExists, and PhotoNotFound when it was deleted."""
    for name, value in fields.items():
        setattr(photo, name, value)
    try:
        # Only what has changed: the photo may be replaced at the same time.
        changed = CorePhoto.objects.filter(pk=photo.pk).update(**fields) if fields else 1
    except IntegrityError as error:
        raise photo.exists_error() from error
    if not changed:
        raise PhotoNotFound(f"there is no photo {photo.pk}")


def _about(photo: CorePhoto, file: Any) -> dict[str, str]:
    """Content type and name by what the file is, whatever its sender calls it."""
    content_type, suffix = FORMATS[photo.format]
    stem = PurePosixPath(str(file.name)).stem
    return {"content_type": content_type, "filename": f"{stem}{suffix}"}
