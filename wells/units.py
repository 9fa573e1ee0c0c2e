"""Units of length, as files and people write them."""

from types import MappingProxyType

# In metres, exactly: the international foot and inch.
METRES = MappingProxyType({"m": 1.0, "cm": 0.01, "mm": 0.001, "ft": 0.3048, "in": 0.0254})
DEPTH_UNITS = ("m", "ft")
_NAMES = {
    "m": ("m", "meter", "meters", "metre", "metres", "mt", "mtr"),
    "cm": ("cm", "centimeter", "centimeters", "centimetre", "centimetres"),
    "mm": ("mm", "millimeter", "millimeters", "millimetre", "millimetres"),
    "ft": ("ft", "f", "foot", "feet", "'"),
    "in": ("in", "inch", "inches", "ins", '"'),
}
_UNIT_OF = {name: unit for unit, names in _NAMES.items() for name in names}


def length_unit(text: str | None) -> str | None:
    """The unit that ``text`` names, as a key of METRES; None for what is no length."""
    return None if text is None else _UNIT_OF.get(text.strip().strip(".").lower())


def factor(unit: str, other: str) -> float:
    """What a length in ``unit`` is multiplied by to be in ``other``; both are keys of METRES."""
    return METRES[unit] / METRES[other]
