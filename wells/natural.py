"""The order in which people expect names: F-4 before F-10."""

import re

# Longer numbers are compared by their first digits only.
DIGITS = 12


def natural_key(name: str) -> str:
    """Text that sorts as people do: numbers by their value, letters without regard to case."""
    return re.sub(r"\d+", lambda run: run[0].lstrip("0").rjust(DIGITS, "0"), name.casefold())
