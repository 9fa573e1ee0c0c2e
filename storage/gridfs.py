"""GridFSStorage: Django's storage interface on GridFS, blocking and awaited."""

import mimetypes
import posixpath
from collections.abc import Callable, Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Any
from urllib.parse import urljoin

from bson import ObjectId
from django.conf import settings
from django.core.files.storage import Storage
from django.core.files.utils import validate_file_name
from django.utils.deconstruct import deconstructible
from django.utils.encoding import filepath_to_uri
from django.utils.timezone import make_naive

from storage.awaited import AsyncFile, awaited
from storage.bucket import Bucket
from storage.errors import FileExists, FileMissing, translated
from storage.files import OWN_KEYS, UNKNOWN_TYPE, FileInfo, id_in, plain_name, stored_name
from storage.leases import Lease
from storage.reader import StoredFile
from storage.writer import Batch, NewFile, Writer


@deconstructible(path="storage.gridfs.GridFSStorage")
class GridFSStorage(Storage):
    """Files in the GridFS bucket ``bucket`` of Django's database.

    ``lease_seconds`` is how long a writer may be silent before the reaper deletes its file. A row
    must name a new file within that time. All methods raise FileMissing, FileCorrupt or
    StorageUnavailable.
    """

    def __init__(
        self,
        bucket: str = "media",
        chunk_size_bytes: int = 255 * 1024,
        base_url: str | None = None,
        lease_seconds: float = 600,
    ) -> None:
        self.bucket = bucket
        self.chunk_size_bytes = chunk_size_bytes
        self.lease_seconds = lease_seconds
        self._base_url = base_url

    def in_bucket(self) -> Bucket:
        return Bucket(self.bucket)

    def get_available_name(self, name: str, max_length: int | None = None) -> str:
        """``name`` with a new id in it, so that it is free."""
        return stored_name(str(name).replace("\\", "/"), ObjectId(), max_length)

    def url(self, name: str) -> str:
        """The address of the file: below ``base_url``, or MEDIA_URL."""
        base = settings.MEDIA_URL if self._base_url is None else self._base_url
        return urljoin(base, filepath_to_uri(name).lstrip("/"))

    def save(
        self, name: str | None, content: Any, max_length: int | None = None, **about: Any
    ) -> str:
        """Store all of ``content``, from its start. Returns the name of the stored file.

        ``about`` are ``content_type`` and ``metadata``, as for ``create``.
        """
        about = {"content_type": getattr(content, "content_type", None), **about}
        with self.create(name or content.name, max_length, **about) as new:
            new.copy(content)
        return new.name

    async def asave(
        self, name: str | None, content: Any, max_length: int | None = None, **about: Any
    ) -> str:
        """As ``save``; the ``read`` of ``content`` may be a coroutine."""
        about = {"content_type": getattr(content, "content_type", None), **about}
        new = self.create(name or content.name, max_length, **about)
        async with AsyncFile(new) as written:
            await written.copy(content)
        return new.name

    def create(
        self,
        name: str,
        max_length: int | None = None,
        *,
        content_type: str | None = None,
        metadata: Mapping[str, Any] = MappingProxyType({}),
        done: Callable[[str], None] = lambda _: None,
    ) -> NewFile:
        """A new file open for writing; ``done`` is called with its name once it is visible.

        Without a content type, the name decides it.
        """
        plain = plain_name(name)
        validate_file_name(plain, allow_relative_path=True)
        if taken := [key for key in OWN_KEYS if key in metadata]:
            raise ValueError(f"metadata cannot be called {' or '.join(taken)}")
        content_type = content_type or mimetypes.guess_type(plain)[0] or UNKNOWN_TYPE
        known = {**metadata, "contentType": content_type}
        available = self.get_available_name(name, max_length)
        writer = Writer(Batch(self.in_bucket()), id_in(available), self.chunk_size_bytes)
        return NewFile(writer, self._lease(available).hold, available, known, done)

    def open(self, name: str, mode: str = "rb") -> StoredFile | NewFile:
        """Open a stored file for reading, or, in mode ``wb``, a new file for writing.

        A new file gets a new name. Stored files never change: ``wb`` raises FileExists for the name
        of one.
        """
        if mode == "rb":
            return StoredFile(self.in_bucket(), self.info(name))
        if mode != "wb":
            raise ValueError(f"stored files are opened with mode rb or wb, not {mode!r}")
        if self.exists(name):
            raise FileExists(f"{name!r} is stored, and stored files never change: save another")
        return self.create(name)

    async def aopen(self, name: str, mode: str = "rb") -> AsyncFile:
        return AsyncFile(await awaited(self.open)(name, mode))

    @translated()
    def info(self, name: str) -> FileInfo:
        """Length, content type, metadata, SHA-256 and the like."""
        query = {"_id": id_in(name), "filename": name}
        entry = self.in_bucket().files.find_one(query)
        if entry is None:
            raise FileMissing(f"there is no stored file {name!r}")
        return FileInfo.of(entry)

    def delete(self, name: str) -> None:
        """Delete the file. As in Django's own storages, a file that is gone is no error."""
        self.in_bucket().delete([id_in(name)])

    def renew(self, name: str) -> None:
        """Renew the lease of a file that no row names yet. Raises FileMissing when too late."""
        self._lease(name).renew()

    def settle(self, name: str) -> None:
        """Give the lease back: a saved row names the file. Raises FileMissing when too late."""
        self._lease(name).settle()

    def exists(self, name: str) -> bool:
        try:
            self.info(name)
        except FileMissing:
            return False
        return True

    @translated()
    def listdir(self, path: str) -> tuple[list[str], list[str]]:
        """The folders and the files right below ``path``, each sorted."""
        folder = posixpath.normpath(path).strip("/").removeprefix(".")
        prefix = f"{folder}/" if folder else ""
        # "0" is the character after "/": the range is the prefix, along the index on names.
        names: dict[str, Any] = {"$gte": prefix, "$lt": f"{folder}0"} if folder else {"$exists": 1}
        entries = self.in_bucket().files.find({"filename": names}, {"_id": 0, "filename": 1})
        below = [entry["filename"].removeprefix(prefix) for entry in entries]
        folders = {name.partition("/")[0] for name in below if "/" in name}
        return sorted(folders), sorted(name for name in below if "/" not in name)

    def size(self, name: str) -> int:
        """The length in bytes."""
        return self.info(name).length

    def get_created_time(self, name: str) -> datetime:
        uploaded_at = self.info(name).uploaded_at
        return uploaded_at if settings.USE_TZ else make_naive(uploaded_at)

    # Stored files are never changed, only replaced by others.
    get_modified_time = get_created_time

    ainfo = awaited(info)
    adelete = awaited(delete)
    aexists = awaited(exists)
    alistdir = awaited(listdir)
    asize = awaited(size)
    aget_created_time = aget_modified_time = awaited(get_created_time)

    def _lease(self, name: str) -> Lease:
        return Lease(self.in_bucket(), [id_in(name)], self.lease_seconds)
