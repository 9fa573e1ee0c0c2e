"""What matplotlib's documentation says of its colormaps: their categories."""

from typing import NamedTuple

from matplotlib import colormaps

# Matplotlib, "Choosing colormaps"; the last four are further spellings of gray.
CATEGORIES = {
    "perceptually uniform sequential": "viridis plasma inferno magma cividis",
    "sequential": (
        "Greys Purples Blues Greens Oranges Reds YlOrBr YlOrRd OrRd PuRd RdPu BuPu GnBu PuBu YlGnBu"
        " PuBuGn BuGn YlGn binary gist_yarg gist_gray gray bone pink spring summer autumn winter"
        " cool Wistia hot afmhot gist_heat copper Grays gist_grey gist_yerg grey"
    ),
    "diverging": (
        "PiYG PRGn BrBG PuOr RdGy RdBu RdYlBu RdYlGn Spectral coolwarm bwr seismic berlin managua"
        " vanimo"
    ),
    "cyclic": "twilight twilight_shifted hsv",
    "qualitative": (
        "Pastel1 Pastel2 Paired Accent okabe_ito Dark2 Set1 Set2 Set3 tab10 tab20 tab20b tab20c"
    ),
    "miscellaneous": (
        "flag prism ocean gist_earth terrain gist_stern gnuplot gnuplot2 CMRmap cubehelix brg"
        " gist_rainbow rainbow jet turbo nipy_spectral gist_ncar"
    ),
}
_CATEGORY = {name: category for category, names in CATEGORIES.items() for name in names.split()}


class ColormapInfo(NamedTuple):
    """A colormap: its name, its category, whether equal steps look equal, its reversed name."""

    name: str
    category: str
    perceptually_uniform: bool
    reversed: str


def colormap_infos() -> list[ColormapInfo]:
    """Every colormap, in matplotlib's order."""
    return [_info(name) for name in colormaps]


def _info(name: str) -> ColormapInfo:
    forward = name.removesuffix("_r")
    category = _CATEGORY[forward]
    backward = forward if name != forward else f"{name}_r"
    return ColormapInfo(name, category, category.startswith("perceptually"), backward)
