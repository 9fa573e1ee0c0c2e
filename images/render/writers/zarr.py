"""The documents and chunks of a log as a read-only Zarr v3 group.

The group has the arrays ``values`` [depth, azimuth], ``depth`` and ``azimuth``; if the columns are
not azimuths, ``axis`` takes the place of ``azimuth``. Each overview is a group
``overviews/<level>`` with the same arrays. A chunk of Zarr is a run of chunks of the log's GridFS
files; the last one is filled up with the fill value.
https://zarr-specs.readthedocs.io/en/latest/v3/core/index.html
"""

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from images.arrays import DEPTH_TYPE

DOCUMENT = "zarr.json"
DEPTH, AZIMUTH, AXIS, VALUES = "depth", "azimuth", "axis", "values"
# The largest chunk, unless a single chunk of the file is larger. With smaller ones the requests
# take longer than the transfer of the bytes. Clients cache chunks for a year by their keys, so
# another size needs other keys.
CHUNK_BYTES = 2 * 1024**2
_CHUNK = re.compile(
    r"(?:overviews/(\d{1,2})/)?(values|depth|azimuth|axis)/c/(\d{1,9})(/0)?", re.ASCII
)


class ChunkKey(NamedTuple):
    """Chunk ``number`` of the array ``name`` of a level; level 0 is the log itself.

    It consists of the chunks ``stored`` of the GridFS file, filled up to ``rows`` rows.
    """

    level: int
    name: str
    number: int
    stored: range
    rows: int


def is_chunk(path: str) -> bool:
    """Whether ``path`` has the form of the key of a chunk."""
    return _CHUNK.fullmatch(path) is not None


