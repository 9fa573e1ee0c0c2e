"""A log as a read-only Zarr v3 group: which documents and chunks there are, and what they hold.

``values`` [depth, azimuth], ``depth`` and ``azimuth`` (``axis`` where the columns are no azimuths),
and each overview as a group
``overviews/<level>`` with the same three. The chunks are those of the log's GridFS files, the last
one filled up. https://zarr-specs.readthedocs.io/en/latest/v3/core/index.html
"""

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

DEPTH, AZIMUTH, AXIS, VALUES = "depth", "azimuth", "axis", "values"
_CHUNK = re.compile(
    r"(?:overviews/(\d{1,2})/)?(values|depth|azimuth|axis)/c/(\d{1,9})(/0)?", re.ASCII
)


class ChunkKey(NamedTuple):
    """Chunk ``number`` of the array ``name`` of a level; level 0 is the log itself."""

    level: int
    name: str
    number: int


@dataclass(frozen=True)
class ArrayShape:
    """The extent of one level: traces, and traces of a chunk."""

    level: int
    rows: int
    chunk_rows: int


@dataclass(frozen=True)
class Hierarchy:
    """The group of one log: its levels, the finest first, and what its attributes say.

    ``axis`` is the dimension of the columns: ``azimuth``, or ``axis`` where they are no azimuths;
    ``places`` are the columns on it, (width,) float64; ``attributes`` are those of each node.
    """

    levels: Sequence[ArrayShape]
    dtype: "np.dtype[Any]"
    axis: str
    places: "np.ndarray[tuple[int], np.dtype[np.float64]]"
    attributes: Mapping[str, Mapping[str, str]]

    def document(self, path: str) -> dict[str, Any] | None:
        """The ``zarr.json`` of the node at ``path``, "" for the root; None where there is none."""
        nodes = self._nodes()
        if path == "":
            members = {name: node for name, node in nodes.items() if name}
            inline = {"kind": "inline", "must_understand": False, "metadata": members}
            return nodes[""] | {"consolidated_metadata": inline}
        return nodes.get(path)

    def chunk_key(self, path: str) -> ChunkKey | None:
        """What ``path``, such as ``values/c/3/0``, names; None where there is no such chunk."""
        match = _CHUNK.fullmatch(path)
        if match is None or (match[2] == VALUES) != bool(match[4]):
            return None
        if match[2] not in {VALUES, DEPTH, self.axis}:
            return None
        key = ChunkKey(int(match[1] or 0), match[2], int(match[3]))
        shapes = {shape.level: shape for shape in self.levels}
        if key.level not in shapes or (match[1] and key.level == 0):
            return None
        shape = shapes[key.level]
        count = 1 if key.name == self.axis else math.ceil(shape.rows / shape.chunk_rows)
        return key if key.number < count else None

    def filled_up(self, key: ChunkKey, data: bytes) -> bytes:
        """A stored chunk as Zarr wants it: of full length, the rest is the fill value."""
        shape = next(shape for shape in self.levels if shape.level == key.level)
        dtype = self.dtype if key.name == VALUES else np.dtype("<f8")
        columns = len(self.places) if key.name == VALUES else 1
        missing = shape.chunk_rows * columns - len(data) // dtype.itemsize
        fill = 0 if dtype == np.uint8 else np.nan
        return data + np.full(missing, fill, dtype).tobytes() if missing else data

    def axis_chunk(self) -> bytes:
        """The only chunk of the places on the axis."""
        return self.places.astype("<f8").tobytes()

    def _nodes(self) -> dict[str, dict[str, Any]]:
        nodes: dict[str, dict[str, Any]] = {"": _group(self.attributes.get("", {}))}
        for shape in self.levels:
            prefix = f"overviews/{shape.level}/" if shape.level else ""
            if shape.level:
                nodes |= {"overviews": _group({}), prefix[:-1]: _group({})}
            nodes |= {prefix + name: array for name, array in self._arrays(shape).items()}
        return nodes

    def _arrays(self, shape: ArrayShape) -> dict[str, dict[str, Any]]:
        width, rows, chunk_rows = len(self.places), shape.rows, shape.chunk_rows
        float64 = np.dtype("<f8")
        arrays = {
            VALUES: _array((rows, width), (chunk_rows, width), self.dtype, (DEPTH, self.axis)),
            DEPTH: _array((rows,), (chunk_rows,), float64, (DEPTH,)),
            self.axis: _array((width,), (width,), float64, (self.axis,)),
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
