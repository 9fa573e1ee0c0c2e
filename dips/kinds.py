"""What a pick may be of, where it may come from, and what it is made of."""

from enum import StrEnum


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