@dataclass(frozen=True)
class ArrayShape:
    """The size of one level: its number of traces, and the traces per chunk of its files."""

    level: int
    rows: int
    chunk_rows: int

    def chunks(self, row_bytes: int) -> tuple[int, int]:
        """Return how many chunks of a file make a chunk of an array, and its number of rows.

        As many as fit into CHUNK_BYTES, distributed evenly so that little has to be filled up.
        """
        stored = math.ceil(self.rows / self.chunk_rows)
        most = max(CHUNK_BYTES // (self.chunk_rows * row_bytes), 1)
        together = math.ceil(stored / math.ceil(stored / most))
        return together, min(together * self.chunk_rows, self.rows)


@dataclass(frozen=True)
class Hierarchy:
    """The Zarr group of one log.

    ``levels`` are the finest first. ``axis`` is the name of the dimension of the columns,
    ``azimuth`` or ``axis``, and ``places`` are their coordinates on it, (width,) float64.
    ``attributes`` are those of each node, by its path.
    """

    levels: Sequence[ArrayShape]
    dtype: "np.dtype[Any]"
    axis: str
    places: "np.ndarray[tuple[int], np.dtype[np.float64]]"
    attributes: Mapping[str, Mapping[str, str]]

    def document(self, path: str) -> dict[str, Any] | None:
        """Return the ``zarr.json`` of the node at ``path``, "" for the root; None if there is none.

        That of the root has the documents of all nodes, as consolidated metadata.
        """
        nodes = self._nodes()
        if path == "":
            members = {name: node for name, node in nodes.items() if name}
            inline = {"kind": "inline", "must_understand": False, "metadata": members}
            return nodes[""] | {"consolidated_metadata": inline}
        return nodes.get(path)

    def members(self, path: str) -> list[str] | None:
        """List the direct members of the node at ``path``, its document first; None if no node.

        The chunks of arrays are not listed: their keys follow from the document.
        """
        nodes = self._nodes()
        if path not in nodes:
            return None
        prefix = f"{path}/" if path else ""
        below = (name.removeprefix(prefix) for name in nodes if name.startswith(prefix))
        return [DOCUMENT, *sorted({name.partition("/")[0] for name in below} - {""})]

    def chunk_key(self, path: str) -> ChunkKey | None:
        """Parse the key of a chunk, such as ``values/c/3/0``; None if there is no such chunk."""
        match = _CHUNK.fullmatch(path)
        if match is None or (match[2] == VALUES) != bool(match[4]):
            return None
        if match[2] not in {VALUES, DEPTH, self.axis}:
            return None
        level, name, number = int(match[1] or 0), match[2], int(match[3])
        shape = next((shape for shape in self.levels if shape.level == level), None)
        if shape is None or (match[1] and level == 0):
            return None
        if name == self.axis:
            return ChunkKey(level, name, 0, range(0), len(self.places)) if number == 0 else None
        together, rows = shape.chunks(self.row_bytes(name))
        stored = range(math.ceil(shape.rows / shape.chunk_rows))
        found = stored[number * together : (number + 1) * together]
        return ChunkKey(level, name, number, found, rows) if found else None

    def row_bytes(self, name: str) -> int:
        """Return the bytes per row of ``values`` or ``depth``."""
        return len(self.places) * self.dtype.itemsize if name == VALUES else DEPTH_TYPE.itemsize

    def filled_up(self, key: ChunkKey, stored: Sequence[bytes]) -> list[bytes]:
        """Return the ``stored`` chunks, and a piece of fill values if they are too short."""
        dtype = self.dtype if key.name == VALUES else DEPTH_TYPE
        missing = key.rows * self.row_bytes(key.name) - sum(map(len, stored))
        if not missing:
            return [*stored]
        fill = np.full(missing // dtype.itemsize, 0 if dtype == np.uint8 else np.nan, dtype)
        return [*stored, fill.tobytes()]

    def axis_chunk(self) -> bytes:
        """Return the only chunk of the array of coordinates of the columns."""
        return self.places.astype(DEPTH_TYPE).tobytes()

    def _nodes(self) -> dict[str, dict[str, Any]]:
        nodes: dict[str, dict[str, Any]] = {"": _group(self.attributes.get("", {}))}
        for shape in self.levels:
            prefix = f"overviews/{shape.level}/" if shape.level else ""
            if shape.level:
                nodes |= {"overviews": _group({}), prefix[:-1]: _group({})}
            nodes |= {prefix + name: array for name, array in self._arrays(shape).items()}
        return nodes

    def _arrays(self, shape: ArrayShape) -> dict[str, dict[str, Any]]:
        width, rows = len(self.places), shape.rows
        _, traces = shape.chunks(self.row_bytes(VALUES))
        _, depths = shape.chunks(self.row_bytes(DEPTH))
        arrays = {
            VALUES: _array((rows, width), (traces, width), self.dtype, (DEPTH, self.axis)),
            DEPTH: _array((rows,), (depths,), DEPTH_TYPE, (DEPTH,)),
            self.axis: _array((width,), (width,), DEPTH_TYPE, (self.axis,)),
        }
        return {
            name: array | {"attributes": dict(self.attributes.get(name, {}))}
            for name, array in arrays.items()
        }


def _group(attributes: Mapping[str, str]) -> dict[str, Any]:
    return {"zarr_format": 3, "node_type": "group", "attributes": dict(attributes)}


def _array(
    shape: tuple[int, ...],
    chunk_shape: tuple[int, ...],
    dtype: "np.dtype[Any]",
    dimension_names: tuple[str, ...],
) -> dict[str, Any]:
    one_byte = dtype.itemsize == 1
    return {
        "zarr_format": 3,
        "node_type": "array",
        "shape": [*shape],
        "data_type": dtype.name,
        "chunk_grid": {"name": "regular", "configuration": {"chunk_shape": [*chunk_shape]}},
        "chunk_key_encoding": {"name": "default", "configuration": {"separator": "/"}},
        "fill_value": 0 if one_byte else "NaN",
        "codecs": [
            {"name": "bytes"}
            if one_byte
            else {"name": "bytes", "configuration": {"endian": "little"}}
        ],
        "dimension_names": [*dimension_names],
    }
