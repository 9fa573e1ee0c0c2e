"""Damaged files of every kind are read or refused in one sentence; never anything else.

The long version is ``python -m tests.chaos fuzz``.
"""

import gzip
import io
import zipfile

import pytest

from tests.images.ingest.dlis_files import dlis
from tests.images.ingest.files import las, numbers
from tests.images.ingest.mutations import mutants, read_or_refused, real_files
from tests.server import ROOT

REAL = ROOT.parent / "shared" / "data"
ROWS = [numbers(100 + i / 2, 55.5, *range(1, 9)) for i in range(12)]
LAS = las(ROWS)
WRAPPED = LAS.replace(b"WRAP. NO", b"WRAP. YES").replace(b" 1 2 3", b"\n1 2 3")
LAS3 = (
    LAS.replace(b"VERS. 2.0", b"VERS. 3.0 : x\nDLM. COMMA")
    .replace(b"~A DEPT GR", b"~Log_Data | Curve")
    .replace(b" 1 2 3 4 5 6 7 8\n", b",1,2,3,4,5,6,7,8\n")
    .replace(b" 55.5,", b",55.5,")
)
NAMES = ["depth [m]", "GR (API)", *(f"AMP_{45 * i}deg" for i in range(8))]
CSV = "\n".join([",".join(NAMES), *(",".join(row.split()) for row in ROWS)]).encode()
LONG = "wellName,datasetName,TDEP,IMG\n,,ft,ohm.m\n" + "".join(
    f"A,B,{100 + row / 2},{row * i}\n" for row in range(9) for i in range(6)
)


def zipped(data):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.csv", data)
    return buffer.getvalue()


KINDS = {
    "CSV": CSV,
    "with semicolons and decimal commas": CSV.replace(b",", b";").replace(b".", b","),
    "with units, tabs and quotes": b'"MD"\t"A[0]"\t"A[1]"\nm\tdB\tdB\n"1"\t" 2 "\t"3"\n' * 3,
    "UTF-16": CSV.decode().encode("utf-16"),
    "long form": LONG.encode(),
    "LAS 2.0": LAS,
    "wrapped LAS": WRAPPED,
    "LAS 3.0": LAS3,
    "gzip": gzip.compress(CSV),
    "zip": zipped(CSV),
}


@pytest.mark.parametrize("kind", KINDS)
def test_a_file_of_this_kind_is_read_and_its_damaged_copies_are_read_or_refused(kind):
    assert kind == "with units, tabs and quotes" or read_or_refused(KINDS[kind])
    read = sum(map(read_or_refused, mutants(KINDS[kind], 60)))
    assert read < 60


def test_a_damaged_dlis_is_read_or_refused():
    for data in mutants(dlis(rows=6), 4):
        read_or_refused(data)


def test_damaged_copies_of_real_files_are_read_or_refused():
    files = [(name, data) for name, data in real_files(REAL, 12_000) if b"RECORD" not in data[:80]]
    if not files:
        pytest.skip("there are no shared/data beside the project")
    for seed, (_, data) in enumerate(files):
        for changed in mutants(data, 1, seed):
            read_or_refused(changed)
