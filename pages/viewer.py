"""The workbench of a well.

With JavaScript, the page draws the tracks that its URL names, from the data that are made here.
Without it, the page shows pictures of the window and a table of its picks.
"""

import math
import re
from base64 import b64encode
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import chain
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from django.db import connection
from django.http import HttpRequest, HttpResponse, QueryDict
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.cache import add_never_cache_headers
from django.views import View
from matplotlib import colormaps

from dips.diagrams import COLOURS
from dips.models import Query
from dips.picks import holes
from dips.picks.shown import shown
from dips.terms import MAX_COMMENT_CHARACTERS, MAX_QUALITY_CHARACTERS, DipType
from image_processor.access.middleware import for_templates
from images.api.serializers import details
from images.models import ImageLog
from images.render.colour.colormap import colormap_infos
from pages.cards import COLORMAP
from photos.models import CorePhoto
from storage.documents import collection
from storage.errors import translated
from web import parameters
from web.budget import budget
from web.text import counted
from web.views import WholeResponse
from wells.errors import WellNotFound
from wells.models import Well, resolve

# The image logs and curves that are shown if the URL names no tracks.
IMAGES, CURVES = 2, 1
# Logs whose statistics are part of the page. The scripts request those of other logs.
DESCRIBED = 8
# Memory for the page of a well without logs, and for each log, as measured.
PAGE_BYTES, LOG_BYTES = 256 * 1024, 16 * 1024
# The picks in the table, for browsers without JavaScript.
PICKS = 100
# The fields of logs that the scripts need, by their names in the API.
FACTS = (
    *("name", "filename", "unit", "values", "width", "sampling_interval"),
    *("first_azimuth", "clockwise", "azimuth_reference"),
)
# The rows of a tile, as in scales.js.
TILE_ROWS = 1024
# Depth on the screen to depth in the hole, as for paper logs.
RATIOS = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000)
# The size of a picture in pixels, for browsers without JavaScript.
PLAIN_SIZE = {"width": 180, "height": 600}
Document = Mapping[str, Any]
_TRACK = re.compile(r"(?:image|curve)\*([0-9a-f]{24})\b")
_SCRIPTS = Path(__file__).parent / "static" / "pages" / "viewer"
_IMPORT = re.compile(r'^import .*?from "\./([\w.]+)";$', re.MULTILINE | re.DOTALL)


def _imported(name: str, found: dict[str, None]) -> dict[str, None]:
    """Add a module and all its static imports to ``found``, and return it."""
    if name not in found:
        found[name] = None
        for other in _IMPORT.findall((_SCRIPTS / name).read_text()):
            _imported(other, found)
    return found


# The page preloads all modules. Otherwise each level of imports would take a round trip.
MODULES = [f"pages/viewer/{name}" for name in _imported("main.js", {})]
# The modules that are only imported for some kinds of track.
OF_KIND = {kind: f"pages/viewer/{kind}track.js" for kind in ("curve", "photo")}


def _by_category() -> dict[str, str]:
    names: dict[str, list[str]] = {}
    for colormap in colormap_infos():
        names.setdefault(colormap.category, []).append(colormap.name)
    return {category: " ".join(group) for category, group in names.items()}


COLORMAPS = _by_category()
# The colours of COLORMAP: 256 times RGB in base64.
PALETTE = b64encode(colormaps[COLORMAP](range(256), bytes=True)[:, :3].tobytes()).decode()
# The key of a type is its number.
TYPES = [
    {"name": kind, "label": kind.value.capitalize(), "key": str(number), "colour": COLOURS[kind]}
    for number, kind in enumerate(DipType, 1)
]
ALWAYS = {"types": TYPES, "colormap": COLORMAP, "palette": PALETTE, "colormaps": COLORMAPS}


class ViewerView(View):
    """``GET /view/<well>/``: the parameters are ``top``, ``base`` and ``track``, repeatable."""

    def get(self, request: HttpRequest, well: str) -> HttpResponse:
        name = resolve(well)
        what = f"the workbench of a well with {counted(count := _count(name), 'log')}"
        with budget.reserve(PAGE_BYTES + count * LOG_BYTES, what) as memory:
            known, logs = _document(name), _logs(name)
            if known is None and not logs:
                raise WellNotFound(f"there is no well {well}")
            context = _context(request, name, known, logs)
            body = render_to_string("pages/viewer.html", context, request).encode()
            page = WholeResponse(body, memory.lasting(body))
        add_never_cache_headers(page)
        return page


