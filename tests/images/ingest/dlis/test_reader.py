import multiprocessing
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from images.errors import InvalidFile
from images.ingest.dlis.reader import contents
from images.ingest.table import Read
from tests.images.ingest.dlis_files import dlis
from tests.images.ingest.files import assert_one_sentence, opened, table

# Reads a DLIS, and says what the process is that its reader was forked by.
READING = """
import multiprocessing, sys, time
from pathlib import Path
from images.ingest.dlis.reader import contents
with open(sys.argv[1], "rb") as file, contents(file):
    [reader] = multiprocessing.active_children()
    print(Path(f"/proc/{reader.pid}/stat").read_text().split()[3], flush=True)
    time.sleep(60)
"""


def command_line(pid):
    """Empty once the process has ended."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except (FileNotFoundError, ProcessLookupError):
        return b""


@pytest.fixture(scope="module")
def small():
    return dlis(cube=np.zeros((20, 6)), T2_DIST=np.ones((20, 30)))


def test_a_frame_gives_its_arrays_and_curves(small):
    plan, depths, values = table(small)
    assert [(log.name, log.unit, log.kind, log.width) for log in plan.logs] == [
        ("AMP", "dB", "image", 16),
        ("GR", "dB", "curve", 1),
        ("cube", "dB", "image", 6),
        ("T2_DIST", "dB", "array", 30),
    ]
    assert depths.tolist() == (1000 + np.arange(20) / 10).tolist()
    assert plan.depth_unit == "m"
    assert values[1, :17].tolist() == [*range(16, 32), 1.5]


@pytest.mark.parametrize("length", [90, 300, 900])
def test_a_dlis_that_is_cut_off_is_refused(small, length):
    with pytest.raises(
        InvalidFile, match=r"the DLIS (holds no frame|is damaged or cut off: [a-zA-Z])"
    ) as caught:
        table(small[:length])
    assert "Problem" not in str(caught.value)


@given(st.data())
@settings(max_examples=5)
def test_a_damaged_dlis_is_read_or_refused_with_a_sentence(small, data):
    changed = bytearray(small)
    for _ in range(data.draw(st.integers(1, 8))):
        changed[data.draw(st.integers(80, len(changed) - 1))] = data.draw(st.integers(0, 255))
    try:
        table(bytes(changed))
    except InvalidFile as error:
        assert_one_sentence(error)


def test_a_reader_that_breaks_down_is_told_in_a_sentence_and_the_next_file_is_read(small):
    with opened(small) as file, contents(file) as found:
        [reader] = multiprocessing.active_children()
        os.kill(reader.pid, signal.SIGKILL)
        reader.join()
        with pytest.raises(InvalidFile, match="its reader broke down"):
            list(found.tables[0].rows(Read(0, (1,))))
    assert len(table(small)[1]) == 20


def test_the_server_that_forks_readers_ends_with_the_process_that_started_it(small, tmp_path):
    path = tmp_path / "small.dlis"
    path.write_bytes(small)
    command = [sys.executable, "-c", READING, path]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        server = int(process.stdout.readline())
        assert b"forkserver" in command_line(server)
        process.kill()
    deadline = time.monotonic() + 30
    while command_line(server) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert not command_line(server)


@pytest.mark.parametrize(
    ("name", "encoding", "told"),
    [
        ("Гамма", "cp1251", "CP1251"),
        ("Röhre", "cp1252", "CP1252"),
        ("自然伽马", "gb2312", "GB18030"),
    ],
)
def test_names_of_a_dlis_that_are_not_utf_8_are_read_in_their_encoding_with_a_warning(
    name, encoding, told
):
    letters = name.encode(encoding)
    stand_in = "Q" * len(letters)
    data = dlis(**{stand_in: np.zeros((5, 1))}).replace(stand_in.encode(), letters)
    with opened(data) as file, contents(file) as found:
        assert name in [column.name for column in found.tables[0].columns]
        [(code, detail)] = found.warnings
    assert code == "encoding-assumed"
    assert told in detail
