"""The life of an image log: write, publish, retire it, and repair it after a crash.

The catalogue's document is the journal. It is written first, with the ids of the files to come;
then the files; then its state is flipped to ``ready`` in one atomic update, which publishes; the
logs of one file are flipped together, in one transaction. A delete flips it to ``deleting`` first.
So after a crash at any instant, the document tells the reaper which files to remove.
"""

import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from functools import partial
from typing import Any

from bson import ObjectId
from django.conf import settings
from django.db import DatabaseError, connection
from pymongo.client_session import ClientSession
from pymongo.errors import DuplicateKeyError, PyMongoError

from images.arrays import Depths
from images.errors import IngestOvertaken
from images.models import BUCKET, FORMER_BUCKET, ImageLog
from images.store import chunks, pyramid_files
from images.store.pyramid_files import Written
from storage import reaper
from storage.bucket import Bucket
from storage.damage import Damage
from storage.errors import FileMissing, StorageUnavailable, translated
from storage.leases import Lease, alive
from web.conditions import ANYTHING

logger = logging.getLogger(__name__)

State = ImageLog.State
PixelChunks = Callable[[int, int], Iterable[bytes]]
OVERTAKEN = "the ingest took so long that it was undone; send it again"


@translated()
def publish(log: ImageLog, depths: Depths, pixel_chunks: PixelChunks) -> tuple[ImageLog, bool]:
    """Store ``log`` with its files and show it; or return the one that is there already.

    As ``publish_all`` does it for several.
    """
    return publish_all([(log, depths, pixel_chunks)])[0]


@translated()
def publish_all(
    drafts: Sequence[tuple[ImageLog, Depths, PixelChunks]],
) -> list[tuple[ImageLog, bool]]:
    """Store the logs of one file and show them, all of them or none.

    How each lies in its chunks, its overviews, the statistics of values and the number of nulls are
    found here. Depths are (rows,) float64, ascending; ``pixel_chunks(rows, chunk_rows)`` gives the
    pixels of the traces in that order.

    Returns each log and whether it is new; where the same part of the same bytes is in the well
    already, that log. Raises IngestOvertaken, SpoolFull, StorageUnavailable.
    """
    there = [_same_bytes(log) for log, _, _ in drafts]
    pairs = zip(drafts, there, strict=True)
    made = iter(_publish_new([draft for draft, existing in pairs if existing is None]))
    return [(existing, False) if existing else next(made) for existing in there]


def _publish_new(
    drafts: Sequence[tuple[ImageLog, Depths, PixelChunks]],
) -> list[tuple[ImageLog, bool]]:
    logs, leases = [], []
    try:
        for log, depths, pixel_chunks in drafts:
            _prepare(log, depths)
            logs.append(log)
            leases.append(_lease(log))
            leases[-1].take()
            log.save(force_insert=True)
            written = pyramid_files.write(log, depths, pixel_chunks, partial(_hold, leases))
            for name, value in written._asdict().items():
                setattr(log, name, value)
        published = _flip_to_ready(logs)
    except BaseException as error:
        seen = [_published_after_all(log) for log in logs]
        if len(seen) == len(drafts) and all(seen) and isinstance(error, Exception):
            return [(log, True) for log in logs]
        raise
    with suppress(StorageUnavailable):  # they are published: their leases may as well run out
        for lease in leases:
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
    """Take a log out of sight, then delete it and its files; False if it was not there to see, or
    not as ``where`` says.

    Raises StorageUnavailable if the log may still be visible. If only its files could not be
    removed, the log counts as deleted, and the reaper removes them.
    """
    lease = _lease(log)
    lease.take()
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
    """The logs whose writing or deleting came to a stop; with ``fix`` they are undone or finished.

    A log is left alone while its writer or deleter holds a lease, unless the caller knows that the
    service is ``idle``, so that nobody can hold one.

    Raises StorageUnavailable; it may be run again at any time, also by several at once.
    """
    unready = {"state": {"$ne": State.READY}}
    seen = [log.pk for log in ImageLog.find(unready)]
    held = set() if idle else alive(_bucket())
    found = []
    # Asked for again: who held no lease may have come to an end just before.
    for log in ImageLog.find({"_id": {"$in": seen}, **unready}):
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
    """Files that no log names, with ``fix`` removed: a writer that was overtaken wrote them.

    In the bucket of before, which other programs may use, these are files that bear our marks.

    Raises StorageUnavailable.
    """
    look = reaper.reap if fix else reaper.unreachable
    former = Bucket(FORMER_BUCKET)
    ours = {"metadata.log": {"$exists": True}, "metadata.what": {"$exists": True}}
    return [
        Damage.repairable(
            f"file {file.file_id} of {file.length_bytes} bytes belongs to no image log",
            fix,
            file.length_bytes,
        )
        for file in [*look(_bucket(), _named), *look(former, _named, ours)]
    ]


def _named() -> set[ObjectId]:
    all_ids = ImageLog.objects.values_list("file_ids", flat=True)
    return {file_id for file_ids in all_ids for file_id in file_ids}


def _bucket() -> Bucket:
    return Bucket(BUCKET)


def _lease(log: ImageLog) -> Lease:
    """The lease of the process that writes or deletes the log."""
    return Lease(_bucket(), log.file_ids[0], settings.INGEST_LEASE_SECONDS)


def _hold(leases: Iterable[Lease]) -> None:
    """Renew the leases in time. Raises IngestOvertaken when one is lost."""
    try:
        for lease in leases:
            lease.hold()
    except FileMissing as error:
        raise IngestOvertaken(OVERTAKEN) from error


def _same_bytes(log: ImageLog) -> ImageLog | None:
    names = ("well", "sha256", "name", "part")
    same = {name: getattr(log, name) for name in names}
    return ImageLog.objects.filter(**same, state=State.READY).first()


def _flip_to_ready(logs: Sequence[ImageLog]) -> list[tuple[ImageLog, bool]]:
    """The atomic act that publishes; where the same bytes came first, theirs are the logs."""
    try:
        if len(logs) == 1:
            _flip(logs)
        elif logs:
            # Of several documents, only a transaction changes all or none.
            with connection.database.client.start_session() as session:
                session.with_transaction(partial(_flip, logs))
    except DuplicateKeyError:
        existing = [_same_bytes(log) for log in logs]
        if None in existing:  # deleted again in the meantime, or not all of them are there
            raise IngestOvertaken(
                "the same file was uploaded or deleted meanwhile; send it again"
            ) from None
        for log in logs:
            _undo(log)
        return [(log, False) for log in existing if log]
    for log in logs:
        log.state = State.READY
    return [(log, True) for log in logs]


def _flip(logs: Iterable[ImageLog], session: ClientSession | None = None) -> None:
    for log in logs:
        written = {name: getattr(log, name) for name in Written._fields}
        where = {"state": State.INGESTING}
        if not log.change(where, session=session, state=State.READY, **written):
            raise IngestOvertaken(OVERTAKEN)


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


def _undo(log: ImageLog) -> bool:
    """Delete a log that was not published; False if it was."""
    if not log.change({"state": State.INGESTING}, state=State.DELETING):
        return False
    _erase(log)
    return True


def _erase(log: ImageLog) -> None:
    """Delete the files, then the entry, then the lease; those already gone are no error.

    The files are also those that the log names by now: its overviews may have been made anew since
    it was read.
    """
    named = [file_id for stored in ImageLog.find({"_id": log.pk}) for file_id in stored.file_ids]
    log.files().delete({*log.file_ids, *named})
    log.forget()
    _lease(log).drop()