def _context(
    request: HttpRequest, name: str, known: Document | None, logs: Mapping[str, ImageLog]
) -> dict[str, Any]:
    """The context of the template; ``data`` is what the scripts get."""
    shown = [logs[log_id] for log_id in _asked(request.GET, logs)]
    images = [log for log in shown if log.kind == ImageLog.Kind.IMAGE]
    photos = _ends_of_photos(name)
    of_picks = _ends_of_picks(name)
    whole = _extent([*logs.values()], photos, of_picks)
    top, base = _window(request.GET, whole)
    tracks = _tracks(shown, bool(photos))
    well = _well_facts(name, known, whole)
    return {
        "well": well,
        "has_page": known is not None,
        "ratios": RATIOS,
        "top": top,
        "base": base,
        "pictures": [_plain_picture(log, top, base) for log in images[:IMAGES]],
        "addable": _addable([*logs.values()]),
        "picks": _picks(name, top, base) if of_picks else [],
        "modules": _modules(request.GET.getlist("track") or tracks),
        "max_quality": MAX_QUALITY_CHARACTERS,
        "max_comment": MAX_COMMENT_CHARACTERS,
        "first_tile": images and _first_tile(images[0]),
        "data": {
            **ALWAYS,
            "well": well,
            "logs": [_facts(log, log in shown[:DESCRIBED]) for log in logs.values()],
            "tracks": tracks,
            "may_write": for_templates(request)["may_write"](),
        },
    }


def _well_facts(name: str, known: Document | None, whole: tuple[float, float]) -> dict[str, Any]:
    """The facts of a well; logs of early versions may name a well that has no document."""
    return {
        "id": name if known is None else str(known["_id"]),
        "name": name,
        "depth_unit": known and known["depth_unit"],
        "top": whole[0],
        "base": whole[1],
    }


@translated()
def _document(well: str) -> Document | None:
    """The well of this name as MongoDB has it. Raises StorageUnavailable."""
    return Well.document(name=well)


@translated()
def _count(well: str) -> int:
    """Return the number of logs of a well. Raises StorageUnavailable."""
    return collection(ImageLog).count_documents({"state": ImageLog.State.READY, "well": well})


@translated()
def _logs(well: str) -> dict[str, ImageLog]:
    """Return the logs of a well by their ids, shallow ones first. Raises StorageUnavailable."""
    found = ImageLog.find({"state": ImageLog.State.READY, "well": well})
    return {str(log.pk): log for log in sorted(found, key=lambda log: (log.top, log.pk))}


def _modules(tracks: Sequence[str]) -> list[str]:
    """The modules to preload for these tracks."""
    kinds = [kind for kind in OF_KIND if any(track.startswith(kind) for track in tracks)]
    return [*MODULES, *(OF_KIND[kind] for kind in kinds)]


def _asked(query: QueryDict, logs: Mapping[str, ImageLog]) -> Iterator[str]:
    """Yield the ids of the logs in ``track``; if there is no ``track``, of the first logs."""
    found = [match[1] for track in query.getlist("track") if (match := _TRACK.match(track))]
    named = [log_id for log_id in dict.fromkeys(found) if log_id in logs]
    if "track" in query:
        yield from named
    else:
        for kind, most in ((ImageLog.Kind.IMAGE, IMAGES), (ImageLog.Kind.CURVE, CURVES)):
            of_kind = [log_id for log_id, log in logs.items() if log.kind == kind]
            yield from sorted(of_kind, key=lambda log_id: _usual(logs[log_id]))[:most]


def _usual(log: ImageLog) -> tuple[bool, float]:
    """The order in which logs are shown at first: images of the wall before spectra and waveforms,
    gamma ray before other curves, then long ones."""
    gamma_ray = (log.unit or "").lower() in ("api", "gapi")
    later = log.axis is not None or (log.kind == ImageLog.Kind.CURVE and not gamma_ray)
    return later, log.top - log.base


