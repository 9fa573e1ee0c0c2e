"""The words of a pick: its type, how its plane was given, where it comes from."""

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
    """How a plane was given: by points on the wall, by a sinusoid, or by a true dip alone."""

    POINTS = "points"
    SINUSOID = "sinusoid"
    PLANE = "plane"
