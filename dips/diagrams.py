"""Rose, stereonet and tadpoles, drawn by matplotlib into SVG or PNG.

Figures are made without pyplot, which keeps all figures and is not thread-safe.
"""

import io
from dataclasses import dataclass
from typing import Any

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from dips.picks.selection import Selection
from dips.planes import statistics
from dips.planes.geometry import pole
from dips.terms import DipType
from wells.survey import Floats

# The packages that make the bytes: two draw, and matplotlib uses the others for density and PNG.
LIBRARIES = ("contourpy", "matplotlib", "numpy", "pillow")
MEDIA_TYPES = {"svg": "image/svg+xml", "png": "image/png"}
MIN_PIXELS, MAX_PIXELS = 120, 2_000
MIN_PIXELS_OF_A_LEGEND = 240
DOTS_PER_INCH = 100
# Usual colours in geology: beds green, open fractures blue, closed ones red.
COLOURS = {
    DipType.BEDDING: "#2e9e4f",
    DipType.OPEN_FRACTURE: "#2f6fde",
    DipType.CLOSED_FRACTURE: "#d1443c",
    DipType.PARTIAL_FRACTURE: "#8a5cd6",
    DipType.FAULT: "#c2258f",
    DipType.BREAKOUT: "#c98a12",
    DipType.DRILLING_INDUCED: "#0f9aa8",
    DipType.UNCONFORMITY: "#8f6a3d",
    DipType.OTHER: "#7d8896",
}
THEMES = {
    "light": {"paper": "#ffffff", "ink": "#1f2933", "line": "#b8c2cc"},
    "dark": {"paper": "#211e1a", "ink": "#ece7df", "line": "#5a5348"},
}
GREAT_CIRCLE_POINTS = 61
DENSITY_POINTS = 121
MAX_LEVELS = 8
# In SVG, ids are hashes instead of random, and text stays text, which is small and can be searched.
# This is set for the process: rc_context would reset it while another thread draws.
mpl.rcParams.update({"svg.hashsalt": "dips", "svg.fonttype": "none"})
# More planes or tadpoles would be one black area that takes hours to draw.
MAX_PLANES = 2_000
MAX_TADPOLES = 5_000


@dataclass(frozen=True, slots=True)
class Style:
    """The size of a diagram in pixels, its colours, and whether Terzaghi's weights count."""

    format: str
    width: int
    height: int
    theme: str = "light"
    terzaghi: bool = False


