"""Files as accidents leave them: bytes flipped, cut, doubled; lines and columns lost."""

import random
from collections.abc import Callable, Iterator
from pathlib import Path

from images.errors import InvalidFile
from tests.images.ingest.files import assert_one_sentence, tables

SEPARATORS = (b",", b"\t", b";", b" ")
# Pieces that readers may stumble over.
ODD = (
    *(b"\0", b'"', b"'", b"~", b"~A\n", b"#", b"\r", b"\xff\xfe", b"\xef\xbb\xbf", b"1e999"),
    *(b"NaN", b"-", b"[0]", b"(", b"{AF;5ms}", b":", b".", b"|", b"sep=;\n", b"\x1a", b"9" * 500),
)


def _flipped(data: bytes, chance: random.Random) -> bytes:
    changed = bytearray(data)
    for _ in range(chance.randint(1, 8)):
        changed[chance.randrange(len(changed))] = chance.randrange(256)
    return bytes(changed)


def _cut(data: bytes, chance: random.Random) -> bytes:
    return data[: chance.randrange(len(data))]


def _without_a_piece(data: bytes, chance: random.Random) -> bytes:
    start = chance.randrange(len(data))
    return data[:start] + data[start + chance.randint(1, 200) :]


def _with_a_piece(data: bytes, chance: random.Random) -> bytes:
    start = chance.randrange(len(data))
    return data[:start] + chance.choice(ODD) * chance.randint(1, 3) + data[start:]


def _lines_moved(data: bytes, chance: random.Random) -> bytes:
    lines = data.split(b"\n")
    line = lines.pop(chance.randrange(len(lines)))
    for _ in range(chance.randint(0, 2)):
        lines.insert(chance.randint(0, len(lines)), line)
    return b"\n".join(lines)


def _column_lost(data: bytes, chance: random.Random) -> bytes:
    separator, column = chance.choice(SEPARATORS), chance.randrange(6)
    lines = [line.split(separator) for line in data.split(b"\n")]
    kept = [fields[:column] + fields[column + 1 :] for fields in lines]
    return b"\n".join(map(separator.join, kept))


MUTATIONS: tuple[Callable[[bytes, random.Random], bytes], ...] = (
    *(_flipped, _cut, _without_a_piece, _with_a_piece, _lines_moved, _column_lost),
)


def mutants(data: bytes, count: int, seed: int = 0) -> Iterator[bytes]:
    """``count`` damaged copies of ``data``, the same ones on every call."""
    chance = random.Random(seed)
    for _ in range(count):
        changed = data
        for _ in range(chance.randint(1, 3)):
            changed = chance.choice(MUTATIONS)(changed, chance) if changed else b"\n"
        yield changed


def real_files(folder: Path, most_bytes: int) -> list[tuple[str, bytes]]:
    """The first bytes of each file in ``folder``, by name."""
    if not folder.exists():
        return []
    paths = sorted(path for path in folder.rglob("*") if path.is_file())
    found = []
    for path in paths:
        with path.open("rb") as file:
            found.append((path.name, file.read(most_bytes)))
    return found


def read_or_refused(data: bytes) -> bool:
    """Whether ``data`` was read; else it was refused in one sentence, and nothing else happened."""
    try:
        tables(data)
    except InvalidFile as error:
        assert_one_sentence(error)
        return False
    return True
