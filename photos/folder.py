"""Photos in a directory, with the depths that their names or a manifest give them."""

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from web import parameters
from web.errors import InvalidParameter

SUFFIXES = (".jpg", ".jpeg", ".png", ".tif", ".tiff", ".webp")
MANIFEST_COLUMNS = ("file", "top_depth", "base_depth")
# "box_12_9000.0-9001.5.jpg"; a minus before a depth is part of it.
_DEPTHS = re.compile(r".*_(-?[\d.]+)-(-?[\d.]+)")


class InvalidManifest(Exception):
    """The manifest cannot be read, or lacks a column."""


@dataclass(frozen=True, slots=True)
class Found:
    """A photo to be imported, or the reason why it cannot be."""

    path: Path
    top_depth: float = 0.0
    base_depth: float = 0.0
    caption: str = ""
    refusal: str | None = None


def by_name(folder: Path) -> Iterator[Found]:
    """The images in ``folder``, in order, with the depths in their names."""
    for path in sorted(folder.iterdir()):
        if path.suffix.lower() in SUFFIXES:
            depths = _DEPTHS.fullmatch(path.stem)
            if depths:
                yield _found(path, depths[1], depths[2], "")
            else:
                yield Found(path, refusal="the name does not end in _TOP-BASE")


def by_manifest(folder: Path, manifest: Path) -> Iterator[Found]:
    """The files that the CSV ``manifest`` names, relative to ``folder``.

    Raises InvalidManifest.
    """
    try:
        with manifest.open(encoding="utf-8-sig", newline="") as lines:
            rows = csv.DictReader(lines)
            if lacking := {*MANIFEST_COLUMNS} - {*(rows.fieldnames or ())}:
                raise InvalidManifest(f"{manifest} has no column {', '.join(sorted(lacking))}")
            for row in rows:
                yield _found(
                    folder / (row["file"] or ""),
                    row["top_depth"] or "",
                    row["base_depth"] or "",
                    row.get("caption") or "",
                )
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise InvalidManifest(f"{manifest} cannot be read: {error}") from error


def _found(path: Path, top: str, base: str, caption: str) -> Found:
    try:
        return Found(path, *parameters.depth_range(top, base), caption)
    except InvalidParameter as error:
        return Found(path, refusal=error.reason)
