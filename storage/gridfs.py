"""GridFSStorage: Django's storage interface on GridFS, each method with its awaited twin."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from typing import Any, Concatenate, ParamSpec, TypedDict, TypeVar, Unpack, overload
from urllib.parse import urljoin

from bson import ObjectId
from django.conf import settings
from django.core.files.storage import Storage
from django.core.files.utils import validate_file_name
from django.utils.deconstruct import deconstructible
from django.utils.encoding import filepath_to_uri
from django.utils.timezone import make_naive

from storage.bucket import Bucket
from storage.errors import FileExists, FileMissing, translated
from storage.info import FileInfo, checked_metadata, content_type_of
from storage.leases import Lease
from storage.names import id_in, plain_name, stored_name
from storage.new_file import AsyncNewFile, Done, Draft, NewFile
from storage.reader import AsyncStoredFile, StoredFile

P = ParamSpec("P")
T = TypeVar("T")
S = TypeVar("S")


class About(TypedDict, total=False):
    """What to keep beside the bytes; without a content type the name decides."""

    content_type: str | None
    metadata: Mapping[str, Any]


def _awaited(
    method: Callable[Concatenate[S, P], T],
) -> Callable[Concatenate[S, P], Awaitable[T]]:
    """The twin of a method, which runs it in a thread."""

    async def twin(self: S, /, *args: P.args, **options: P.kwargs) -> T:
        return await asyncio.to_thread(method, self, *args, **options)

    return twin


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
        self._indexed = False

    def in_bucket(self) -> Bucket:
        return Bucket(self.bucket, self.using)

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
        with self._new_file(self._draft(name or content.name, max_length, content, about)) as new:
            new.copy(content)
        return new.name

    async def asave(
        self, name: str | None, content: Any, max_length: int | None = None, **about: Unpack[About]
    ) -> str:
        """As ``save``; the ``read`` of ``content`` may be a coroutine."""
        draft = self._draft(name or content.name, max_length, content, about)
        async with AsyncNewFile(self._new_file(draft)) as new:
            await new.copy(content)
        return new.name

    def create(
        self,
        name: str,
        max_length: int | None = None,
        done: Done = lambda _: None,
        **about: Unpack[About],
    ) -> NewFile:
        """A new file open for writing; ``done`` is called once it is visible."""
        return self._new_file(self._draft(name, max_length, None, about), done)

    def acreate(
        self,
        name: str,
        max_length: int | None = None,
        done: Done = lambda _: None,
        **about: Unpack[About],
    ) -> AsyncNewFile:
        """As ``create``; the file's methods are coroutines."""
        return AsyncNewFile(self.create(name, max_length, **about), done)

    def open(self, name: str, mode: str = "rb") -> StoredFile | NewFile:
        """A file for reading, or in mode ``wb`` a new one that gets a name of its own.

        Stored files never change: ``wb`` raises FileExists for the name of one.
        """
        if mode == "rb":
            return StoredFile(self.in_bucket(), self.info(name))
        if mode != "wb":
            raise ValueError(f"stored files are opened with mode rb or wb, not {mode!r}")
        if self.exists(name):
            raise FileExists(f"{name!r} is stored, and stored files never change: save another")
        return self.create(name)

    @overload
    async def aopen(self, name: str) -> AsyncStoredFile: ...

    @overload
    async def aopen(self, name: str, mode: str) -> AsyncStoredFile | AsyncNewFile: ...

    async def aopen(self, name: str, mode: str = "rb") -> AsyncStoredFile | AsyncNewFile:
        file = await asyncio.to_thread(self.open, name, mode)
        return AsyncNewFile(file) if isinstance(file, NewFile) else AsyncStoredFile(file)

    @translated()
    def info(self, name: str) -> FileInfo:
        """Length, content type, metadata, SHA-256 and the like."""
        query = {"_id": id_in(name), "filename": name}
        entry = self.in_bucket().files.find_one(query)
        if entry is None:
            raise FileMissing(f"there is no stored file {name!r}")
        return FileInfo.of(entry)

    def delete(self, name: str) -> None:
        """Delete the file; as with Django's own storages, one that is gone is no error."""
        self.in_bucket().delete([id_in(name)])

    def renew(self, name: str) -> None:
        """Hold the lease of a file that no row names yet. Raises FileMissing when too late."""
        Lease(self.in_bucket(), id_in(name), self.lease_seconds).renew()

    def settle(self, name: str) -> None:
        """Tell that a row names the file, saved for good. Raises FileMissing when too late."""
        Lease(self.in_bucket(), id_in(name), self.lease_seconds).settle()

    def exists(self, name: str) -> bool:
        try:
            self.info(name)
        except FileMissing:
            return False
        return True

    def listdir(self, path: str) -> tuple[list[str], list[str]]:
        """The folders and the files right below ``path``, each sorted."""
        return self.in_bucket().list_folder(path)

    def size(self, name: str) -> int:
        """The length in bytes."""
        return self.info(name).length

    def get_created_time(self, name: str) -> datetime:
        uploaded_at = self.info(name).uploaded_at
        return uploaded_at if settings.USE_TZ else make_naive(uploaded_at)

    # Stored files are never changed, only replaced by others.
    get_modified_time = get_created_time

    ainfo = _awaited(info)
    adelete = _awaited(delete)
    aexists = _awaited(exists)
    alistdir = _awaited(listdir)
    asize = _awaited(size)
    aget_created_time = aget_modified_time = _awaited(get_created_time)

    def _draft(self, name: str, max_length: int | None, content: object, about: About) -> Draft:
        validate_file_name(plain_name(name), allow_relative_path=True)
        available = self.get_available_name(name, max_length)
        return Draft(
            file_id=id_in(available),
            name=available,
            content_type=about.get("content_type") or content_type_of(name, content),
            metadata=checked_metadata(about.get("metadata", {})),
        )

    def _new_file(self, draft: Draft, done: Done = lambda _: None) -> NewFile:
        size, seconds = self.chunk_size_bytes, self.lease_seconds
        return NewFile(self.in_bucket(), draft, size, seconds, self._prepare, done)

    def _prepare(self, bucket: Bucket) -> None:
        """Make the indexes, once in the life of this storage."""
        if not self._indexed:
            bucket.ensure_indexes()
            self._indexed = True
