"""Whether collections have the indexes that they should, and unique ones where they should be."""

from collections.abc import Callable, Sequence
from typing import Any

from pymongo.collection import Collection
from pymongo.errors import OperationFailure

from storage.bucket import CHUNKS_INDEX, FILES_INDEX, Bucket
from storage.damage import Damage
from storage.errors import is_unavailability, translated


@translated()
def of_bucket(bucket: Bucket, fix: bool) -> list[Damage]:
    """What is wrong with the two indexes of the GridFS specification; with ``fix`` it is repaired.

    Raises StorageUnavailable.
    """
    files, chunks = bucket.files, bucket.chunks
    return [
        *check(files, [*FILES_INDEX], False, lambda: files.create_index(FILES_INDEX), fix),
        *check(
            chunks,
            [*CHUNKS_INDEX],
            True,
            lambda: chunks.create_index(CHUNKS_INDEX, unique=True),
            fix,
        ),
    ]


def check(
    collection: Collection[Any],
    fields: Sequence[str],
    unique: bool,
    make: Callable[[], object],
    fix: bool,
) -> list[Damage]:
    """What is wrong with the index on ``fields``; with ``fix`` it is repaired, ``make`` makes it.

    A collection that is not there yet lacks nothing: it is made with its indexes.
    """
    known = collection.index_information()
    same = {
        name: index
        for name, index in known.items()
        if [field for field, _ in index["key"]] == [*fields]
    }
    if not known or any(index.get("unique", False) >= unique for index in same.values()):
        return []
    what = f"the index of {collection.name} on {', '.join(fields)} is "
    what += "not unique" if same else "missing"
    if fix:
        try:
            _make_unique(collection, next(iter(same))) if same else make()
        except OperationFailure as error:
            if is_unavailability(error):
                raise
            return [Damage(what, f"it cannot be made, {error.details or error}")]
    return [Damage.repairable(what, fix)]


def _make_unique(collection: Collection[Any], name: str) -> None:
    """Turn a plain index into a unique one, without a moment without it."""
    for change in ({"prepareUnique": True}, {"unique": True}):
        collection.database.command("collMod", collection.name, index={"name": name, **change})
