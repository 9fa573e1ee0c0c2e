"""Tables as people have them: delimited text with any usual delimiter, and LAS."""

from wells.tables import delimited, las
from wells.tables.table import Column, Known, Row, Table

__all__ = ["NULLS", "Column", "Row", "Table", "read"]

# Numbers that mean a missing value in any file.
NULLS = frozenset({-999.0, -999.25, -9999.0, -9999.25, -99999.0, -999999.0})


def read(data: bytes, max_rows: int, known: Known) -> Table:
    """The table in a file. Of more than ``max_rows`` rows one more is read, so that it shows.

    ``known`` tells the columns that the caller looks for. The header is the first line with two.
    """
    text = _decoded(data)
    return (las if las.is_las(text) else delimited).read(text, max_rows, known)


def _decoded(data: bytes) -> str:
    encoding = "utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        return data.decode("latin-1")