def rose(selection: Selection, style: Style, *, mirrored: bool, by: str, sectors: int) -> bytes:
    """Dip azimuths, or, ``mirrored``, strikes; by ``count`` or by ``length`` of the traces."""
    figure = _figure(style)
    axes: Any = figure.add_subplot(projection="polar")
    axes.set_theta_zero_location("N")
    axes.set_theta_direction(-1)
    chosen = selection.only(selection.known & np.isfinite(selection.azimuth))
    weights = chosen.trace_length if by == "length" else np.ones(len(chosen.depth))
    weights = weights * (chosen.terzaghi if style.terzaghi else 1)
    azimuth = (chosen.azimuth + (90 if mirrored else 0)) % 360
    edges = np.linspace(0, 360, sectors + 1)
    middle, width = np.radians(edges[:-1] + 180 / sectors), 2 * np.pi / sectors
    below = np.zeros(sectors)
    for kind, mine in _by_type(chosen):
        counts = np.histogram(azimuth[mine], edges, weights=weights[mine])[0]
        if mirrored:
            counts = counts + np.roll(counts, sectors // 2)
        axes.bar(middle, counts, width, below, color=COLOURS[kind], label=kind, linewidth=0)
        below += counts
    # Picks are counted in whole numbers.
    whole = by == "count" and not style.terzaghi
    axes.yaxis.set_major_locator(MaxNLocator(4, integer=whole))
    axes.set_thetagrids(range(0, 360, 45), ["N", "45", "E", "135", "S", "225", "W", "315"])
    return _drawn(figure, axes, style, f"{len(chosen.depth)} of {len(selection.depth)} picks")


def stereonet(selection: Selection, style: Style, *, planes: bool, density: bool) -> bytes:
    """Poles, or planes as great circles, on an equal-area net of the lower hemisphere."""
    figure = _figure(style)
    axes = figure.add_subplot(aspect="equal")
    chosen = selection.only(selection.known)
    poles = pole(chosen.dip, chosen.azimuth)
    if density and len(poles):
        _contours(axes, poles, chosen.terzaghi if style.terzaghi else None)
    _net(axes, style)
    for kind, mine in _by_type(chosen):
        if planes:
            few = np.flatnonzero(mine)[:MAX_PLANES]
            circles = [*map(_great_circle, chosen.dip[few], chosen.azimuth[few])]
            axes.add_collection(LineCollection(circles, colors=COLOURS[kind], linewidths=0.8))
            axes.plot([], [], color=COLOURS[kind], label=kind)
        else:
            # The pole of a plane points down, away from where the plane dips.
            x, y = statistics.equal_area(-poles[mine])
            axes.plot(x, y, "o", color=COLOURS[kind], label=kind, markersize=3.5)
    axes.set(xlim=(-1.08, 1.08), ylim=(-1.08, 1.08))
    axes.axis("off")
    return _drawn(figure, axes, style, f"{len(poles)} of {len(selection.depth)} picks")


def tadpoles(selection: Selection, style: Style, top: float, base: float) -> bytes:
    """True dips across, depth down; the tail of each points to its dip azimuth, north up."""
    figure = _figure(style)
    axes = figure.add_subplot()
    chosen = selection.only(selection.known)
    step = max(1, -(-len(chosen.depth) // MAX_TADPOLES))
    look: dict[str, Any] = {"angles": "uv", "units": "dots", "scale_units": "dots", "width": 1.2}
    look |= {"scale": 1 / 12, "headwidth": 0, "headlength": 0, "headaxislength": 0}
    for kind, mine in _by_type(chosen):
        some = np.flatnonzero(mine)[::step]
        dip, depth, colour = chosen.dip[some], chosen.depth[some], COLOURS[kind]
        azimuth = np.radians(np.nan_to_num(chosen.azimuth[some]))
        tail = np.sin(azimuth), np.cos(azimuth)
        axes.plot(dip, depth, "o", color=colour, markersize=4, label=kind)
        axes.quiver(dip, depth, *tail, color=colour, **look)
    axes.set(xlim=(0, 90), ylim=(base, top), xlabel="dip (degrees)", xticks=range(0, 91, 15))
    unit = selection.hole.depth_unit
    axes.set_ylabel(f"depth ({unit})" if unit else "depth")
    axes.grid(color=THEMES[style.theme]["line"], linewidth=0.4)
    shown = f"{len(chosen.depth)} of {len(selection.depth)} picks"
    title = shown if step == 1 else f"{shown}, every {step}th drawn"
    return _drawn(figure, axes, style, title)


def _by_type(selection: Selection) -> Any:
    """Each type that occurs, and which picks (n,) have it."""
    for kind in DipType:
        mine = selection.types == kind
        if mine.any():
            yield kind, mine


def _great_circle(dip: float, azimuth: float) -> Floats:
    """The points (m, 2) of a plane on the net; the azimuth of a horizontal one may be nan."""
    theta, phi = np.radians(dip), np.radians(np.nan_to_num(azimuth))
    strike = np.array([np.cos(phi), -np.sin(phi), 0.0])
    down = np.array([np.cos(theta) * np.sin(phi), np.cos(theta) * np.cos(phi), -np.sin(theta)])
    angle = np.linspace(0, np.pi, GREAT_CIRCLE_POINTS)[:, None]
    points = np.cos(angle) * strike + np.sin(angle) * down
    return np.column_stack(statistics.equal_area(points))


def _contours(axes: Axes, poles: Floats, weights: Floats | None) -> None:
    line = np.linspace(-1, 1, DENSITY_POINTS)
    x, y = np.meshgrid(line, line)
    # Beyond the rim the values of the rim go on, so that contours reach it.
    stations = pole(*statistics.planes_at(x.ravel(), y.ravel()))
    density = statistics.kamb(poles, stations, weights).reshape(x.shape)
    density[np.hypot(x, y) > 1] = np.nan
    top = float(np.nanmax(density))
    step = max(2.0, 2 * np.ceil(top / 2 / MAX_LEVELS))
    levels = np.arange(step, max(step * 2, top) + step, step)
    axes.contourf(x, y, density, levels, cmap="YlOrBr", alpha=0.7, extend="max")


def _net(axes: Axes, style: Style) -> None:
    ink = THEMES[style.theme]["ink"]
    angle = np.linspace(0, 2 * np.pi, 181)
    axes.plot(np.sin(angle), np.cos(angle), color=ink, linewidth=1)
    for x, y in ((0, 1), (1, 0), (0, -1), (-1, 0)):
        axes.plot([x, 0.97 * x], [y, 0.97 * y], color=ink, linewidth=1)
    axes.annotate("N", (0, 1.02), ha="center", color=ink, fontsize=9)
    axes.plot(0, 0, "+", color=ink, markersize=6)


def _figure(style: Style) -> Figure:
    """An empty figure in the size and the colours of ``style``."""
    inches = style.width / DOTS_PER_INCH, style.height / DOTS_PER_INCH
    paper = THEMES[style.theme]["paper"]
    return Figure(inches, DOTS_PER_INCH, facecolor=paper, layout="constrained")


def _drawn(figure: Figure, axes: Axes, style: Style, title: str) -> bytes:
    """The bytes of a figure with a title and a legend; the same for the same picks."""
    theme = THEMES[style.theme]
    ink = theme["ink"]
    axes.set_title(title, color=ink, fontsize=9, pad=12)
    axes.tick_params(colors=ink, labelsize=7)
    axes.xaxis.label.set_color(ink)
    axes.yaxis.label.set_color(ink)
    axes.set_facecolor(theme["paper"])
    for spine in axes.spines.values():
        spine.set_color(theme["line"])
    handles, labels = axes.get_legend_handles_labels()
    if labels and min(style.width, style.height) >= MIN_PIXELS_OF_A_LEGEND:
        look: dict[str, Any] = {"ncols": 3, "fontsize": 7, "frameon": False, "labelcolor": ink}
        figure.legend(handles, labels, loc="outside lower center", **look)
    file = io.BytesIO()
    without = {"Date": None} if style.format == "svg" else {"Software": None}
    figure.savefig(file, format=style.format, metadata=without)
    return file.getvalue()
