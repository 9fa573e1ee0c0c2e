"""Publish and delete image logs, and repair what a crash left behind.

The document of a log is also its journal. It is written first, in the state ``ingesting`` and with
the ids of the files to come. Then the files are written. Then one atomic update sets the state to
``ready``, which publishes the log; the logs of one file, and the wells that they are the first of,
in one transaction.
Deleting a log sets its state to ``deleting`` first, then deletes its files, then the document. So
after a crash at any instant, the document tells ``unfinished`` which files to delete.
"""

import logging
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from functools import partial
from typing import Any

from bson import ObjectId
from django.conf import settings
from django.db import DatabaseError
from pymongo.errors import DuplicateKeyError, PyMongoError

from images.arrays import Depths
from images.errors import IngestOvertaken
from images.models import BUCKET, FORMER_BUCKET, ImageLog
from images.store import chunks, pyramid_files
from images.store.pyramid_files import PixelChunks, Written
from storage.bucket import Bucket
from storage.documents import in_transaction
from storage.errors import FileMissing, StorageUnavailable, translated
from storage.leases import Lease, leased, reap
from storage.verify import Damage
from tables.units import depth_unit
from web.conditions import ANYTHING
from wells.models import Well

logger = logging.getLogger(__name__)

State = ImageLog.State
OVERTAKEN = "the ingest took so long that it was undone; send it again"


@translated()
def publish(
    drafts: Sequence[tuple[ImageLog, Depths, PixelChunks]],
) -> list[tuple[ImageLog, bool]]:
    """Store and publish the logs of one file: all of them or none.

    A draft is a log with its depths and pixels. The depths are (rows,) float64, ascending.
    ``pixel_chunks(rows, chunk_rows)`` yields the pixels of the traces in the same order. The fields
    about chunks, overviews, statistics of values and nulls are set here.

    Returns each log and True if it is new. If the well already has a log of the same part of the
    same file, returns that log and False.

    Raises IngestOvertaken, StorageUnavailable.
    """
    existing = _find_same([log for log, _, _ in drafts])
    pairs = zip(drafts, existing, strict=True)
    new = iter(_publish_new([draft for draft, found in pairs if found is None]))
    return [(found, False) if found else next(new) for found in existing]


def _publish_new(
    drafts: Sequence[tuple[ImageLog, Depths, PixelChunks]],
) -> list[tuple[ImageLog, bool]]:
    if not drafts:
        return []
    for log, depths, _ in drafts:
        _prepare(log, depths)
    logs = [log for log, _, _ in drafts]
    lease = _lease(logs)
    try:
        lease.hold()
        ImageLog.objects.bulk_create(logs)
        batch = pyramid_files.new_batch(_bucket())
        for log, depths, pixel_chunks in drafts:
            written = pyramid_files.write(batch, log, depths, pixel_chunks, partial(_hold, lease))
            for name, value in written._asdict().items():
                setattr(log, name, value)
        _hold(lease)
        batch.send()
        published = _set_ready(logs)
    except BaseException as error:
        # The error may have hidden the reply of MongoDB to a successful update.
        ready = [not _clean_up(log) for log in logs]
        if all(ready) and isinstance(error, Exception):
            return [(log, True) for log in logs]
        raise
    with suppress(StorageUnavailable):  # a lease that is not dropped expires
        lease.drop()
    return published


def _prepare(log: ImageLog, depths: Depths) -> None:
    log.chunk_rows = chunks.rows_per_chunk(log.width, log.dtype)
    log.chunk_tops = chunks.encode_tops(depths, log.chunk_rows)
    log.file_ids = pyramid_files.new_ids(log)
    log.bucket = BUCKET
    log.state = State.INGESTING


@translated()
def retire(log: ImageLog, where: Mapping[str, Any] = ANYTHING) -> bool:
    """Delete a log and its files. Returns False if it was not ready or did not match ``where``.

    ``where`` is a MongoDB query. From the first update on, no request sees the log.

    Raises StorageUnavailable if that update may have failed. If only the deletion of the files
    failed, the log counts as deleted, and the reaper deletes its files.
    """
    lease = _lease([log])
    lease.hold()
    if not log.change({**where, "state": State.READY}, state=State.DELETING):
        lease.drop()
        return False
    try:
        _erase(log)
    except (PyMongoError, StorageUnavailable) as failure:
        logger.warning("the files of image log %s are left for the reaper: %s", log.pk, failure)
    return True


