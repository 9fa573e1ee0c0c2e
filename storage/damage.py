"""Damage that a check of stored data finds."""

from dataclasses import dataclass
from typing import Self


@dataclass(frozen=True, slots=True)
class Damage:
    """One fault: what is wrong and where, and what can be done about it.

    ``unreachable_bytes`` are stored bytes that nothing refers to.
    """

    what: str
    advice: str
    repaired: bool = False
    unreachable_bytes: int = 0

    @classmethod
    def repairable(cls, what: str, repaired: bool, unreachable_bytes: int = 0) -> Self:
        """A fault that the doctor can repair. ``repaired`` says whether it did."""
        return cls(what, "--fix repairs it", repaired, unreachable_bytes)

    def __str__(self) -> str:
        return f"{self.what}: {'repaired' if self.repaired else self.advice}"