def _tracks(shown: Sequence[ImageLog], photos: bool) -> list[str]:
    """The tracks to show if the URL names none, in the notation of address.js."""
    of_logs = [f"{log.kind}*{log.pk}" for log in shown]
    return [*of_logs, *(["photos*"] if photos else []), "tadpoles*"]


def _facts(log: ImageLog, described: bool) -> dict[str, Any]:
    """What the scripts need of a log, as GET /logs/<id>/ has it; ``described`` with statistics."""
    found = details(log) if described else {}
    return {
        "id": str(log.pk),
        **{name: getattr(log, name) for name in FACTS},
        "depth_min": log.top,
        "depth_max": log.base,
        **{name: found[name] for name in ("statistics", "sampling", "axis") if name in found},
    }


@translated()
def _ends_of_photos(well: str) -> list[float]:
    """Return top and base of the photos of a well; an empty list if it has none.

    Raises StorageUnavailable.
    """
    ends = {"top": {"$min": "$top_depth"}, "base": {"$max": "$base_depth"}}
    stages: list[dict[str, Any]] = [{"$match": {"well": well}}, {"$group": {"_id": None, **ends}}]
    photos = connection.database[CorePhoto._meta.db_table].aggregate(stages)
    return [found[end] for found in photos for end in ends]


@translated()
def _ends_of_picks(well: str) -> list[float]:
    """The first and last depth of the picks of a well; an empty list if it has none.

    Raises StorageUnavailable.
    """
    return [end for end in Query(well=well).ends() if not math.isnan(end)]


def _extent(logs: Sequence[ImageLog], *others: Sequence[float]) -> tuple[float, float]:
    """The depth range of logs and of the ``others``, which are ends of photos and picks."""
    ends = [*chain(*others), *(end for log in logs for end in (log.top, log.base))]
    return min(ends, default=0.0), max(ends, default=1.0)


def _window(query: Mapping[str, str], whole: tuple[float, float]) -> tuple[float, float]:
    """The depth range in the query, else the ``whole`` well. Raises InvalidParameter."""
    if "top" in query and "base" in query:
        return parameters.depth_range(query["top"], query["base"])
    return whole


@translated()
def _picks(well: str, top: float, base: float) -> Sequence[Mapping[str, Any]]:
    """Return the first picks of the window, with their dips. Raises StorageUnavailable."""
    picks = Query(well=well, top=top, base=base).without_points(PICKS)
    return shown(picks, holes.hole(well)) if picks else []


def _addable(logs: Sequence[ImageLog]) -> list[tuple[str, list[tuple[str, str]]]]:
    """The options of "Add a track": groups of a label and pairs of track and name.

    If several logs have the same name, the name of the file is added.
    """
    times = Counter(log.name for log in logs)
    labels = {ImageLog.Kind.IMAGE: "Images", ImageLog.Kind.CURVE: "Curves"}

    def named(log: ImageLog) -> str:
        return log.name if times[log.name] == 1 else f"{log.name} · {log.filename}"

    return [
        (label, [(f"{kind}*{log.pk}", named(log)) for log in logs if log.kind == kind])
        for kind, label in labels.items()
    ]


def _plain_picture(log: ImageLog, top: float, base: float) -> dict[str, Any]:
    query = {"log": str(log.pk), "format": "png", "colormap": COLORMAP, **PLAIN_SIZE}
    window = reverse("get-images", args=[top, base])
    return {"name": log.name, "url": f"{window}?{urlencode(query)}"}


def _first_tile(log: ImageLog) -> str:
    """The URL of the tile of the whole log, as in scales.js.

    The scripts request it first, so the page preloads it.
    """
    interval = log.sampling_interval or 0.1
    rows = (log.base - log.top) / interval + 1
    cells = 2 ** max(0, math.ceil(math.log2(rows / TILE_ROWS)))
    height = max(1, math.ceil(round(rows, 6) / cells - 1e-6))
    top = log.top - interval / 2
    ends = [f"{end:.9f}".rstrip("0").rstrip(".") for end in (top, top + height * interval * cells)]
    form = "npy" if log.values == ImageLog.Values.PHYSICAL else "png"
    query = {"log": str(log.pk), "format": form, "height": height}
    return f"/get-images/{ends[0]}/{ends[1]}/?{urlencode(query)}"
