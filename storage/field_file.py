"""The file of a row: ``photo.put``, ``read``, ``replace`` and so on, blocking and awaited."""

import posixpath
from collections.abc import Collection
from functools import partial
from typing import Any

from asgiref.sync import sync_to_async
from django.db import transaction
from django.db.models.fields.files import FieldFile
from django.db.models.signals import post_save

from storage.awaited import AsyncFile
from storage.errors import FileExists, FileMissing, is_unavailability
from storage.files import FileInfo
from storage.gridfs import GridFSStorage
from storage.writer import NewFile


class GridFSFieldFile(FieldFile):
    """What ``row.photo`` is.

    ``put`` and ``new_file`` store a file for a row that has none, and raise FileExists otherwise;
    save the row to keep it. ``replace`` and ``delete`` change the stored row at once, and then
    delete the old file. They raise FileChanged when the row names another file by now.

    ``about`` are the ``content_type`` and the ``filename`` of the file; all other keywords are its
    metadata. Contents are bytes or files.
    """

    storage: GridFSStorage
    name: str | None
    _writer: NewFile | None = None
    _read_through = False

    def put(self, content: Any, **about: Any) -> None:
        self._check_free()
        self._adopt(self.storage.save(content=content, **self._described(about, content)))

    async def aput(self, content: Any, **about: Any) -> None:
        self._check_free()
        self._adopt(await self.storage.asave(content=content, **self._described(about, content)))

    def new_file(self, **about: Any) -> NewFile:
        """A new file to write to, here or in a ``with`` block."""
        self._check_free()
        self._writer = self.storage.create(done=self._adopt, **self._described(about))
        return self._writer

    def anew_file(self, **about: Any) -> AsyncFile:
        return AsyncFile(self.new_file(**about))

    def write(self, data: bytes) -> int:
        """Write to the file that ``new_file`` opened."""
        if self._writer is None:
            raise ValueError("there is no new file to write to")
        return self._writer.write(data)

    def close(self) -> None:
        """Close the open file. A new file becomes visible."""
        if self._writer is not None:
            self._writer.close()
        super().close()

    def read(self, size: int | None = -1) -> bytes:
        """Up to ``size`` bytes, or all of them. A second read of all starts anew."""
        whole = size is None or size < 0
        if whole and self._read_through:
            self.file.seek(0)
        data: bytes = self.file.read(size)
        self._read_through = whole
        return data

    async def aread(self) -> bytes:
        """The whole file."""
        async with await self.aopen() as file:
            data: bytes = await file.read()
        return data

    async def aopen(self) -> AsyncFile:
        """The file, opened for awaited reading."""
        return await self.storage.aopen(self._require_file())

    def seek(self, offset: int, whence: int = 0) -> int:
        self._read_through = False
        position: int = self.file.seek(offset, whence)
        return position

    @property
    def info(self) -> FileInfo:
        """All that is known of the file. Raises FileMissing."""
        self._require_file()
        if not self._committed:
            raise FileMissing(f"the file of {self.field.name!r} is not stored yet")
        info: FileInfo = self.file.info
        return info

    @property
    def content_type(self) -> str:
        return self.info.content_type

    @property
    def metadata(self) -> dict[str, Any]:
        return dict(self.info.metadata)

    def replace(self, content: Any, *, also: Collection[str] = (), **about: Any) -> None:
        """Store ``content``, have the row name it, then delete the old file.

        Only the file and the fields ``also`` of the row are saved. After any error the row keeps
        the file that it has.
        """
        self._swap(self.storage.save(content=content, **self._described(about, content)), also)

    async def areplace(self, content: Any, *, also: Collection[str] = (), **about: Any) -> None:
        new = await self.storage.asave(content=content, **self._described(about, content))
        await sync_to_async(self._swap)(new, also)

    def delete(self, save: bool = True) -> None:
        """Remove the file from the row, then delete it. Without ``save`` both wait for the row."""
        changes = self.field.changes(self.instance)
        if self.name and self.name in changes.adopted:  # it was never saved with a row
            changes.adopted.remove(self.name)
            self.storage.delete(self.name)
        elif save and self._committed:
            self._swap(None)
        changes.made = True
        self._name(None)

    adelete = sync_to_async(delete)

    def save(self, name: str, content: Any, save: bool = True) -> None:
        """Django's own verb: store ``content`` in place of what is there."""
        name = self.field.generate_filename(self.instance, name)
        self._adopt(self.storage.save(name, content, self.field.max_length))
        if save:
            self.instance.save()

    def copy(self) -> None:
        """Store a copy of the file for this row, because another row has the file."""
        info, max_length = self.info, self.field.max_length
        about = {"content_type": info.content_type, "metadata": info.metadata}
        self._adopt(self.storage.save(info.name, self.file, max_length, **about))

    def _require_file(self) -> str:
        if not self.name:
            raise FileMissing(f"the row has no file in {self.field.name!r}")
        return self.name

    def _check_free(self) -> None:
        if self:
            raise FileExists(f"the row has a file in {self.field.name!r}: replace or delete it")

    def _described(self, about: dict[str, Any], content: Any = None) -> dict[str, Any]:
        """The arguments of ``storage.create``. Without a ``filename``, ``content`` says it."""
        called = about.pop("filename", None) or getattr(content, "name", None) or self.field.name
        return {
            "name": self.field.generate_filename(self.instance, posixpath.basename(str(called))),
            "max_length": self.field.max_length,
            "content_type": about.pop("content_type", getattr(content, "content_type", None)),
            "metadata": about,
        }

    def _adopt(self, name: str) -> None:
        """Take a stored file as that of the row, which has still to be saved."""
        changes = self.field.changes(self.instance)
        changes.adopted.add(name)
        changes.made = True
        self._name(name)

    def _name(self, name: str | None) -> None:
        # Django's FieldFile keeps the open file, and whether it is stored, in these two.
        self._file = None
        self._committed = True
        self._read_through = False
        self.name = name
        self.instance.__dict__[self.field.attname] = self

    def _swap(self, new: str | None, also: Collection[str] = ()) -> None:
        """Save ``new`` as the file of the row. If that fails, nothing is changed."""
        field, row, was = self.field, self.instance, self.name
        old = was if self._committed and was not in field.changes(row).adopted else None
        try:
            field.swap(row, old, new, also)
        except Exception as error:
            # If MongoDB cannot be reached, the row may have been changed or not. Then both files
            # stay, and later the reaper deletes the one that the row does not name.
            if new and not is_unavailability(error):
                self.storage.delete(new)
            raise
        using, fields = row._state.db, frozenset({field.name, *also})
        told = {"instance": row, "created": False, "raw": False, "using": using}
        try:
            self._name(new)
            post_save.send(type(row), **told, update_fields=fields)
            if new:
                transaction.on_commit(partial(self.storage.settle, new), using)
        except BaseException:
            self._name(was)
            field.swap(row, new, old)
            if new:
                self.storage.delete(new)
            raise
        if old:
            transaction.on_commit(partial(self.storage.delete, old), using)
