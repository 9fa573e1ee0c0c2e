"""The answer about a file of picks: what it holds, and how its dips differ from those computed."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

import numpy as np

from dips.formats.found import Found
from dips.formats.rows import COMPARED
from dips.picks.shown import shown
from dips.terms import Basis
from web.text import counted
from wells.hole import Hole
from wells.survey import Floats

SHOWN = 10
# A larger difference means another reference, sense, survey or diameter.
NOTABLE_DEGREES = 0.1
# The azimuth of a plane that dips less is mostly rounding, and is not compared.
NEARLY_HORIZONTAL_DEGREES = 1.0


def described(found: Found, drafts: Sequence[Mapping[str, Any]], hole: Hole) -> dict[str, Any]:
    """The answer about a file: what it holds, what is wrong with it, its first picks."""
    dips = shown(drafts, hole)
    differences, warnings = _differences(found.published, dips)
    lacking = Counter(
        dip["reason"] for dip in dips if dip["true_dip"] is None and dip["basis"] != Basis.PLANE
    )
    for why, count in lacking.most_common(5):
        warnings.append(f"{counted(count, 'pick has', 'picks have')} no true dip: {why}")
    depths = [pick["depth"] for pick in drafts]
    return {
        "count": len(drafts),
        "basis": found.basis,
        "columns": found.columns,
        "ignored": found.ignored,
        "depth_unit": found.depth_unit,
        "top": min(depths, default=None),
        "base": max(depths, default=None),
        "differences": differences,
        "warnings": [*found.warnings, *warnings],
        "errors": [asdict(fault) for fault in found.faults],
        "total_errors": found.total,
        "dips": [{**dip, "id": None} for dip in dips[:SHOWN]],
    }


def _differences(
    published: Sequence[Mapping[str, float]], dips: Sequence[Mapping[str, Any]]
) -> tuple[dict[str, float], list[str]]:
    """The largest differences, in degrees, between the dips in a file and those computed; and
    warnings of the notable ones."""
    found, warnings = {}, []
    for name in COMPARED:
        apart = _apart(name, published, dips)
        if not len(apart):
            continue
        found[name] = float(apart.max())
        if found[name] > NOTABLE_DEGREES:
            warnings.append(
                f"the {name.replace('_', ' ')} of the file differs from what is computed by up to"
                f" {found[name]:.4g} degrees, {float(np.median(apart)):.4g} at the median; the dips"
                " kept are those computed"
            )
    return found, warnings


def _apart(
    name: str, published: Sequence[Mapping[str, float]], dips: Sequence[Mapping[str, Any]]
) -> Floats:
    """How far (m,) the angles ``name`` of a file are from those computed, where there are both."""
    least = NEARLY_HORIZONTAL_DEGREES if name.endswith("azimuth") else 0.0
    pairs = [
        (says[name], dip[name])
        for says, dip in zip(published, dips, strict=True)
        if name in says and dip[name] is not None and (dip["true_dip"] or 0.0) >= least
    ]
    given, computed = np.array(pairs, np.float64).reshape(-1, 2).T
    apart: Floats = np.abs(given - computed)
    return np.minimum(apart % 360, -apart % 360)
