"""The tracks of the workbench: which logs are shown, and what the scripts need to know of them."""

import math
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from django.http import QueryDict

from images.api.serializers import details
from images.models import ImageLog
from images.render.colour.values import usual_scale
from storage.errors import translated
from web import parameters

# The image logs and curves that are shown if the URL names no tracks.
IMAGES, CURVES = 2, 1
# The fields of logs that the scripts need, by their names in the API.
FACTS = (
    *("name", "filename", "unit", "values", "width", "sampling_interval"),
    *("first_azimuth", "clockwise", "azimuth_reference"),
)
# The rows of a tile, as in scales.js.
TILE_ROWS = 1024
_TRACK = re.compile(r"(?:image|curve)\*([0-9a-f]{24})\b")


@translated()
def logs(well: str) -> dict[str, ImageLog]:
    """Return the logs of a well by their ids, shallow ones first. Raises StorageUnavailable."""
    found = ImageLog.find({"state": ImageLog.State.READY, "well": well})
    return {str(log.pk): log for log in sorted(found, key=lambda log: (log.top, log.pk))}


def on_axis(log: ImageLog) -> bool:
    """Whether the depths of a log are within those that a depth axis can have."""
    return max(-log.top, log.base) <= parameters.MAX_ON_AXIS


def asked(query: QueryDict, logs: Mapping[str, ImageLog]) -> Iterator[str]:
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


def named(shown: Sequence[ImageLog], photos: bool) -> list[str]:
    """The tracks to show if the URL names none, in the notation of address.js."""
    of_logs = [f"{log.kind}*{log.pk}" for log in shown]
    return [*of_logs, *(["photos*"] if photos else []), "tadpoles*"]


def facts(log: ImageLog, described: bool) -> dict[str, Any]:
    """What the scripts need of a log, as GET /logs/<id>/ has it; ``described`` with statistics."""
    found = details(log) if described else {}
    return {
        "id": str(log.pk),
        **{name: getattr(log, name) for name in FACTS},
        "depth_min": log.top,
        "depth_max": log.base,
        "scale": scale(log),
        **{name: found[name] for name in ("statistics", "sampling", "axis") if name in found},
    }


def scale(log: ImageLog) -> str:
    """The scale of the values of a log that is used unless the URL names another."""
    found = log.statistics
    return usual_scale(log.unit, found and found.minimum, found and found.maximum)


def addable(logs: Sequence[ImageLog]) -> list[tuple[str, list[tuple[str, str]]]]:
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


def first_tile(log: ImageLog) -> str:
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
