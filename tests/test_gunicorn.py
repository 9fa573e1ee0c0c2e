"""gunicorn's settings, and what Django never sees."""

import os
import subprocess
import sys

import pytest

from tests.server import ROOT


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("WEB_WORKERS", "two", "WEB_WORKERS must be a whole number, not 'two'"),
        ("WEB_THREADS", "0", "WEB_THREADS must be at least 1, not 0"),
        ("WEB_MAX_REQUESTS", "1e5", "WEB_MAX_REQUESTS must be a whole number, not '1e5'"),
        ("PORT", "http", "PORT must be a whole number, not 'http'"),
        ("PORT", "65536", "PORT must be at most 65535, not 65536"),
        ("LOG_FORMAT", "xml", "LOG_FORMAT must be one of json, line, not 'xml'"),
        ("HTTPS", "on", "HTTPS must be one of required, off, not 'on'"),
        ("WEB_WORKER", "3", "WEB_WORKER is no setting: is WEB_WORKERS meant?"),
    ],
)
def test_a_setting_that_is_wrong_stops_the_start_with_one_line_that_names_it(name, value, said):
    command = [sys.executable, "-m", "gunicorn", "--check-config", "image_processor.wsgi"]
    environment = {**os.environ, name: value}
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)
    assert (done.returncode, done.stderr.strip()) == (1, said)


GIVEN_BACK = """
import runpy, sys
runpy.run_path("gunicorn.conf.py")
from pathlib import Path
from web import budget

def resident():
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4096

before, kept, size = resident(), [], int(sys.argv[1])
for _ in range(20):  # a small buffer is left above each large one
    large = [bytearray(size) for _ in range(20_000_000 // size)]
    kept.append(bytearray(50_000))
    del large
with budget.budget.reserve(int(sys.argv[2]), "a picture"):
    print(resident() - before)
"""


@pytest.mark.parametrize(
    ("size", "reserved"),
    [(4_000_000, 1), (2_000_000, 16 * 1024**2)],
    ids=["larger than a chunk", "as large as a chunk, before a large request"],
)
def test_memory_of_buffers_goes_back_to_the_system_wherever_gunicorn_starts(size, reserved):
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "image_processor.settings"}
    done = subprocess.run(
        [sys.executable, "-c", GIVEN_BACK, str(size), str(reserved)],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    assert int(done.stdout) < 4_000_000


def test_a_long_name_of_a_well_in_any_script_fits_into_a_url(server):
    assert server.get("/logs/?well=" + "%F0%9F%AA%A8" * 100).status == 200


def test_views_are_imported_before_the_first_request_which_is_no_503_then():
    """The deadline of a page covers all of its request, and imports take long on a busy machine."""
    script = "import sys, image_processor.wsgi; print('pages.viewer' in sys.modules)"
    command = [sys.executable, "-c", script]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout == "True\n"
