"""The entries of a bucket: found by name, listed by folder."""

import posixpath
from typing import Any

from storage.bucket import Bucket
from storage.errors import FileMissing
from storage.info import FileInfo
from storage.names import id_in


async def find(bucket: Bucket, name: str) -> FileInfo:
    """The file called ``name``. Raises FileMissing; StorageUnavailable when MongoDB is away."""
    query = {"_id": id_in(name), "filename": name}
    document = await bucket.call(bucket.files.find_one, query)
    if document is None:
        raise FileMissing(f"there is no stored file {name!r}")
    return FileInfo.of(document)


async def exists(bucket: Bucket, name: str) -> bool:
    """Whether there is a file called ``name``."""
    try:
        await find(bucket, name)
    except FileMissing:
        return False
    return True


async def list_folder(bucket: Bucket, path: str) -> tuple[list[str], list[str]]:
    """The folders and the files right below ``path``, each sorted."""
    folder = posixpath.normpath(path).strip("/").removeprefix(".")
    prefix = f"{folder}/" if folder else ""
    # "0" is the character after "/": the range is the prefix, along the index on names.
    query: dict[str, Any] = {"$gte": prefix, "$lt": f"{folder}0"} if folder else {"$exists": True}
    cursor = bucket.files.find({"filename": query}, {"_id": 0, "filename": 1})
    rest = [
        document["filename"].removeprefix(prefix) for document in await bucket.call(cursor.to_list)
    ]
    folders = {name.partition("/")[0] for name in rest if "/" in name}
    return sorted(folders), sorted(name for name in rest if "/" not in name)
