"""Diameters of the hole from its caliper curves."""

from collections.abc import Mapping, Sequence
from typing import Any

from dips.computing import Calipers
from wells.hole import Hole


def calipers(picks: Sequence[Mapping[str, Any]], hole: Hole) -> Calipers | None:
    """The diameters that were measured at the depths of picks, None without such a curve."""
    return None