@translated()
def unfinished(fix: bool, idle: bool = False) -> list[Damage]:
    """Find interrupted ingests and deletions. With ``fix``, undo the ingests, finish the deletions.

    Skips a log whose writer holds a valid lease. If the service is ``idle``, leases are ignored.

    Raises StorageUnavailable. It may be called at any time, also by several processes at once.
    """
    not_ready = {"state": {"$ne": State.READY}}
    candidates = [log.pk for log in ImageLog.find(not_ready)]
    held = set() if idle else leased(_bucket())
    found = []
    # Read again: a writer that held no lease any more may have finished before ``leased``.
    for log in ImageLog.find({"_id": {"$in": candidates}, **not_ready}):
        if log.file_ids[0] in held:
            continue
        size = sum(log.files().stored_bytes(log.file_ids).values())
        if log.state == State.DELETING:
            what, repaired = f"{log.label} was left half deleted", fix
            if fix:
                _erase(log)
        else:
            what, repaired = f"{log.label} was left half ingested", fix and _undo(log)
        found.append(Damage.repairable(what, repaired, size))
    return found


@translated()
def unreachable(fix: bool) -> list[Damage]:
    """Find files that belong to no log. With ``fix``, delete them.

    Such files come from a writer that went on after its ingest had been undone. Other programs may
    use FORMER_BUCKET too; there, only files with the metadata of this service are considered.

    Raises StorageUnavailable.
    """
    ours = {"metadata.log": {"$exists": True}, "metadata.what": {"$exists": True}}
    return [
        *reap(_bucket(), _file_ids, fix, "image log"),
        *reap(Bucket(FORMER_BUCKET), _file_ids, fix, "image log", ours),
    ]


def _file_ids() -> set[ObjectId]:
    """The ids of the files of all logs, in whatever state."""
    all_ids = ImageLog.objects.values_list("file_ids", flat=True)
    return {file_id for file_ids in all_ids for file_id in file_ids}


def _bucket() -> Bucket:
    return Bucket(BUCKET)


def _lease(logs: Sequence[ImageLog]) -> Lease:
    """The lease that a process holds while it writes or deletes the logs: on their first files."""
    return Lease(_bucket(), [log.file_ids[0] for log in logs], settings.INGEST_LEASE_SECONDS)


def _hold(lease: Lease) -> None:
    """Renew the lease before it expires. Raises IngestOvertaken if it is lost."""
    try:
        lease.hold()
    except FileMissing as error:
        raise IngestOvertaken(OVERTAKEN) from error


def _find_same(logs: Sequence[ImageLog]) -> list[ImageLog | None]:
    """For each log, the published one of the same part of the same file in the same well."""
    of = {f"{name}__in": {getattr(log, name) for log in logs} for name in ("well", "sha256")}
    found = ImageLog.objects.filter(**of, state=State.READY)
    same = {_part(log): log for log in found}
    return [same.get(_part(log)) for log in logs]


def _part(log: ImageLog) -> tuple[object, ...]:
    return log.well, log.sha256, log.name, log.part


def _set_ready(logs: Sequence[ImageLog]) -> list[tuple[ImageLog, bool]]:
    """Publish the logs atomically; if another upload of the same file was first, return its logs.

    Each log comes with True if it is new. The wells that they name are made in the same
    transaction, so that none is left empty.
    """
    try:
        in_transaction(partial(_update_to_ready, logs))
    except DuplicateKeyError:
        existing = _find_same(logs)
        if None in existing:  # some are new, or the other upload has been deleted again
            raise IngestOvertaken(
                "the same file was uploaded or deleted meanwhile; send it again"
            ) from None
        for log in logs:
            _undo(log)
        return [(log, False) for log in existing if log]
    for log in logs:
        log.state = State.READY
    return [(log, True) for log in logs]


def _update_to_ready(logs: Iterable[ImageLog]) -> None:
    for well, unit in dict.fromkeys((log.well, depth_unit(log.depth_unit)) for log in logs):
        Well.ensure(well, unit)
    for log in logs:
        written = {name: getattr(log, name) for name in Written._fields}
        where = {"state": State.INGESTING}
        if not log.change(where, state=State.READY, **written):
            raise IngestOvertaken(OVERTAKEN)


def _clean_up(log: ImageLog) -> bool:
    """Delete a log after an error in publishing it. Returns False if it is published all the same.

    If MongoDB is not available, ``unfinished`` deletes the log later.
    """
    try:
        if _undo(log):
            return True
        if log.is_still_ready():
            log.state = State.READY
            return False
        # ``unfinished`` has deleted the log, but not the files that were written after that.
        _erase(log)
    except (DatabaseError, PyMongoError, StorageUnavailable) as failure:
        logger.warning("image log %s is left for the reaper: %s", log.pk, failure)
    return True


def _undo(log: ImageLog) -> bool:
    """Delete a log in the state ``ingesting``. Returns False if it was in another state."""
    if not log.change({"state": State.INGESTING}, state=State.DELETING):
        return False
    _erase(log)
    return True


def _erase(log: ImageLog) -> None:
    """Delete the files, the document and the lease of a log, in this order, if they exist.

    The stored document is read again: new overviews may have other files than ``log`` says.
    """
    stored = [file_id for found in ImageLog.find({"_id": log.pk}) for file_id in found.file_ids]
    log.files().delete({*log.file_ids, *stored})
    log.delete_document()
    _lease([log]).drop()
