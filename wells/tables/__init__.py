"""Tables as people have them: delimited text with any usual delimiter, and LAS."""

from wells.tables import delimited, las
from wells.tables.table import Column, Known, Row, Table

__all__ = ["MEASURED_DEPTH", "NULLS", "Column", "Row", "Table", "read"]

# Plain names of columns of depths along the hole.
MEASURED_DEPTH = (
    *("depth", "md", "dept", "measureddepth", "mdepth", "tdep", "depthmd", "mddepth"),
    *("depthmeasured", "measdepth", "alongholedepth", "depthah"),
)
# Numbers that mean a missing value in any file.
NULLS = frozenset({-999.0, -999.25, -9999.0, -9999.25, -99999.0, -999999.0})


def read(data: bytes, max_rows: int, known: Known) -> Table:
    """The table in a file. At most ``max_rows`` rows and one more are read: the caller can see that
    there are too many.

    ``known`` says whether the caller looks for a column. The header is the first line with two such
    columns.
    """
    text = _decoded(data)
    return (las if las.is_las(text) else delimited).read(text, max_rows, known)


def _decoded(data: bytes) -> str:
    encoding = "utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        return data.decode("latin-1")
