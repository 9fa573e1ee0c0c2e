"""One log: its depths as labelled arrays, lazily or at once, and as pictures."""

import io
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import xarray as xr
from PIL import Image

if TYPE_CHECKING:
    from image_logs.server import Server

DEPTH, AZIMUTH, AXIS = "depth", "azimuth", "axis"


class Log:
    """One image log or curve; ``facts`` is what the server says of it (``GET /logs/<id>/``).

    ``id``, ``well``, ``name``, ``top``, ``base``, ``depth_unit`` and ``unit`` are among them.
    """

    def __init__(self, server: "Server", facts: dict[str, Any]) -> None:
        self._server = server
        self.facts = facts
        self.id = str(facts["id"])
        self.well = str(facts["well"])
        self.name = str(facts.get("name") or facts["filename"])
        self.top, self.base = float(facts["depth_min"]), float(facts["depth_max"])
        # Empty where they are not known.
        self.depth_unit = str(facts.get("depth_unit") or "")
        self.unit = str(facts.get("unit") or "")

    def __repr__(self) -> str:
        return f"<Log {self.name} of {self.well}, {self.top} to {self.base} {self.depth_unit}>"

    def window(self, top: float | None = None, base: float | None = None) -> xr.DataArray:
        """The traces from ``top`` to ``base``, both ends included; the whole log without them.

        Returns (depth, azimuth) uint8 grays, or float32 values in ``unit`` where NaN is null;
        (depth, axis) where the columns are no azimuths, such as the times of a waveform.
        Raises NotFound where there is no trace in the range.
        """
        answer = self._get(top, base, format="npz")
        with np.load(io.BytesIO(answer.content)) as arrays:
            depths, traces = arrays["depths"], arrays["traces"]
        columns = self._columns(traces.shape[1])
        along = {"long_name": "depth along the hole", "positive": "down", "axis": "Z"}
        about = {"long_name": self.name, "well": self.well, "azimuth_reference": self._reference}
        return xr.DataArray(
            traces,
            dims=(DEPTH, *columns.dims),
            coords={
                DEPTH: xr.Variable(DEPTH, depths, _known(units=self.depth_unit) | along),
                columns.dims[0]: columns,
            },
            name=self.name,
            attrs=_known(units=self.unit, depth_unit=self.depth_unit) | about,
        )

    def lazy(self) -> xr.DataArray:
        """The whole log as a dask array, of which only what is computed is fetched (Zarr).

        It has the labels and attributes of ``window``.
        """
        # What the server refuses, it says here; zarr knows only its status.
        self._server.request("GET", f"/logs/{self.id}.zarr/zarr.json")
        dataset = xr.open_zarr(
            f"{self._server.url}/logs/{self.id}.zarr",
            storage_options={"client_kwargs": {"headers": self._server.headers}},
        )
        array: xr.DataArray = dataset["values"].rename(self.name)
        return array

    def picture(
        self,
        top: float | None = None,
        base: float | None = None,
        height: int | None = None,
        colormap: str | None = None,
        **options: Any,
    ) -> Image.Image:
        """The traces from ``top`` to ``base`` as a picture, ``height`` pixels high.

        ``options`` are those of ``GET /get-images/``: ``width``, ``vmin``, ``vmax``, ``stretch``, …
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
        """Draw the traces from ``top`` to ``base`` into matplotlib axes, which are returned.

        Depth goes down; the azimuth ticks are the quarters of the hole.
        """
        from matplotlib import pyplot

        top, base = self._range(top, base)
        picture = self.picture(top, base, colormap=colormap, **{"height": 1000, **options})
        ax = ax or pyplot.subplots(figsize=(4, 8), layout="constrained")[1]
        axis = self.facts.get("axis") or {"name": AZIMUTH, "unit": "", "places": (0, 360)}
        extent = (axis["places"][0], axis["places"][-1], base, top)
        ax.imshow(np.asarray(picture.convert("RGBA")), extent=extent, aspect="auto")
        if not self.facts.get("axis"):
            ax.set_xticks([0, 90, 180, 270, 360], self._quarters())
        ax.set(
            title=f"{self.well} {self.name}",
            xlabel=_with_unit(axis["name"], axis["unit"]),
            ylabel=_with_unit("depth", self.depth_unit),
        )
        return ax

    def download(
        self, path: str | Path, kind: str, top: float | None = None, base: float | None = None
    ) -> int:
        """Write the traces from ``top`` to ``base`` to a file; returns its size in bytes.

        ``kind`` is one of the server's formats: ``csv``, ``npz``, ``parquet``, ``las``, …
        The file is there once it is whole; until then it is called ``….part``.
        """
        path = Path(path)
        part = path.with_name(f"{path.name}.part")
        query = {"log": self.id, "format": kind}
        with self._server.stream(self._path(top, base), query) as pieces:
            try:
                with part.open("wb") as file:
                    size = sum(file.write(piece) for piece in pieces)
                part.replace(path)
            finally:
                part.unlink(missing_ok=True)
        return size

    def _get(self, top: float | None, base: float | None, **query: Any) -> Any:
        chosen = {name: value for name, value in query.items() if value is not None}
        path = self._path(top, base)
        return self._server.request("GET", path, params={"log": self.id, **chosen})

    def _path(self, top: float | None, base: float | None) -> str:
        top, base = self._range(top, base)
        return f"/get-images/{top!r}/{base!r}/"

    def _range(self, top: float | None, base: float | None) -> tuple[float, float]:
        return self.top if top is None else float(top), self.base if base is None else float(base)

    def _columns(self, width: int) -> xr.Variable:
        """The places of the columns, (width,) float64: azimuths in degrees from the reference."""
        axis = self.facts.get("axis")
        if axis:
            about = _known(units=axis["unit"], long_name=axis["name"])
            return xr.Variable(AXIS, np.array(axis["places"], float), about)
        sense = -1 if self.facts.get("clockwise") is False else 1
        first = float(self.facts.get("first_azimuth") or 0)
        azimuths = (first + sense * np.arange(width) * (360 / width)) % 360
        about = {"units": "degrees", "long_name": "azimuth", "reference": self._reference}
        return xr.Variable(AZIMUTH, azimuths, about)

    @property
    def _reference(self) -> str:
        return str(self.facts.get("azimuth_reference") or "unknown")

    def _quarters(self) -> list[str]:
        turned = self.facts.get("first_azimuth") or self.facts.get("clockwise") is False
        names = {"north": "NESWN", "top of hole": "TRBLT"}
        reference = None if turned else self.facts.get("azimuth_reference")
        return [*names.get(str(reference), "")] or [f"{angle}°" for angle in range(0, 361, 90)]


def _known(**attributes: str | None) -> dict[str, str]:
    return {name: text for name, text in attributes.items() if text}


def _with_unit(name: str, unit: str | None) -> str:
    return f"{name} [{unit}]" if unit else name
