"""The words of a pick: its type, what it is known by, where it comes from."""

from enum import StrEnum

MAX_AUTHOR_CHARACTERS = 150
MAX_COMMENT_CHARACTERS = 1_000
MAX_QUALITY_CHARACTERS = 50


class DipType(StrEnum):
    """The kinds of planes that people tell apart on a borehole wall."""

    BEDDING = "bedding"
    OPEN_FRACTURE = "open fracture"
    CLOSED_FRACTURE = "closed fracture"
    PARTIAL_FRACTURE = "partial fracture"
    FAULT = "fault"
    BREAKOUT = "breakout"
    DRILLING_INDUCED = "drilling-induced"
    UNCONFORMITY = "unconformity"
    OTHER = "other"


class Source(StrEnum):
    """Where a pick comes from."""

    HUMAN = "human"
    IMPORTED = "imported"


class Basis(StrEnum):
    """What a pick is known by: points on the wall, a sinusoid, or a true dip alone."""

    POINTS = "points"
    SINUSOID = "sinusoid"
    PLANE = "plane"
