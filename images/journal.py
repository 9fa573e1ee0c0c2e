"""The life of an image log: written, published, retired, and what a crash left repaired.

The catalogue's document is the journal. It is written first, with the ids of the files to come;
then the files; then its state is flipped to ``ready`` in one atomic update, which publishes. A
delete flips it to ``deleting`` first. So whatever the instant of a crash, the document tells the
reaper which files to remove.
"""

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from django.conf import settings
from django.db import DatabaseError, IntegrityError, connection
from django.db.models import QuerySet
from django.utils import timezone

from images import chunks, pyramid_files
from images.csv_rows import Depths
from images.errors import IngestOvertaken
from images.models import ImageLog
from storage import files
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
    log.save(force_insert=True)
    try:
        keep_alive = partial(_renew_lease, log)
        log.overviews = pyramid_files.write(log, depths, pixel_chunks, keep_alive)
        return _flip_to_ready(log)
    except BaseException as error:
        _clean_up_after(error, log)
        raise


@translated()
def retire(log: ImageLog) -> bool:
    """Take a log out of sight, then delete it and its files; False if it was not there to see.

    Raises StorageUnavailable; the log is then out of sight, and the reaper deletes it.
    """
    if not ImageLog.objects.filter(pk=log.pk, state=State.READY).update(state=State.DELETING):
        return False
    _erase(log)
    return True


@dataclass(frozen=True, slots=True)
class Repairs:
    """What the reaper did: logs undone, deletes finished, files that no log knew removed, of how
    many bytes, and logs left alone because their writer is alive."""

    undone: int
    deleted: int
    unreachable: int
    unreachable_bytes: int
    alive: int


@translated()
def reap(idle: bool = False) -> Repairs:
    """Undo or finish every log that is not ``ready``, and remove files that no log names.

    A log in state ``ingesting`` is left alone while its writer holds a lease, unless the caller
    knows that the service is ``idle`` and no writer can be alive.

    Raises StorageUnavailable; it may be run again at any time, also by several at once.
    """
    undone = deleted = alive = 0
    for log in ImageLog.objects.exclude(state=State.READY):
        if log.state == State.DELETING:
            _erase(log)
            deleted += 1
        elif _undo(log, lease_before=None if idle else timezone.now()):
            undone += 1
        else:
            alive += 1
    return Repairs(undone, deleted, *_reap_unreachable(), alive)


def _reap_unreachable() -> tuple[int, int]:
    """Remove files that no log names, of so many bytes: a writer that was overtaken wrote them.

    The files are listed before the logs, and a log comes before its files, so what no log names
    here had none when it was listed.
    """
    stored = files.stored_file_ids(connection.database)
    named = {
        file_id for ids in ImageLog.objects.values_list("file_ids", flat=True) for file_id in ids
    }
    sizes = files.stored_bytes(connection.database, stored - named)
    files.delete_files(connection.database, sizes)
    return len(sizes), sum(sizes.values())


def _same_bytes(log: ImageLog) -> ImageLog | None:
    same = ImageLog.objects.filter(well=log.well, sha256=log.sha256, state=State.READY)
    return same.first()


def _renew_lease(log: ImageLog) -> None:
    """Say that the writer is alive, now and then. Raises IngestOvertaken when the lease is lost."""
    if log.lease_until - timezone.now() < timedelta(seconds=settings.INGEST_LEASE_SECONDS / 2):
        log.lease_until = _lease()
        if not _ingesting(log).update(lease_until=log.lease_until):
            raise IngestOvertaken("the ingest took so long that it was undone; send it again")


def _flip_to_ready(log: ImageLog) -> tuple[ImageLog, bool]:
    """The atomic act that publishes; where the same bytes came first, theirs is the log."""
    try:
        published = _ingesting(log).update(state=State.READY, overviews=log.overviews)
    except IntegrityError:
        existing = _same_bytes(log)
        if existing is None:  # deleted again in the meantime
            raise IngestOvertaken("the same file was deleted meanwhile; send it again") from None
        _undo(log)
        return existing, False
    if not published:
        raise IngestOvertaken("the ingest took so long that it was undone; send it again")
    log.state = State.READY
    return log, True


def _clean_up_after(error: BaseException, log: ImageLog) -> None:
    """Undo a log whose publication failed; where MongoDB is away, the reaper will."""
    try:
        if isinstance(error, IngestOvertaken):
            # It is not published and never will be, but what came after the reaper is still there.
            _erase(log)
        else:
            # Filtered by state: the flip may have been done and only its answer lost.
            _undo(log)
    except (DatabaseError, StorageUnavailable) as failure:
        logger.warning("image log %s is left for the reaper: %s", log.pk, failure)


def _undo(log: ImageLog, lease_before: datetime | None = None) -> bool:
    """Delete a log that was not published; False if it was, or if its writer holds a lease."""
    unpublished = _ingesting(log)
    if lease_before:
        unpublished = unpublished.filter(lease_until__lte=lease_before)
    if not unpublished.update(state=State.DELETING):
        return False
    _erase(log)
    return True


def _ingesting(log: ImageLog) -> QuerySet:
    return ImageLog.objects.filter(pk=log.pk, state=State.INGESTING)


def _erase(log: ImageLog) -> None:
    files.delete_files(connection.database, log.file_ids)
    ImageLog.objects.filter(pk=log.pk).delete()


def _lease() -> datetime:
    return timezone.now() + timedelta(seconds=settings.INGEST_LEASE_SECONDS)
