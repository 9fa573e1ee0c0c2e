"""One log: read its depth ranges as labelled arrays, pictures and files."""

import io
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import xarray as xr
from PIL import Image

from image_logs.connection import Connection

DEPTH, AZIMUTH, AXIS = "depth", "azimuth", "axis"


class Log:
    """An image log or curve. ``facts`` is the answer of ``GET /logs/<id>/``.

    The attributes ``id``, ``well``, ``name``, ``top``, ``base``, ``depth_unit`` and ``unit`` are
    taken from it; a unit that is not known is empty.
    """

    def __init__(self, connection: Connection, facts: dict[str, Any]) -> None:
        self._connection = connection
        self.facts = facts
        self.id = str(facts["id"])
        self.well = str(facts["well"])
        self.name = str(facts.get("name") or facts["filename"])
        self.top, self.base = float(facts["depth_min"]), float(facts["depth_max"])
        self.depth_unit = str(facts.get("depth_unit") or "")
        self.unit = str(facts.get("unit") or "")

    def __repr__(self) -> str:
        depths = f"{self.top} to {self.base} {self.depth_unit}".rstrip()
        return f"<Log {self.name} of {self.well}, {depths}>"

    def window(self, top: float | None = None, base: float | None = None) -> xr.DataArray:
        """Read the traces from ``top`` to ``base`` inclusive; by default the whole log.

        Returns (depth, azimuth) uint8 grays, or float32 values in ``unit`` where NaN is null. If
        the columns are not azimuths but, for example, the times of a waveform, the dimensions are
        (depth, axis). A curve has the dimension depth alone.

        Raises NotFound if there is no trace in the range.
        """
        answer = self._get(top, base, format="npz")
        with np.load(io.BytesIO(answer.content)) as arrays:
            depths, traces = arrays["depths"], arrays["traces"]
        columns = self._columns(traces.shape[1])
        along = {"long_name": "depth along the hole", "positive": "down", "axis": "Z"}
        about = {"long_name": self.name, "well": self.well, "azimuth_reference": self._reference}
        array = xr.DataArray(
            traces,
            dims=(DEPTH, *columns.dims),
            coords={
                DEPTH: xr.Variable(DEPTH, depths, _known(units=self.depth_unit) | along),
                columns.dims[0]: columns,
            },
            name=self.name,
            attrs=_known(units=self.unit, depth_unit=self.depth_unit) | about,
        )
        return self._without_columns_of_a_curve(array)

    def lazy(self) -> xr.DataArray:
        """Open the whole log as a dask array by Zarr; only the chunks that are used are fetched.

        Its labels and attributes are those of ``window``.
        """
        # This request raises the error of the server; zarr would only tell its status.
        self._connection.request("GET", f"/logs/{self.id}.zarr/zarr.json")
        dataset = xr.open_zarr(
            f"{self._connection.url}/logs/{self.id}.zarr",
            storage_options={"client_kwargs": {"headers": self._connection.headers}},
        )
        return self._without_columns_of_a_curve(dataset["values"].rename(self.name))

    def picture(
        self,
        top: float | None = None,
        base: float | None = None,
        height: int | None = None,
        colormap: str | None = None,
        **options: Any,
    ) -> Image.Image:
        """Get the traces from ``top`` to ``base`` inclusive as a picture.

        ``height`` is in pixels; by default the picture has a row for each trace. ``options`` are
        the other parameters of ``GET /get-images/``: ``width``, ``vmin``, ``vmax``, ``stretch``, …
        """
        options = {"height": height, "colormap": colormap, **options}
        return Image.open(io.BytesIO(self._get(top, base, format="png", **options).content))

    def plot(
        self,
        top: float | None = None,
        base: float | None = None,
        colormap: str = "viridis",
        ax: Any = None,
        **options: Any,
    ) -> Any:
        """Draw the traces from ``top`` to ``base`` into matplotlib axes, and return the axes.

        Depth increases downwards. There is a tick at every 90 degrees; ``options`` are those of
        ``picture``. A curve is a line, of which ``options`` are those of matplotlib's ``plot``.
        """
        from matplotlib import pyplot

        top, base = self._range(top, base)
        if self._is_curve:
            curve = self.window(top, base)
            draw: Any = partial(curve.plot.line, y=DEPTH, yincrease=False, **options)
        else:
            options = {"height": 1000, "colormap": colormap, **options}
            draw = partial(self._draw, self.picture(top, base, **options), top, base)
        ax = ax or pyplot.subplots(figsize=(4, 8), layout="constrained")[1]
        draw(ax=ax)
        ax.set(title=f"{self.well} {self.name}", ylabel=_with_unit("depth", self.depth_unit))
        return ax

    def _draw(self, picture: Image.Image, top: float, base: float, ax: Any) -> None:
        axis = self.facts.get("axis") or {"name": AZIMUTH, "unit": ""}
        pixels = np.asarray(picture.convert("RGBA"))
        left, right = self._edges()
        if not self.facts.get("axis"):
            # The half of the first column that lies before its azimuth is shown at the end.
            pixels, right = np.concatenate([pixels, pixels], axis=1), left + 720
        ax.imshow(pixels, extent=(left, right, base, top), aspect="auto")
        if not self.facts.get("axis"):
            ax.set_xlim(0, 360)
            ax.set_xticks([0, 90, 180, 270, 360], self._quarters())
        ax.set_xlabel(_with_unit(axis["name"], axis["unit"]))

    def download(
        self, path: str | Path, kind: str, top: float | None = None, base: float | None = None
    ) -> int:
        """Write the traces from ``top`` to ``base`` inclusive to a file. Returns its size in bytes.

        ``kind`` is a format of the server: ``csv``, ``npz``, ``parquet``, ``las``, … The data are
        written to ``<path>.part`` first, so an incomplete file never appears at ``path``.
        """
        path = Path(path)
        part = path.with_name(f"{path.name}.part")
        query = {"log": self.id, "format": kind}
        with self._connection.stream(self._path(top, base), query) as pieces:
            try:
                with part.open("wb") as file:
                    size = sum(file.write(piece) for piece in pieces)
                part.replace(path)
            finally:
                part.unlink(missing_ok=True)
        return size

    @property
    def _is_curve(self) -> bool:
        return self.facts.get("kind") == "curve"

    def _without_columns_of_a_curve(self, array: xr.DataArray) -> xr.DataArray:
        return array.isel({array.dims[1]: 0}, drop=True) if self._is_curve else array

    def _get(self, top: float | None, base: float | None, **query: Any) -> Any:
        chosen = {name: value for name, value in query.items() if value is not None}
        path = self._path(top, base)
        return self._connection.request("GET", path, params={"log": self.id, **chosen})

    def _path(self, top: float | None, base: float | None) -> str:
        top, base = self._range(top, base)
        return f"/get-images/{top!r}/{base!r}/"

    def _range(self, top: float | None, base: float | None) -> tuple[float, float]:
        return self.top if top is None else float(top), self.base if base is None else float(base)

    def _columns(self, width: int) -> xr.Variable:
        """The coordinate of the columns, (width,) float64: azimuths in degrees, or ``axis``."""
        axis = self.facts.get("axis")
        if axis:
            about = _known(units=axis["unit"], long_name=axis["name"])
            return xr.Variable(AXIS, np.array(axis["places"], float), about)
        first, sense = self._turn
        azimuths = (first + sense * np.arange(width) * (360 / width)) % 360
        about = {"units": "degrees", "long_name": "azimuth", "reference": self._reference}
        return xr.Variable(AZIMUTH, azimuths, about)

    @property
    def _reference(self) -> str:
        return str(self.facts.get("azimuth_reference") or "unknown")

    def _edges(self) -> tuple[float, float]:
        """Where the first column begins and the last one ends. Each lies around its place."""
        width = self.facts["width"]
        axis = self.facts.get("axis") or {"places": (0, 360 - 360 / width)}
        first, last = axis["places"][0], axis["places"][-1]
        half = (last - first) / max(width - 1, 1) / 2
        return first - half, last + half

    def _quarters(self) -> list[str]:
        """The azimuths at the first column, and at each quarter of the columns after it."""
        first, sense = self._turn
        azimuths = [first + sense * angle for angle in range(0, 361, 90)]
        names = {"north": "NESW", "top of hole": "TRBL"}.get(self._reference)
        if names and first % 90 == 0:
            return [names[int(azimuth // 90) % 4] for azimuth in azimuths]
        return [f"{azimuth if azimuth == 360 else azimuth % 360:g}°" for azimuth in azimuths]

    @property
    def _turn(self) -> tuple[float, int]:
        """The azimuth of the first column, and 1 where they go clockwise, else -1."""
        sense = -1 if self.facts.get("clockwise") is False else 1
        return float(self.facts.get("first_azimuth") or 0), sense


def _known(**attributes: str | None) -> dict[str, str]:
    return {name: text for name, text in attributes.items() if text}


def _with_unit(name: str, unit: str | None) -> str:
    return f"{name} [{unit}]" if unit else name
