"""The rows of a wrapped LAS, which go over several lines each."""

from collections.abc import Iterator

from images.errors import InvalidFile
from images.ingest.text.careful import faulty
from images.ingest.text.dialect import SPACE, Dialect
from images.ingest.text.lines import Slab, each_line
from tables.encodings import decoded
from web.errors import Fault
from web.text import counted


def unwrapped(slabs: Iterator[Slab], dialect: Dialect) -> Iterator[Slab]:
    """Rows that go over several lines, each as one line where it ends; the lines before that one
    are blank, so that faults are told with the numbers of lines in the file.

    A row begins on a line of its own. Where its lines have more fields than there are columns,
    some are missing in it.
    """
    columns = len(dialect.names)
    row: list[bytes] = []
    fields, began = 0, 0
    for slab in slabs:
        lines: list[bytes] = []
        for number, raw in enumerate(each_line(slab.data), slab.first_line):
            lines.append(b"")
            line = raw.strip()
            if not line or line.startswith(b"#"):
                continue
            began = began or number
            row.append(line)
            fields += len(dialect.split(decoded(line)))
            if fields == columns:
                separator = b" " if dialect.separator == SPACE else dialect.separator.encode()
                lines[-1] = separator.join(row)
                row, fields, began = [], 0, 0
            elif fields > columns:
                has = counted(fields, "value")
                reason = f"the row that begins on line {began} has {has}; the header has {columns}"
                raise faulty([Fault(number, None, None, reason)], at_least=True)
        if any(lines):
            yield Slab(b"\n".join(lines) + b"\n", slab.first_line)
    if row:
        raise InvalidFile(
            f"the wrapped LAS breaks off: the row that begins on line {began} has {fields} of"
            f" {columns} values"
        )
