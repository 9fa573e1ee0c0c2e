"""What was found in a file of picks."""

from dataclasses import dataclass, field
from typing import Any

from dips.terms import Basis
from web.errors import Fault, quoted

MAX_FAULTS = 100


@dataclass(slots=True)
class Found:
    """The picks of a file as ``editing.draft`` takes them, with faults and warnings.

    ``published`` are, for each pick, the angles in the file that the service computes too.
    """

    basis: Basis
    depth_unit: str | None
    columns: dict[str, str]
    ignored: list[str]
    fields: list[dict[str, Any]] = field(default_factory=list)
    published: list[dict[str, float]] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    total: int = 0
    warnings: list[str] = field(default_factory=list)

    def fault(self, line: int, column: str | None, value: str | None, reason: str) -> None:
        """Note a fault. All are counted; the first MAX_FAULTS are kept."""
        self.total += 1
        if len(self.faults) < MAX_FAULTS:
            self.faults.append(Fault(line, column, value and quoted(value), reason))
