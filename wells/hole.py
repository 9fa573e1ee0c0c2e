"""The state of a well that dips are computed from."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from bson import ObjectId

from wells import survey
from wells.survey import Floats, Survey


@dataclass(frozen=True)
class Hole:
    """A well as it is, or was, at one moment.

    ``references`` as in Well; ``changed_at`` is when this generation began.
    """

    well_id: ObjectId
    name: str
    generation: int
    changed_at: datetime
    changed_by: str
    depth_unit: str | None
    bit_size: float | None
    bit_size_unit: str | None
    declination: float | None
    grid_convergence: float | None
    stations: Mapping[str, list[float]] | None
    calipers: tuple[ObjectId, ...]
    caliper_units: tuple[str | None, ...]
    references: Mapping[str, str | None]

    @classmethod
    def of(cls, well: Mapping[str, Any], **identity: Any) -> "Hole":
        """From a document of Well; or from ``PastWell.was`` with _id, name and generation."""
        known = {**well, **identity}
        return cls(
            known["_id"],
            known["name"],
            known["generation"],
            known["changed_at"],
            known.get("changed_by") or "",
            known.get("depth_unit"),
            known.get("bit_size"),
            known.get("bit_size_unit"),
            known.get("declination"),
            known.get("grid_convergence"),
            known.get("survey"),
            tuple(known.get("calipers") or ()),
            tuple(known.get("caliper_units") or ()),
            known.get("references") or {},
        )

    @cached_property
    def survey(self) -> Survey | None:
        parts = self.stations
        if parts is None:
            return None
        return survey.survey(parts["depth"], parts["inclination"], parts["azimuth"])

    @property
    def turn(self) -> float:
        """Degrees that are added to azimuths as measured. The declination turns azimuths from
        magnetic north into azimuths from true north; the convergence turns those into azimuths from
        grid north."""
        return (self.declination or 0.0) - (self.grid_convergence or 0.0)

    def at(self, depths: Any) -> tuple[Floats, Floats] | None:
        """Inclination and corrected azimuth (n,) at these depths; None without a survey."""
        if self.survey is None:
            return None
        inclination, azimuth = survey.at(self.survey, depths)
        return inclination, survey.wrapped(azimuth + self.turn)
