"""One log: read its depth ranges as labelled arrays, pictures and files."""

import io
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import xarray as xr
from PIL import Image

from image_logs.connection import Connection

DEPTH, AZIMUTH, AXIS = "depth", "azimuth", "axis"
# How long obstore waits before it asks again, and then twice, four times, … as long.
BACKOFF = {"init_backoff": timedelta(seconds=1)}
# An end of a range of depths, included; by default that of the log.
End = float | None


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
        self._is_curve = facts.get("kind") == "curve"
        self._reference = str(facts.get("azimuth_reference") or "unknown")
        # The azimuth of the first column, and 1 where they go clockwise, else -1.
        self._first = float(facts.get("first_azimuth") or 0)
        self._sense = -1 if facts.get("clockwise") is False else 1

    def __repr__(self) -> str:
        return f"<Log {self}>"

    def __str__(self) -> str:
        shape = "curve" if self._is_curve else f"{self.facts['width']} wide"
        depths = f"{self.top} to {self.base} {self.depth_unit}".rstrip()
        name = f"{_with_unit(self.name, self.unit)} of well {self.well}"
        return f"{name}: {shape}, {self.facts['rows']} rows, {depths}"

    def window(self, top: End = None, base: End = None) -> xr.DataArray:
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
            {DEPTH: (DEPTH, depths, _known(units=self.depth_unit, **along)), **columns},
            (DEPTH, *columns),
            self.name,
            _known(units=self.unit, depth_unit=self.depth_unit, **about),
        )
        return self._without_columns_of_a_curve(array)

    def lazy(self) -> xr.DataArray:
        """Open the whole log as a dask array by Zarr; only the chunks that are used are fetched.

        Its labels and attributes are those of ``window``. What the server refuses or cannot send
        while a chunk is fetched is an error of obstore.
        """
        from obstore.store import HTTPStore
        from zarr.storage import ObjectStore

        server, path = self._connection, f"/logs/{self.id}.zarr"
        # This request raises the error of the server as a ProblemError.
        server.request("GET", f"{path}/zarr.json")
        each: Any = {"read_timeout": timedelta(seconds=server.timeout), "timeout": "1h"}
        each |= {"allow_http": True, "default_headers": server.headers}
        again: Any = {"max_retries": server.retries, "backoff": BACKOFF}
        store = HTTPStore(server.url + path, client_options=each, retry_config=again)
        dataset = xr.open_zarr(ObjectStore(store, read_only=True))
        return self._without_columns_of_a_curve(dataset["values"].rename(self.name))

    def picture(
        self,
        top: End = None,
        base: End = None,
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

    def plot(self, top: End = None, base: End = None, ax: Any = None, **options: Any) -> Any:
        """Draw the traces from ``top`` to ``base`` into matplotlib axes, and return the axes.

        Depth increases downwards. There is a tick at every 90 degrees; ``options`` are those of
        ``picture``, and the colormap is viridis by default. A curve is a line, of which ``options``
        are those of matplotlib's ``plot``.
        """
        from matplotlib import pyplot

        top, base = self._range(top, base)
        if self._is_curve:
            curve = self.window(top, base)
            draw: Any = partial(curve.plot.line, y=DEPTH, yincrease=False, **options)
        else:
            options = {"height": 1000, "colormap": "viridis", **options}
            draw = partial(self._draw, self.picture(top, base, **options), top, base)
        ax = ax or pyplot.subplots(figsize=(4, 8), layout="constrained")[1]
        draw(ax=ax)
        ax.set(title=f"{self.well} {self.name}", ylabel=_with_unit("depth", self.depth_unit))
        return ax

    def _draw(self, picture: Image.Image, top: float, base: float, ax: Any) -> None:
        pixels = np.asarray(picture.convert("RGBA"))
        axis, width = self.facts.get("axis"), self.facts["width"]
        if axis:
            first, last = axis["places"][0], axis["places"][-1]
        else:
            first, last = 0, 720 - 360 / width
            # The half of the first column that lies before its azimuth is shown at the end.
            pixels, width = np.concatenate([pixels, pixels], axis=1), 2 * width
        half = (last - first) / max(width - 1, 1) / 2
        ax.imshow(pixels, extent=(first - half, last + half, base, top), aspect="auto")
        ax.set_xlabel(_with_unit(axis["name"], axis["unit"]) if axis else AZIMUTH)
        if not axis:
            ax.set(xlim=(0, 360), xticks=range(0, 361, 90), xticklabels=self._quarters())

    def download(
        self, path: str | Path, kind: str = "", top: End = None, base: End = None, **options: Any
    ) -> int:
        """Write the traces from ``top`` to ``base`` inclusive to a file. Returns its size in bytes.

        ``kind`` is a format of the server, by default the suffix of ``path``: ``csv``, ``npz``,
        ``parquet``, ``las``, … ``options`` are other parameters of ``GET /get-images/``, such as
        ``columns="wide"``. The data are written to ``<path>.part`` first, so an incomplete file
        never appears at ``path``.
        """
        path = Path(path)
        part = path.with_name(f"{path.name}.part")
        query = {"log": self.id, "format": kind or path.suffix.lower().lstrip("."), **options}
        with self._connection.stream(self._path(top, base), query) as pieces:
            try:
                with part.open("wb") as file:
                    size = sum(file.write(piece) for piece in pieces)
                part.replace(path)
            finally:
                part.unlink(missing_ok=True)
        return size

    def _without_columns_of_a_curve(self, array: xr.DataArray) -> xr.DataArray:
        return array.isel({array.dims[1]: 0}, drop=True) if self._is_curve else array

    def _get(self, top: End, base: End, **query: Any) -> Any:
        chosen = {name: value for name, value in query.items() if value is not None}
        path = self._path(top, base)
        return self._connection.request("GET", path, params={"log": self.id, **chosen})

    def _path(self, top: End, base: End) -> str:
        top, base = self._range(top, base)
        return f"/get-images/{top!r}/{base!r}/"

    def _range(self, top: End, base: End) -> tuple[float, float]:
        return self.top if top is None else float(top), self.base if base is None else float(base)

    def _columns(self, width: int) -> dict[str, Any]:
        """The coordinate of the columns: azimuths in degrees, or places on ``axis``, (width,)."""
        axis = self.facts.get("axis")
        if axis:
            about = _known(units=axis["unit"], long_name=axis["name"])
            return {AXIS: (AXIS, np.array(axis["places"], float), about)}
        azimuths = (self._first + self._sense * np.arange(width) * (360 / width)) % 360
        about = _known(units="degrees", long_name="azimuth", reference=self._reference)
        return {AZIMUTH: (AZIMUTH, azimuths, about)}

    def _quarters(self) -> list[str]:
        """The azimuths at the first column, and at each quarter of the columns after it."""
        azimuths = [self._first + self._sense * angle for angle in range(0, 361, 90)]
        names = {"north": "NESW", "top of hole": "TRBL"}.get(self._reference)
        if names and self._first % 90 == 0:
            return [names[int(azimuth // 90) % 4] for azimuth in azimuths]
        return [f"{azimuth if azimuth == 360 else azimuth % 360:g}°" for azimuth in azimuths]


def _known(**attributes: str | None) -> dict[str, str]:
    return {name: text for name, text in attributes.items() if text}


def _with_unit(name: str, unit: str | None) -> str:
    return f"{name} [{unit}]" if unit else name
