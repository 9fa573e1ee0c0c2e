"""Find and import the photos in a directory. Names or a manifest give their depths.

Photos are examined and stored in threads, a limited number at a time.
"""

import csv
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import IO, Any

from photos import editing
from photos.depths_in_names import depths_in
from photos.models import MAX_CAPTION_CHARACTERS
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

    ``doubt`` says why its depths may be wrong. ``skipped`` files have no suffix of a photo.
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


def import_photos(
    found: Iterable[Found], well: str, at_once: int
) -> Iterator[tuple[Found, Outcome, str]]:
    """Import what is ``found``, at most ``at_once`` photos at a time.

    Yields each as it is done, with its outcome and the reason of a refusal or a doubt. Raises
    StorageUnavailable. Photos that were imported before stay, and are known the next time.
    """
    with ThreadPoolExecutor(at_once, "photos") as threads:
        under_way = {threads.submit(_import, one, well): one for one in found}
        try:
            for done in as_completed(under_way):
                yield under_way[done], *done.result()
        finally:
            threads.shutdown(cancel_futures=True)


def _import(found: Found, well: str) -> tuple[Outcome, str]:
    if found.refusal is not None:
        return Outcome.SKIPPED if found.skipped else Outcome.REFUSED, found.refusal
    fields = {"well": well, "caption": found.caption}
    depths = {"top_depth": found.top_depth, "base_depth": found.base_depth}
    try:
        with found.path.open("rb") as file:
            created = _added(file, **fields, **depths)
    except (RequestError, OSError) as error:
        return Outcome.REFUSED, str(error)
    return (Outcome.IMPORTED if created else Outcome.KNOWN), found.doubt


def _added(file: IO[bytes], **fields: Any) -> bool:
    """Add a photo, once other requests leave enough memory. Returns whether it is new."""
    while True:
        try:
            return editing.add(file, **fields)[1]
        except BudgetExhausted:
            continue  # the budget has waited already
