"""The file of a row: the verbs ``photo.put``, ``read``, ``replace`` and so on, and their twins."""

import posixpath
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

from asgiref.sync import sync_to_async
from django.db import transaction
from django.db.models.fields.files import FieldFile

from storage.errors import FileExists, FileMissing, is_unavailability
from storage.gridfs import GridFSStorage
from storage.info import FileInfo
from storage.new_file import AsyncNewFile, NewFile


class GridFSFieldFile(FieldFile):
    """What ``row.photo`` is.

    ``put`` and ``new_file`` give the row a file where it has none; it is the row's once the row
    is saved. ``replace`` and ``delete`` save the row themselves, before the old file goes.
    In ``about``, ``content_type`` is the file's, ``filename`` is what it is called, and all other
    keywords are its metadata.
    """

    storage: GridFSStorage
    name: str | None
    _writer: NewFile | None = None
    _read_through = False

    def put(self, content: Any, **about: Any) -> None:
        """Store ``content``, bytes or a file. Raises FileExists when the row has one already."""
        self._require_none()
        self._adopt(self.storage.save(*self._named(content, about), **_described(about)))

    async def aput(self, content: Any, **about: Any) -> None:
        self._require_none()
        self._adopt(await self.storage.asave(*self._named(content, about), **_described(about)))

    def new_file(self, **about: Any) -> NewFile:
        """A new file to write to, here or in a ``with`` block. Raises FileExists."""
        self._require_none()
        name, _, length = self._named(None, about)
        self._writer = self.storage.create(name, length, self._made, **_described(about))
        return self._writer

    def anew_file(self, **about: Any) -> AsyncNewFile:
        self._require_none()
        name, _, length = self._named(None, about)
        return self.storage.acreate(name, length, self._made, **_described(about))

    def write(self, data: bytes) -> int:
        """Write to the file that ``new_file`` opened."""
        if self._writer is None:
            raise ValueError("there is no new file to write to")
        return self._writer.write(data)

    def close(self) -> None:
        """Close what is open; a new file is seen from then on."""
        if self._writer is not None:
            self._writer.close()
        super().close()

    def read(self, size: int | None = -1) -> bytes:
        """Up to ``size`` bytes. Having read the whole, reading it again gives it again."""
        whole = size is None or size < 0
        if whole and self._read_through:
            self.file.seek(0)
        data: bytes = self.file.read(size)
        self._read_through = whole
        return data

    async def aread(self) -> bytes:
        """The whole file."""
        name = self._require_file()
        async with await self.storage.aopen(name) as file:
            return await file.read()

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

    def replace(self, content: Any, **about: Any) -> None:
        """Store ``content``, save the row with it, then delete the old file.

        Whatever fails leaves the row with the old file.
        """
        old, new = self.name, self.storage.save(*self._named(content, about), **_described(about))
        try:
            with self._adopted_or_reverted(new):
                self.instance.save(force_update=True)
        except Exception as error:
            self._undo(old, new, error)
            raise
        if old:
            transaction.on_commit(partial(self.storage.delete, old), self.instance._state.db)

    async def areplace(self, content: Any, **about: Any) -> None:
        old = self.name
        new = await self.storage.asave(*self._named(content, about), **_described(about))
        try:
            with self._adopted_or_reverted(new):
                await self.instance.asave(force_update=True)
        except Exception as error:
            await sync_to_async(self._undo)(old, new, error)
            raise
        if old:
            await self.storage.adelete(old)

    def delete(self, save: bool = True) -> None:
        """Save the row without its file, then delete the file; without ``save``, when it is."""
        if old := self._leave():
            if save and not self.instance._state.adding:
                self.instance.save(update_fields=[self.field.name])
            elif save:
                self.storage.delete(old)

    async def adelete(self, save: bool = True) -> None:
        await sync_to_async(self.delete)(save)

    def save(self, name: str, content: Any, save: bool = True) -> None:
        """Django's own verb: store ``content`` in place of what is there."""
        name = self.field.generate_filename(self.instance, name)
        self._adopt(self.storage.save(name, content, self.field.max_length))
        if save:
            self.instance.save()

    def _require_file(self) -> str:
        if not self.name:
            raise FileMissing(f"the row has no file in {self.field.name!r}")
        return self.name

    def _require_none(self) -> None:
        if self:
            raise FileExists(f"the row has a file in {self.field.name!r}: replace or delete it")

    def _named(self, content: Any, about: dict[str, Any]) -> tuple[str, Any, int]:
        """The arguments of ``storage.save``: name, content, greatest length of the name."""
        called = about.get("filename") or getattr(content, "name", None) or self.field.name
        name = self.field.generate_filename(self.instance, posixpath.basename(str(called)))
        return name, content, self.field.max_length

    def _made(self, info: FileInfo) -> None:
        self._writer = None
        self._adopt(info.name)

    def _adopt(self, name: str) -> None:
        """Name a file that has been stored; the row has still to be saved."""
        changes = self.field.changes(self.instance)
        if self.name and self._committed:
            changes.dropped.append(self.name)
        changes.adopted.append(name)
        self._name(name)

    def _leave(self) -> str | None:
        """Name no file, and return which one it was."""
        old: str | None = self.name if self._committed else None
        if old:
            self.field.changes(self.instance).dropped.append(old)
        self._name(None)
        return old

    def _name(self, name: str | None) -> None:
        self._file = None
        self._read_through = False
        self.name = name
        self._committed = True
        self.instance.__dict__[self.field.attname] = self

    @contextmanager
    def _adopted_or_reverted(self, new: str) -> Iterator[None]:
        """Within, the row names ``new`` and the old file is kept whatever the row's saving does."""
        old, changes = self.name, self.field.changes(self.instance)
        self._name(new)
        changes.adopted.append(new)
        try:
            yield
        except BaseException:
            self._name(old)
            if new in changes.adopted:
                changes.adopted.remove(new)
            raise

    def _undo(self, old: str | None, new: str, error: Exception) -> None:
        """Have the row name ``old`` again, and delete ``new``.

        Where nobody knows whether the row was saved, both files stay: the reaper, who can ask
        the row when MongoDB is back, deletes the one that it does not name.
        """
        if not is_unavailability(error):
            rows = type(self.instance)._base_manager.filter(pk=self.instance.pk)
            rows.filter(**{self.field.attname: new}).update(**{self.field.attname: old or ""})
            self.storage.delete(new)


def _described(about: dict[str, Any]) -> Any:
    """The keywords of the storage: content type and metadata."""
    metadata = {key: about[key] for key in about if key not in ("content_type", "filename")}
    return {"content_type": about.get("content_type"), "metadata": metadata}
