"""Names of columns of depths along the hole."""

import re

from web.text import MAX_NAME_CHARACTERS

# As ``bare`` gives them, the usual ones first.
MEASURED_DEPTH = (
    "depth", "dept", "md", "tdep", "measureddepth", "measdepth", "depthmd", "mdepth", "mddepth",
    "depthmeasured", "alongholedepth", "depthah",
)  # fmt: skip
# Also those that elsewhere mean something else, as ``DEP``, the departure of a survey, does.
DEPTH_NAMES = (
    *MEASURED_DEPTH, "depmd", "deptmeas", "depthmeas", "dmea", "mdkb", "mdrkb", "boreholedepth",
    "holedepth", "wellboredepth", "bdep", "logdepth", "depthindex", "indexdepth", "dpth", "dep",
    "profondeur", "teufe", "tiefe", "bohrlochtiefe", "profundidad", "prof", "profundidade",
    "profondita", "diepte", "djup", "dybde", "syvyys", "glubina", "глубина", "深度", "井深",
)  # fmt: skip


def bare(name: str) -> str:
    """A name without case, white space and signs."""
    return re.sub(r"[\W_]+", "", name[:MAX_NAME_CHARACTERS].lower())
