"""Names of columns of depths along the hole."""

import re
import unicodedata

from web.text import MAX_NAME_CHARACTERS

# As ``bare`` makes them; the usual ones first.
MEASURED_DEPTH = (
    "depth", "dept", "md", "tdep", "measureddepth", "measdepth", "depthmd", "mdepth", "mddepth",
    "depthmeasured", "alongholedepth", "depthah",
)  # fmt: skip
# Also names that mean something else elsewhere: in a survey, ``DEP`` is the departure.
DEPTH_NAMES = (
    *MEASURED_DEPTH, "depmd", "deptmeas", "depthmeas", "dmea", "mdkb", "mdrkb", "boreholedepth",
    "holedepth", "wellboredepth", "bdep", "logdepth", "depthindex", "indexdepth", "dpth", "dep",
    "profondeur", "teufe", "tiefe", "bohrlochtiefe", "profundidad", "prof", "profundidade",
    "profondita", "diepte", "djup", "dybde", "syvyys", "glubina", "глубина", "深度", "井深",
)  # fmt: skip
# Words for depth that may stand beside others.
_DEPTH = {
    *DEPTH_NAMES, "depths", "ahd", "mdbrt", "mdrt", "mddf", "hdep", "bhdepth", "dyp", "sugavus",
    "gylis", "dzilums", "glebokosc", "hloubka", "hlbka", "melyseg", "adancime", "dubina",
    "derinlik", "kedalaman", "dosau", "βαθος", "عمق", "测深", "測深", "斜深", "深さ", "심도",
}  # fmt: skip
# How depths were measured, along what, and from where.
_MEASURED = {
    "measured", "meas", "along", "hole", "borehole", "wellbore", "well", "log", "logged", "logger",
    "loggers", "logging", "wireline", "wl", "cable", "driller", "drillers", "index", "from",
    "below", "the", "of", "rig", "floor", "sea", "seafloor", "ground", "surface", "land", "ah",
    "kelly", "bushing", "rotary", "table", "kb", "rkb", "dkb", "rt", "brt", "bkb", "df", "gl",
    "wmsf", "wsf", "lsf", "csf", "csf-a", "csf-b", "ccsf", "mbsf", "mbgl", "mbrf", "bsf", "bgl",
    "bgs", "bls", "btoc", "medida", "medido", "mesuree", "gemessene", "gemeten", "gemessen", "по",
    "стволу", "скважины",
}  # fmt: skip
_WORDS = re.compile(r"[^\W_]+(?:-[ab]\b)?")
_PLAIN_LETTERS = str.maketrans("łđı", "ldi")


def is_measured_depth(name: str) -> bool:
    """Whether a name is a word for depth, in any language. Words that say how and from where depth
    was measured may stand beside it: ``DEPTH_WL``, ``Depth below ground``, ``Głębokość``."""
    # Rows of numbers are asked about too, while a header is looked for.
    if not any(map(str.isalpha, name)):
        return False
    letters = unicodedata.normalize("NFKD", name[:MAX_NAME_CHARACTERS].lower())
    marked = "".join(c for c in letters if not unicodedata.combining(c))
    told = unicodedata.normalize("NFC", marked).translate(_PLAIN_LETTERS)
    words = _WORDS.findall(told)
    known = bool(words) and all(word in _DEPTH or word in _MEASURED for word in words)
    return bare(told) in _DEPTH or (known and any(word in _DEPTH for word in words))


def bare(name: str) -> str:
    """A name without case, white space and signs."""
    return re.sub(r"[\W_]+", "", name[:MAX_NAME_CHARACTERS].lower())
