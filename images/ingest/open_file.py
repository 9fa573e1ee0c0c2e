"""A file of any kind to what is in it: unpacked, recognised, read."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import IO

from images.ingest import containers, delimited, dlis, las, recognise, text
from images.ingest.layout import Options
from images.ingest.table import Contents


@contextmanager
def contents(file: IO[bytes], limit: int, options: Options) -> Iterator[Contents]:
    """What ``file`` holds, whose tables are read while the context lasts.

    Parameters: ``file`` is a real file, seekable; ``limit`` is the largest number of bytes that it
    may unpack to.
    Raises InvalidFile, SpoolFull.
    """
    with ExitStack() as files:
        plain, _ = containers.unpacked(file, limit)
        if plain is not file:
            files.enter_context(plain)
        kind = recognise.recognise(plain)
        if kind == recognise.DLIS:
            yield files.enter_context(dlis.contents(plain))
            return
        narrow = text.narrowed(plain, limit)
        if narrow is not plain:
            files.enter_context(narrow)
        reader = las.read if kind == recognise.LAS else delimited.read
        yield reader(narrow, options)
