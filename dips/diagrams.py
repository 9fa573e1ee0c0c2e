"""Rose, stereonet and tadpoles, drawn by matplotlib into SVG or PNG.

Figures are made as objects: pyplot keeps what it draws, and is not for threads.
"""

import io
from collections.abc import Callable
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
# A hash instead of random ids in SVG; text stays text, which is small and can be searched. They are
# those of the process: rc_context would set them back while another thread draws.
mpl.rcParams.update({"svg.hashsalt": "dips", "svg.fonttype": "none"})
# More than these would be one black disk that takes hours to draw.
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

    def draw(figure: Figure) -> None:
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
        _finish(figure, axes, style, f"{len(chosen.depth)} of {len(selection.depth)} picks")

    return _drawn(draw, style)


def stereonet(selection: Selection, style: Style, *, planes: bool, density: bool) -> bytes:
    """Poles, or planes as great circles, on an equal-area net of the lower hemisphere."""

    def draw(figure: Figure) -> None:
        axes = figure.add_subplot(aspect="equal")
        chosen = selection.only(selection.known)
        poles = pole(chosen.dip, chosen.azimuth)
        if density and len(poles):
            _contours(axes, poles, chosen.terzaghi if style.terzaghi else None)
        _net(axes, style)
        for kind, mine in _by_type(chosen):
            if planes:
                few = np.flatnonzero(mine)[:MAX_PLANES]
                circles = [_great_circle(normal) for normal in poles[few]]
                axes.add_collection(LineCollection(circles, colors=COLOURS[kind], linewidths=0.8))
                axes.plot([], [], color=COLOURS[kind], label=kind)
            else:
                # The pole of a plane points down, away from where the plane dips.
                x, y = statistics.equal_area(-poles[mine])
                axes.plot(x, y, "o", color=COLOURS[kind], label=kind, markersize=3.5)
        axes.set(xlim=(-1.08, 1.08), ylim=(-1.08, 1.08))
        axes.axis("off")
        _finish(figure, axes, style, f"{len(poles)} of {len(selection.depth)} picks")

    return _drawn(draw, style)


