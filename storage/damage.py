"""What a look at stored data finds wrong."""

from dataclasses import dataclass
from typing import Self


@dataclass(frozen=True, slots=True)
class Damage:
    """Something that is not as it should be: what and where, and what can be done about it.

    ``unreachable_bytes`` are those that are stored and that nothing will ever ask for.
    """

    what: str
    advice: str
    repaired: bool = False
    unreachable_bytes: int = 0

    @classmethod
    def repairable(cls, what: str, repaired: bool, unreachable_bytes: int = 0) -> Self:
        """What the doctor can repair, and has if it was told to."""
        return cls(what, "--fix repairs it", repaired, unreachable_bytes)

    def __str__(self) -> str:
        return f"{self.what}: {'repaired' if self.repaired else self.advice}"
