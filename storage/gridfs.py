"""GridFSStorage: Django's storage interface on GridFS, each method with its async twin."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, TypedDict, Unpack, overload
from urllib.parse import urljoin

from bson import ObjectId
from django.conf import settings
from django.core.files.storage import Storage
from django.core.files.utils import validate_file_name
from django.utils.deconstruct import deconstructible
from django.utils.encoding import filepath_to_uri
from django.utils.timezone import make_naive

from storage import catalogue, leases
from storage.bucket import Bucket, run
from storage.clients import async_database, database
from storage.content import async_blocks, blocks, copy
from storage.download import Download
from storage.info import FileInfo, checked_metadata, content_type_of
from storage.names import id_in, plain_name, stored_name
from storage.new_file import AsyncNewFile, NewFile
from storage.stored_file import AsyncStoredFile, StoredFile
from storage.upload import Draft, Upload, remove


class About(TypedDict, total=False):
    """What to keep beside the bytes; without a content type the name decides."""

    content_type: str | None
    metadata: Mapping[str, Any]


@deconstructible(path="storage.gridfs.GridFSStorage")
class GridFSStorage(Storage):
    """Files in the GridFS bucket ``bucket`` of Django's database ``using``.

    ``lease_seconds`` is how long the reaper takes a silent writer to be alive, and so how long
    there may be between a file and the row that names it. All methods raise FileMissing,
    FileCorrupt or StorageUnavailable, and swallow none of them.
    """

    def __init__(
        self,
        bucket: str = "media",
        chunk_size_bytes: int = 255 * 1024,
        base_url: str | None = None,
        using: str = "default",
        lease_seconds: float = 600,
    ) -> None:
        self.bucket = bucket
        self.chunk_size_bytes = chunk_size_bytes
        self.using = using
        self.lease_seconds = lease_seconds
        self._base_url = base_url
        self._indexed: set[str] = set()

    def get_available_name(self, name: str, max_length: int | None = None) -> str:
        """``name`` with a new id in it, which makes it free."""
        return stored_name(str(name).replace("\\", "/"), ObjectId(), max_length)

    def url(self, name: str) -> str:
        """Where whoever serves the files does so: below ``base_url``, or MEDIA_URL."""
        base = settings.MEDIA_URL if self._base_url is None else self._base_url
        return urljoin(base, filepath_to_uri(name).lstrip("/"))

    def save(
        self, name: str | None, content: Any, max_length: int | None = None, **about: Unpack[About]
    ) -> str:
        """Store what ``content`` holds, from its start, and return the name it has got."""
        draft = self._draft(name or content.name, max_length, content, about)
        return run(copy(blocks(content), self._upload(self._blocking(), draft)))

    async def asave(
        self, name: str | None, content: Any, max_length: int | None = None, **about: Unpack[About]
    ) -> str:
        """As ``save``; the ``read`` of ``content`` may be a coroutine."""
        draft = self._draft(name or content.name, max_length, content, about)
        return await copy(async_blocks(content), self._upload(self._asynchronous(), draft))

    def create(
        self,
        name: str,
        max_length: int | None = None,
        done: Callable[[FileInfo], None] | None = None,
        **about: Unpack[About],
    ) -> NewFile:
        """A new file open for writing; ``done`` is called once it is visible."""
        draft = self._draft(name, max_length, None, about)
        return NewFile(AsyncNewFile(self._upload(self._blocking(), draft), done))

    def acreate(
        self,
        name: str,
        max_length: int | None = None,
        done: Callable[[FileInfo], None] | None = None,
        **about: Unpack[About],
    ) -> AsyncNewFile:
        """As ``create``; the file's methods are coroutines."""
        draft = self._draft(name, max_length, None, about)
        return AsyncNewFile(self._upload(self._asynchronous(), draft), done)

    def open(self, name: str, mode: str = "rb") -> StoredFile | NewFile:
        """A file for reading, or in mode ``wb`` a new one that has a name of its own."""
        if _writes(mode):
            return self.create(name)
        return self.open_known(self.info(name))

    def open_known(self, info: FileInfo) -> StoredFile:
        """A file for reading that is known already: stored files never change, nothing is asked.

        One that has been deleted is found missing when it is read.
        """
        return StoredFile(Download(self._blocking(), info))

    @overload
    async def aopen(self, name: str) -> AsyncStoredFile: ...

    @overload
    async def aopen(self, name: str, mode: str) -> AsyncStoredFile | AsyncNewFile: ...

    async def aopen(self, name: str, mode: str = "rb") -> AsyncStoredFile | AsyncNewFile:
        if _writes(mode):
            return self.acreate(name)
        bucket = self._asynchronous()
        return AsyncStoredFile(Download(bucket, await catalogue.find(bucket, name)))

    def info(self, name: str) -> FileInfo:
        """Length, content type, metadata, SHA-256 and the like."""
        return run(catalogue.find(self._blocking(), name))

    async def ainfo(self, name: str) -> FileInfo:
        return await catalogue.find(self._asynchronous(), name)

    def delete(self, name: str) -> None:
        """Delete the file; as with Django's own storages, one that is gone is no error."""
        run(remove(self._blocking(), id_in(name)))

    async def adelete(self, name: str) -> None:
        await remove(self._asynchronous(), id_in(name))

    def renew(self, name: str) -> None:
        """Hold the lease of a file that no row names yet. Raises FileMissing when too late."""
        run(leases.renew(self._blocking(), id_in(name), self.lease_seconds))

    def settle(self, name: str) -> None:
        """Tell that a row names the file, saved for good. Raises FileMissing when too late."""
        run(leases.settle(self._blocking(), id_in(name)))

    def exists(self, name: str) -> bool:
        return run(catalogue.exists(self._blocking(), name))

    async def aexists(self, name: str) -> bool:
        return await catalogue.exists(self._asynchronous(), name)

    def listdir(self, path: str) -> tuple[list[str], list[str]]:
        """The folders and the files right below ``path``, each sorted."""
        return run(catalogue.list_folder(self._blocking(), path))

    async def alistdir(self, path: str) -> tuple[list[str], list[str]]:
        return await catalogue.list_folder(self._asynchronous(), path)

    def size(self, name: str) -> int:
        """The length in bytes."""
        return self.info(name).length

    async def asize(self, name: str) -> int:
        return (await self.ainfo(name)).length

    def get_created_time(self, name: str) -> datetime:
        return _time(self.info(name))

    async def aget_created_time(self, name: str) -> datetime:
        return _time(await self.ainfo(name))

    # Stored files are never changed, only replaced by others.
    get_modified_time = get_created_time
    aget_modified_time = aget_created_time

    def _blocking(self) -> Bucket:
        return Bucket(database(self.using)[self.bucket])

    def _asynchronous(self) -> Bucket:
        return Bucket(async_database(self.using)[self.bucket])

    def _draft(self, name: str, max_length: int | None, content: object, about: About) -> Draft:
        validate_file_name(plain_name(name), allow_relative_path=True)
        available = self.get_available_name(name, max_length)
        return Draft(
            file_id=id_in(available),
            name=available,
            content_type=about.get("content_type") or content_type_of(name, content),
            metadata=checked_metadata(about.get("metadata", {})),
        )

    def _upload(self, bucket: Bucket, draft: Draft) -> Upload:
        return Upload(bucket, draft, self.chunk_size_bytes, self.lease_seconds, self._indexed)


def _writes(mode: str) -> bool:
    if mode not in ("rb", "wb"):
        raise ValueError(f"stored files are opened with mode rb or wb, not {mode!r}")
    return mode == "wb"


def _time(info: FileInfo) -> datetime:
    return info.uploaded_at if settings.USE_TZ else make_naive(info.uploaded_at)
