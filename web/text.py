"""Checks of the characters of short texts: names of wells and logs, captions, comments."""

import unicodedata

# Of wells, logs and units.
MAX_NAME_CHARACTERS = 100
# Control, format and surrogate characters, and separators of lines and paragraphs. They hide or
# reorder text, or break lines, headers and tables.
REFUSED_CATEGORIES = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})


def checked_text(text: str, most: int, least: int = 1) -> str:
    """``text`` without spaces at its ends.

    Raises ValueError with a reason for the sender if it has fewer than ``least`` or more than
    ``most`` characters, or one of REFUSED_CATEGORIES.
    """
    stripped = text.strip(" ")
    if not least <= len(stripped) <= most:
        raise ValueError(f"{least} to {most} characters are needed; this has {len(stripped)}")
    for position, character in enumerate(stripped, 1):
        if unicodedata.category(character) in REFUSED_CATEGORIES:
            raise ValueError(
                f"character {position}, U+{ord(character):04X}, is a control or format character;"
                " only printable characters are allowed"
            )
    return stripped