def tadpoles(selection: Selection, style: Style, top: float, base: float) -> bytes:
    """True dips across, depth down; the tail of each points to its dip azimuth, north up."""

    def draw(figure: Figure) -> None:
        axes = figure.add_subplot()
        chosen = selection.only(selection.known)
        step = max(1, -(-len(chosen.depth) // MAX_TADPOLES))
        for kind, mine in _by_type(chosen):
            some = np.flatnonzero(mine)[::step]
            dip, depth = chosen.dip[some], chosen.depth[some]
            azimuth = np.radians(np.nan_to_num(chosen.azimuth[some]))
            axes.plot(dip, depth, "o", color=COLOURS[kind], markersize=4, label=kind)
            axes.quiver(
                dip,
                depth,
                np.sin(azimuth),
                np.cos(azimuth),
                color=COLOURS[kind],
                units="dots",
                scale_units="dots",
                scale=1 / 12,
                width=1.2,
                angles="uv",
                headwidth=0,
                headlength=0,
                headaxislength=0,
            )
        axes.set(xlim=(0, 90), ylim=(base, top), xlabel="dip (degrees)", xticks=range(0, 91, 15))
        axes.set_ylabel(
            f"depth ({selection.hole.depth_unit})" if selection.hole.depth_unit else "depth"
        )
        axes.grid(color=THEMES[style.theme]["line"], linewidth=0.4)
        shown = f"{len(chosen.depth)} of {len(selection.depth)} picks"
        _finish(figure, axes, style, shown if step == 1 else f"{shown}, every {step}th drawn")

    return _drawn(draw, style)


def _by_type(selection: Selection) -> Any:
    """Each type among the picks, and which of them (n,) have it."""
    for kind in DipType:
        mine = selection.types == kind
        if mine.any():
            yield kind, mine


def _great_circle(normal: Floats) -> Floats:
    """The points (m, 2) of a plane on the net, for an upward normal (3,)."""
    across = np.hypot(normal[0], normal[1])
    strike = (
        np.array([1.0, 0, 0]) if across < 1e-12 else np.array([normal[1], -normal[0], 0.0]) / across
    )
    down = np.cross(normal, strike)
    down *= -1 if down[2] > 0 else 1
    angle = np.linspace(0, np.pi, GREAT_CIRCLE_POINTS)[:, None]
    points = np.cos(angle) * strike + np.sin(angle) * down
    return np.column_stack(statistics.equal_area(np.minimum(points, [np.inf, np.inf, 0.0])))


def _contours(axes: Axes, poles: Floats, weights: Floats | None) -> None:
    line = np.linspace(-1, 1, DENSITY_POINTS)
    x, y = np.meshgrid(line, line)
    radius = np.minimum(np.hypot(x, y), 1.0)
    # The inverse projection. Beyond the rim the values of the rim go on, so that contours reach it.
    angle = np.arctan2(x, y)
    plunge = 2 * np.arcsin(radius / np.sqrt(2))
    stations = np.column_stack(
        [
            (np.sin(plunge) * np.sin(angle)).ravel(),
            (np.sin(plunge) * np.cos(angle)).ravel(),
            -np.cos(plunge).ravel(),
        ]
    )
    density = statistics.kamb(poles, stations, weights).reshape(x.shape)
    density[np.hypot(x, y) > 1] = np.nan
    top = float(np.nanmax(density))
    step = max(2.0, 2 * np.ceil(top / 2 / MAX_LEVELS))
    levels = np.arange(step, max(step * 2, top) + step, step)
    axes.contourf(x, y, density, levels, cmap="YlOrBr", alpha=0.7, extend="max")


def _net(axes: Axes, style: Style) -> None:
    theme = THEMES[style.theme]
    angle = np.linspace(0, 2 * np.pi, 181)
    axes.plot(np.sin(angle), np.cos(angle), color=theme["ink"], linewidth=1)
    for x, y, name in ((0, 1, "N"), (1, 0, "E"), (0, -1, "S"), (-1, 0, "W")):
        axes.plot([x, 0.97 * x], [y, 0.97 * y], color=theme["ink"], linewidth=1)
        if name == "N":
            axes.annotate(name, (0, 1.02), ha="center", color=theme["ink"], fontsize=9)
    axes.plot(0, 0, "+", color=theme["ink"], markersize=6)


def _finish(figure: Figure, axes: Axes, style: Style, title: str) -> None:
    ink = THEMES[style.theme]["ink"]
    axes.set_title(title, color=ink, fontsize=9, pad=12)
    axes.tick_params(colors=ink, labelsize=7)
    axes.xaxis.label.set_color(ink)
    axes.yaxis.label.set_color(ink)
    axes.set_facecolor(THEMES[style.theme]["paper"])
    for spine in axes.spines.values():
        spine.set_color(THEMES[style.theme]["line"])
    handles, labels = axes.get_legend_handles_labels()
    if labels and min(style.width, style.height) >= MIN_PIXELS_OF_A_LEGEND:
        look: dict[str, Any] = {"ncols": 3, "fontsize": 7, "frameon": False, "labelcolor": ink}
        figure.legend(handles, labels, loc="outside lower center", **look)


def _drawn(draw: Callable[[Figure], None], style: Style) -> bytes:
    """The bytes of a figure, the same for the same picks."""
    inches = style.width / DOTS_PER_INCH, style.height / DOTS_PER_INCH
    paper = THEMES[style.theme]["paper"]
    figure = Figure(inches, DOTS_PER_INCH, facecolor=paper, layout="constrained")
    draw(figure)
    file = io.BytesIO()
    without = {"Date": None} if style.format == "svg" else {"Software": None}
    figure.savefig(file, format=style.format, metadata=without)
    return file.getvalue()
