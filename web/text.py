"""Checks of the characters of short texts: names of wells and logs, captions, comments."""

import unicodedata
from collections.abc import Sequence

# Of wells, logs and units.
MAX_NAME_CHARACTERS = 100
# What Django makes of bytes in queries and forms that are no UTF-8.
LOST = "\ufffd"
# Control, format and surrogate characters, and separators of lines and paragraphs. They hide or
# reorder text, or break lines, headers and tables.
REFUSED_CATEGORIES = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})


def composed(text: str) -> str:
    """``text`` in the Unicode form NFC, in which a letter and its accent are one character.

    Some systems send them as two. Names that look alike are the same name in this form.
    """
    return unicodedata.normalize("NFC", text)


def counted(count: int, one: str, many: str = "") -> str:
    """A number with its word for a sentence: ``1 pick``, ``2 picks``; ``many`` is the word for more
    than one, by default ``one`` with an s."""
    return f"{count} {one if count == 1 else many or one + 's'}"


def listed(texts: Sequence[str], most: int = 10) -> str:
    """The first ``most`` texts for a sentence, and how many more there are."""
    more = f" and {len(texts) - most} more" if len(texts) > most else ""
    return ", ".join(texts[:most]) + more


def checked_text(text: str, most: int, least: int = 1, allowed: str = "") -> str:
    """``text`` in the form NFC, without spaces at its ends.

    Raises ValueError with a reason for the sender if it has fewer than ``least`` or more than
    ``most`` characters, one of REFUSED_CATEGORIES that is not ``allowed``, or LOST.
    """
    stripped = composed(text).strip(" ")
    if not least <= len(stripped) <= most:
        needed = (
            f"{least} to {most} characters are needed" if least else f"at most {most} characters"
        )
        raise ValueError(f"{needed}; this has {len(stripped)}")
    for position, character in enumerate(stripped, 1):
        if unicodedata.category(character) in REFUSED_CATEGORIES and character not in allowed:
            raise ValueError(
                f"character {position}, U+{ord(character):04X}, is a control or format character;"
                " only printable characters are allowed"
            )
        if character == LOST:
            raise ValueError(
                f"character {position}, U+FFFD, stands for bytes that are no UTF-8; send UTF-8"
            )
    return stripped
