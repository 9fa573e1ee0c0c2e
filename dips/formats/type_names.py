"""What programs and people call the types of planes."""

import re
from collections.abc import Mapping

from dips.terms import DipType

# In lower case, with single blanks between words.
_TYPE_NAMES: Mapping[DipType, tuple[str, ...]] = {
    DipType.BEDDING: (
        *("bed", "bedding plane", "bed boundary", "layer", "lamination", "boundary", "foliation"),
        *("bedding / banding / foliation", "banding", "layering", "bedding surface"),
    ),
    DipType.OPEN_FRACTURE: (
        *("open", "conductive fracture", "fracture open", "continuous fracture", "open joint"),
        *("conductive continuous fracture", "continuous conductive fracture"),
        *("major open joint / fracture", "minor open joint / fracture", "major open fracture"),
        *("minor open fracture", "open joint / fracture"),
    ),
    DipType.CLOSED_FRACTURE: (
        *("closed", "resistive fracture", "healed fracture", "cemented fracture", "vein"),
        *("mineralized fracture", "mineralised fracture", "fracture closed", "sealed fracture"),
        *("filled fracture / joint", "filled fracture", "continuous resistive fracture"),
        *("resistive continuous fracture", "filled joint"),
    ),
    DipType.PARTIAL_FRACTURE: (
        *("partial", "partially open fracture", "discontinuous fracture", "part open fracture"),
        *("partly open fracture", "partial open fracture", "partially open joint / fracture"),
        *("conductive discontinuous fracture", "discontinuous conductive fracture"),
        *("partially open joint", "fracture partial"),
    ),
    DipType.FAULT: ("micro fault", "microfault", "fault plane"),
    DipType.BREAKOUT: ("bo", "borehole breakout", "break out"),
    DipType.DRILLING_INDUCED: (
        *("induced", "dif", "ditf", "induced fracture", "drilling induced fracture"),
        *("drilling induced tensile fracture", "tensile fracture"),
    ),
    DipType.UNCONFORMITY: ("unconf", "erosional surface"),
    DipType.OTHER: ("unknown", "undefined", "unclassified"),
}


def _plain(text: str) -> str:
    return re.sub(r"[\s_\-]+", " ", re.sub(r"\s*/\s*", " / ", text)).strip().lower()


# Above that of any name; the pattern takes quadratic time.
MAX_TYPE_CHARACTERS = 100
_TYPE_OF = {_plain(name): kind for kind, names in _TYPE_NAMES.items() for name in (kind, *names)}


def type_named(text: str) -> DipType | None:
    """The type that ``text`` names, also in the plural; None for what is not known."""
    if len(text) > MAX_TYPE_CHARACTERS:
        return None
    plain = _plain(text)
    return _TYPE_OF.get(plain) or _TYPE_OF.get(plain.removesuffix("s"))
