"""One GridFS bucket, blocking or asynchronous; every coroutine of the package runs on both."""

import inspect
from collections.abc import Callable, Coroutine
from functools import cached_property
from typing import Any, TypeVar

from pymongo import WriteConcern
from pymongo.asynchronous.collection import AsyncCollection
from pymongo.collection import Collection
from pymongo.read_concern import ReadConcern

from storage.errors import translated
from storage.files import CHUNKS_INDEX, FILES_INDEX

T = TypeVar("T")


class Bucket:
    """The three collections of a bucket; ``root`` is pymongo's blocking or asynchronous one.

    Leases and chunks are written with w:1: only a file's entry, written last, is waited for. A
    replica set replicates in order, so that where an entry is durable, so is all that was written
    before it to the same primary; `durable_chunks` shows whether it was the same one.
    """

    def __init__(self, root: Collection[Any] | AsyncCollection[Any]) -> None:
        self.name = root.full_name
        self._root: Any = root

    @cached_property
    def files(self) -> Any:
        return self._root.files

    @cached_property
    def chunks(self) -> Any:
        return self._root.chunks.with_options(write_concern=WriteConcern(w=1))

    @cached_property
    def durable_chunks(self) -> Any:
        return self._root.chunks.with_options(read_concern=ReadConcern("majority"))

    @cached_property
    def leases(self) -> Any:
        return self._root.leases.with_options(write_concern=WriteConcern(w=1))

    async def call(self, operation: Callable[..., Any], *args: Any, **options: Any) -> Any:
        """The result of one of pymongo's operations.

        Raises StorageUnavailable when MongoDB cannot be reached.
        """
        with translated():
            result = operation(*args, **options)
            return await result if inspect.isawaitable(result) else result

    async def ensure_indexes(self) -> None:
        """The two indexes of the GridFS specification, made where they are not there yet."""
        await self.call(self.files.create_index, FILES_INDEX)
        await self.call(self.chunks.create_index, CHUNKS_INDEX, unique=True)


def run(coroutine: Coroutine[Any, Any, T]) -> T:
    """The result of a coroutine on a blocking bucket: it never waits, and needs no event loop."""
    try:
        coroutine.send(None)
    except StopIteration as stop:
        result: T = stop.value
        return result
    coroutine.close()
    raise RuntimeError("a coroutine on a blocking bucket waited for something asynchronous")
