"""The modules of the workbench that its page preloads.

Otherwise each level of imports would take a round trip.
"""

import re
from collections.abc import Sequence
from pathlib import Path

_SCRIPTS = Path(__file__).parent / "static" / "pages" / "viewer"
_IMPORT = re.compile(r'^import .*?from "\./([\w.]+)";$', re.MULTILINE | re.DOTALL)


def _imported(name: str, found: dict[str, None]) -> dict[str, None]:
    """Add a module and all its static imports to ``found``, and return it."""
    if name not in found:
        found[name] = None
        for other in _IMPORT.findall((_SCRIPTS / name).read_text()):
            _imported(other, found)
    return found


# Those that every page needs.
MODULES = [f"pages/viewer/{name}" for name in _imported("main.js", {})]
# The modules that are only imported for some kinds of track.
OF_KIND = {kind: f"pages/viewer/{kind}track.js" for kind in ("curve", "photo")}


def modules(tracks: Sequence[str]) -> list[str]:
    """The modules to preload for these tracks."""
    kinds = [kind for kind in OF_KIND if any(track.startswith(kind) for track in tracks)]
    return [*MODULES, *(OF_KIND[kind] for kind in kinds)]
