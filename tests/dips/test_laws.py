"""The whole way: a plane in a hole, its trace, points on it, the fit, and the plane again."""

import contextlib
import io

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from dips.errors import InvalidDips
from dips.formats import reading, writing
from dips.formats.layout import Options, opened
from dips.planes import fitting, geometry
from dips.planes.geometry import Reference
from dips.terms import Basis, DipType
from wells.errors import UnitsDiffer

ANGLES = st.floats(0, 359.99)


def read(data):
    """What is found in a file."""
    return reading.read(opened(data), Options())


@given(
    st.sampled_from(Reference),
    st.floats(2, 175),
    ANGLES,
    st.floats(1, 89),
    ANGLES,
    st.integers(3, 30),
)
def test_a_plane_gives_a_trace_whose_points_give_the_plane(
    reference, inclination, hole_azimuth, dip, azimuth, count
):
    hole, diameter = geometry.frame(reference, inclination, hole_azimuth), 0.2159
    apparent, towards = geometry.seen_in(hole, dip, azimuth)
    assume(0.01 < apparent[0] < 89)
    height = float(geometry.height_of(apparent[0], diameter))
    azimuths = np.linspace(0, 300, count)
    fit = fitting.fit(geometry.trace(1234.5, height, towards[0], azimuths), azimuths)
    found = geometry.true_dip(hole, geometry.apparent_dip(fit.height, diameter), fit.azimuth)
    assert found[0][0] == pytest.approx(dip, abs=1e-6)
    across = np.sin(np.radians(dip))
    assert abs((found[1][0] - azimuth + 180) % 360 - 180) * across < 1e-6


@given(st.lists(st.tuples(st.floats(0, 9000), st.floats(0, 90), ANGLES), min_size=1, max_size=20))
def test_lists_of_true_dips_are_read_as_they_were_written(rows):
    lines = "".join(f"{depth!r},{dip!r},{azimuth!r}\n" for depth, dip, azimuth in rows)
    found = read(f"depth,dip,azimuth\n{lines}".encode())
    assert not found.faults
    kept = [(f["depth"], f["true_dip"], f["true_azimuth"]) for f in found.fields]
    nulls = {-999.25, -9999.0}
    assert kept == [row for row in rows if not nulls & {*row}]


HEADERS = ["depth,dip,azimuth\n", "MD;DIP;AZI\nm;deg;deg\n", "depth height azimuth_toh\n", ""]


@given(
    st.sampled_from(HEADERS),
    st.one_of(
        st.binary(max_size=300),
        st.text("depth,ipazmu_ft 0123456789.;\n-\t\"'()[]", max_size=200).map(str.encode),
    ),
)
def test_whatever_is_sent_is_read_or_refused(header, data):
    with contextlib.suppress(InvalidDips, UnitsDiffer):
        found = read(header.encode() + data)
        assert len(found.fields) == len(found.lines)
        assert len(found.fields) + found.total >= 1


def test_every_type_is_read_by_its_own_name():
    for kind in DipType:
        found = read(f"depth,dip,azimuth,type\n1,2,3,{kind}\n".encode())
        assert found.fields[0]["type"] is kind


def test_the_columns_that_are_written_are_known_when_they_are_read():
    text = io.StringIO(",".join(writing.COLUMNS))
    header = text.getvalue().encode()
    row = {"depth": "1", "height": "0.5", "apparent_azimuth": "9", "basis": "sinusoid"}
    line = ",".join(row.get(name, "") for name in writing.COLUMNS)
    found = read(header + b"\n" + line.encode())
    assert found.basis is Basis.SINUSOID
    assert found.fields[0]["azimuth"] == 9
    computed = {"hole_inclination", "hole_azimuth", "diameter_source", "source", "revision", "well"}
    assert {*found.ignored} == computed | {"created_at", "changed_at"}
