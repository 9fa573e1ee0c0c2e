"""Which characters the texts that people send may have: names of wells and logs, captions."""

import unicodedata

# Control, format and surrogate characters, and separators of lines and paragraphs: they hide text
# or change its order, and break lines, headers and tables.
REFUSED_CATEGORIES = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})


def checked_text(text: str, most: int, least: int = 1) -> str:
    """``text`` without the white space around it.

    Raises ValueError, with a reason for the sender, unless it has ``least`` to ``most``
    characters and none that is invisible or breaks the line.
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
