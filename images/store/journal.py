"""The life of an image log: written, published, retired, and what a crash left repaired.

The catalogue's document is the journal. It is written first, with the ids of the files to come;
then the files; then its state is flipped to ``ready`` in one atomic update, which publishes. A
delete flips it to ``deleting`` first. So whatever the instant of a crash, the document tells the
reaper which files to remove.
"""

import logging
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from django.conf import settings
from django.db import DatabaseError, connection
from django.utils import timezone
from pymongo.errors import DuplicateKeyError, PyMongoError

from images.arrays import Depths
from images.errors import IngestOvertaken
from images.models import ImageLog
from images.store import chunks, pyramid_files
from storage import files
from storage.damage import Damage
from storage.errors import StorageUnavailable, translated

logger = logging.getLogger(__name__)

State = ImageLog.State


@translated()
def publish(
    log: ImageLog, depths: Depths, pixel_chunks: Callable[[int, int], Iterable[bytes]]
) -> tuple[ImageLog, bool]:
    """Store ``log`` with its files and show it; or return the one with the same bytes.

    ``depths`` is (rows,) float64, ascending; ``pixel_chunks(rows, chunk_rows)`` gives the pixels
    of the traces in that order. The second value says whether the log is new.

    Raises IngestOvertaken, SpoolFull, StorageUnavailable.
    """
    if existing := _same_bytes(log):
        return existing, False
    log.chunk_tops = chunks.tops(depths)
    log.file_ids = pyramid_files.new_ids(log)
    log.state = State.INGESTING
    log.lease_until = _lease()
    try:
        log.save(force_insert=True)
        keep_alive = partial(_renew_lease, log)
        log.overviews = pyramid_files.write(log, depths, pixel_chunks, keep_alive)
        return _flip_to_ready(log)
    except BaseException as error:
        if _published_after_all(log) and isinstance(error, Exception):
            return log, True
        raise


@translated()
def retire(log: ImageLog) -> bool:
    """Take a log out of sight, then delete it and its files; False if it was not there to see.

    Raises StorageUnavailable where it may still be in sight. Once it is not, the log is deleted for
    whoever asks; what MongoDB could not remove is left for the reaper.
    """
    if not log.change({"state": State.READY}, state=State.DELETING, lease_until=_lease()):
        return False
    try:
        _erase(log)
    except (PyMongoError, StorageUnavailable) as failure:
        logger.warning("the files of image log %s are left for the reaper: %s", log.pk, failure)
    return True


@translated()
def unfinished(fix: bool, idle: bool = False) -> list[Damage]:
    """The logs whose writing or deleting came to a stop; with ``fix`` they are undone or finished.

    A log is left alone while whoever writes or deletes it holds a lease, unless the caller knows
    that the service is ``idle`` and none of them can be alive.

    Raises StorageUnavailable; it may be run again at any time, also by several at once.
    """
    found = []
    for log in ImageLog.objects.exclude(state=State.READY):
        if not idle and log.lease_until > timezone.now():
            continue
        size = sum(files.stored_bytes(connection.database, log.file_ids).values())
        if log.state == State.DELETING:
            what, repaired = f"{log.label} was left half deleted", fix
            if fix:
                _erase(log)
        else:
            what = f"{log.label} was left half ingested"
            repaired = fix and _undo(log, lease_before=None if idle else timezone.now())
        found.append(Damage.repairable(what, repaired, size))
    return found


@translated()
def unreachable(fix: bool) -> list[Damage]:
    """Files that no log names, with ``fix`` removed: a writer that was overtaken wrote them.

    The files are listed before the logs, and a log comes before its files, so what no log names
    here had none when it was listed. What a delete has removed meanwhile is not stored any more.

    Raises StorageUnavailable.
    """
    stored = files.stored_file_ids(connection.database)
    named = {
        file_id for ids in ImageLog.objects.values_list("file_ids", flat=True) for file_id in ids
    }
    sizes = files.stored_bytes(connection.database, stored - named)
    if fix:
        files.delete_files(connection.database, sizes)
    return [
        Damage.repairable(f"file {file_id} of {size} bytes belongs to no image log", fix, size)
        for file_id, size in sizes.items()
    ]


def _same_bytes(log: ImageLog) -> ImageLog | None:
    same = ImageLog.objects.filter(well=log.well, sha256=log.sha256, state=State.READY)
    return same.first()


def _renew_lease(log: ImageLog) -> None:
    """Say that the writer is alive, now and then. Raises IngestOvertaken when the lease is lost."""
    if log.lease_until - timezone.now() < timedelta(seconds=settings.INGEST_LEASE_SECONDS / 2):
        log.lease_until = _lease()
        if not log.change({"state": State.INGESTING}, lease_until=log.lease_until):
            raise IngestOvertaken("the ingest took so long that it was undone; send it again")


def _flip_to_ready(log: ImageLog) -> tuple[ImageLog, bool]:
    """The atomic act that publishes; where the same bytes came first, theirs is the log."""
    try:
        published = log.change(
            {"state": State.INGESTING}, state=State.READY, overviews=log.overviews
        )
    except DuplicateKeyError:
        existing = _same_bytes(log)
        if existing is None:  # deleted again in the meantime
            raise IngestOvertaken("the same file was deleted meanwhile; send it again") from None
        _undo(log)
        return existing, False
    if not published:
        raise IngestOvertaken("the ingest took so long that it was undone; send it again")
    log.state = State.READY
    return log, True


def _published_after_all(log: ImageLog) -> bool:
    """Undo a log whose publication failed; True where only the answer was lost.

    Where MongoDB is away, the reaper undoes it, or it is there when the same file is sent again.
    """
    try:
        if _undo(log):
            return False
        if ImageLog.objects.filter(pk=log.pk, state=State.READY).exists():
            log.state = State.READY
            return True
        # It was undone by the reaper, but what came after that is still there.
        _erase(log)
    except (DatabaseError, PyMongoError, StorageUnavailable) as failure:
        logger.warning("image log %s is left for the reaper: %s", log.pk, failure)
    return False


def _undo(log: ImageLog, lease_before: datetime | None = None) -> bool:
    """Delete a log that was not published; False if it was, or if its writer holds a lease."""
    unpublished: dict[str, Any] = {"state": State.INGESTING}
    if lease_before:
        unpublished["lease_until"] = {"$lte": lease_before}
    if not log.change(unpublished, state=State.DELETING):
        return False
    _erase(log)
    return True


def _erase(log: ImageLog) -> None:
    """Delete the files, then the entry; those already gone are no error."""
    files.delete_files(connection.database, log.file_ids)
    log.forget()


def _lease() -> datetime:
    return timezone.now() + timedelta(seconds=settings.INGEST_LEASE_SECONDS)
