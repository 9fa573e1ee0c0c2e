"""Find and import the photos in a directory. Names or a manifest give their depths.

Photos are examined in threads and stored on an event loop, a limited number at a time.
"""

import asyncio
import csv
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import IO, Any

from photos import shelf
from photos.depths_in_names import depths_in
from photos.models import MAX_CAPTION_CHARACTERS, CorePhoto
from web import parameters
from web.errors import BudgetExhausted, InvalidParameter, RequestError
from web.text import checked_text

SUFFIXES = (".jpg", ".jpeg", ".mpo", ".png", ".tif", ".tiff", ".webp")
MANIFEST_COLUMNS = ("file", "top_depth", "base_depth")


class InvalidManifest(Exception):
    """The manifest cannot be read, or lacks a column."""


@dataclass(frozen=True, slots=True)
class Found:
    """A photo to be imported, or the reason why it cannot be.

    ``doubt`` says why its depths may be wrong; ``skipped`` is for what does not look like a photo.
    """

    path: Path
    top_depth: float = 0.0
    base_depth: float = 0.0
    caption: str = ""
    doubt: str = ""
    refusal: str | None = None
    skipped: bool = False


class Outcome(Enum):
    """What became of a photo."""

    IMPORTED = "imported"
    KNOWN = "there already"
    REFUSED = "refused"
    SKIPPED = "skipped"


Done = Callable[[Found, Outcome, str], None]


def by_name(folder: Path, well: str = "") -> Iterator[Found]:
    """What is in ``folder`` and the folders in it, in order, with the depths in the names."""
    for path in sorted(folder.rglob("*")):
        if path.is_dir():
            continue
        if path.suffix.lower() not in SUFFIXES:
            yield Found(path, refusal="its name is not that of an image", skipped=True)
        elif not path.is_file():
            yield Found(path, refusal="it is not a regular file")
        else:
            yield _named(path, well)


def by_manifest(folder: Path, manifest: Path) -> Iterator[Found]:
    """The files that the CSV ``manifest`` names, relative to ``folder`` and in it.

    Raises InvalidManifest.
    """
    if not manifest.is_file():
        raise InvalidManifest(f"{manifest} is not a regular file")
    try:
        with manifest.open(encoding="utf-8-sig", newline="") as lines:
            rows = csv.DictReader(lines)
            if lacking := {*MANIFEST_COLUMNS} - {*(rows.fieldnames or ())}:
                raise InvalidManifest(f"{manifest} has no column {', '.join(sorted(lacking))}")
            for row in rows:
                yield _listed(folder, row)
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise InvalidManifest(f"{manifest} cannot be read: {error}") from error


def _named(path: Path, well: str) -> Found:
    try:
        depths = depths_in(path.stem, well)
    except ValueError as error:
        return Found(path, refusal=str(error))
    return Found(path, depths.top, depths.base, doubt=depths.doubt)


def _listed(folder: Path, row: dict[str, str | None]) -> Found:
    path = folder / (row["file"] or "")
    if not path.resolve().is_relative_to(folder.resolve()):
        return Found(path, refusal=f"it lies outside {folder}")
    if not path.is_file():
        return Found(path, refusal="there is no such file, or it is not a regular one")
    try:
        top, base = parameters.depth_range(row["top_depth"] or "", row["base_depth"] or "")
        caption = checked_text(row.get("caption") or "", MAX_CAPTION_CHARACTERS, least=0)
    except InvalidParameter as error:
        return Found(path, refusal=error.reason)
    except ValueError as error:
        return Found(path, refusal=f"its caption: {error}")
    return Found(path, top, base, caption)


async def import_photos(found: Iterable[Found], well: str, in_flight: int, done: Done) -> None:
    """Import what is ``found`` with not more than ``in_flight`` photos under way.

    ``done`` is called with each, its outcome, and the reason of a refusal or a doubt.
    Raises StorageUnavailable; what is imported by then stays, and is known next time.
    """
    waiting = iter(found)
    try:
        async with asyncio.TaskGroup() as group:
            for _ in range(in_flight):
                group.create_task(_work(waiting, well, done))
    except* Exception as errors:
        raise errors.exceptions[0] from None


async def _work(waiting: Iterator[Found], well: str, done: Done) -> None:
    for found in waiting:
        done(found, *await _import(found, well))


async def _import(found: Found, well: str) -> tuple[Outcome, str]:
    if found.refusal is not None:
        return Outcome.SKIPPED if found.skipped else Outcome.REFUSED, found.refusal
    try:
        # Not opened in a thread: if the task were cancelled meanwhile, it would stay open.
        with found.path.open("rb") as file:
            fields = {"well": well, "caption": found.caption}
            depths = {"top_depth": found.top_depth, "base_depth": found.base_depth}
            photo = await _draft(file, **fields, **depths)
            created = await shelf.aadd(photo, file)
    except (RequestError, OSError) as error:
        return Outcome.REFUSED, str(error)
    return (Outcome.IMPORTED if created else Outcome.KNOWN), found.doubt


async def _draft(file: IO[bytes], **fields: Any) -> CorePhoto:
    """The photo, examined once the others leave enough of the budget of bytes."""
    while True:
        try:
            photo: CorePhoto = await asyncio.to_thread(shelf.draft, file, **fields)
        except BudgetExhausted:
            continue  # it has waited already
        return photo
