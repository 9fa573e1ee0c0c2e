"""Ten thousand CSVs that hypothesis makes up: good, damaged, and no CSVs at all."""

import http.client
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from image_processor.devtools.embedded_mongodb import EmbeddedMongod
from tests.benchmarks.measure import Result, at_most
from tests.chaos.service import server
from tests.csvs import COLUMNS

FILES = 10_000

numbers = st.one_of(
    st.integers(0, 255).map(str),
    st.floats(0, 255).map(repr),
    st.integers().map(str),
    st.floats().map(repr),
    st.sampled_from(["", " 7", "07", "+7", "1e2", "255.4", "nan", "0x10", "7,", '"7"', '"', "½"]),
    st.text(max_size=5),
)
# A field here and there makes up a row: the others hold what the row is filled with.
rows = st.tuples(numbers, numbers, st.dictionaries(st.integers(0, 200), numbers, max_size=3))
good = st.integers(0, 255).map(str)
good_rows = st.tuples(
    st.floats(allow_nan=False, allow_infinity=False).map(repr),
    good,
    st.dictionaries(st.integers(0, 199), st.one_of(good, st.just("")), max_size=3),
)
headers = st.one_of(
    st.just(",".join(COLUMNS)),
    st.permutations(COLUMNS).map(",".join),
    st.lists(st.sampled_from([*COLUMNS, "col0", "Depth", ""]), max_size=205).map(",".join),
    st.text(max_size=20),
)


def _line(parts: tuple[str, str, dict[int, str]]) -> str:
    depth, fill, odd = parts
    return ",".join([depth, *(odd.get(number, fill) for number in range(200))])


@st.composite
def good_csvs(draw: st.DrawFn) -> bytes:
    lines = [",".join(COLUMNS), *map(_line, draw(st.lists(good_rows, min_size=1, max_size=8)))]
    return draw(st.sampled_from(["\n", "\r\n"])).join(lines).encode()


@st.composite
def csvs(draw: st.DrawFn) -> bytes:
    end = draw(st.sampled_from(["\n", "\r\n", "\r", "\n\n"]))
    lines = [draw(headers), *map(_line, draw(st.lists(rows, max_size=8)))]
    data = (end.join(lines) + draw(st.sampled_from(["", end]))).encode(errors="replace")
    start = draw(st.sampled_from([b"", b"\xef\xbb\xbf", b"\xff\xfe", b"\x00"]))
    return start + data[: draw(st.integers(0, len(data)))] if draw(st.booleans()) else start + data


def results(directory: Path) -> Iterator[Result]:
    statuses: Counter[int] = Counter()
    with EmbeddedMongod(directory / "mongodb") as mongod, server(mongod.uri) as running:
        before = set(running.worker_pids())
        connection = http.client.HTTPConnection("127.0.0.1", running.port, timeout=60)

        @settings(
            max_examples=FILES,
            deadline=None,
            database=None,
            suppress_health_check=list(HealthCheck),
        )
        @given(st.one_of(good_csvs(), csvs(), st.binary(max_size=200)))
        def upload(csv: bytes) -> None:
            connection.request("POST", "/upload-csv/", csv, {"Content-Type": "text/csv"})
            answer = connection.getresponse()
            answer.read()
            statuses[answer.status] += 1

        upload()
        lost = before - set(running.worker_pids())
    print(f"answers: {dict(statuses)}", file=sys.stderr)
    faults = sum(count for status, count in statuses.items() if status >= 500)
    yield at_most(f"faults of the server at {statuses.total()} made-up CSVs", faults, 0)
    yield at_most("workers lost at it", len(lost), 0)
