"""The commands of the README, the tutorial and the how-to of files work as they are written."""

import re
import subprocess

import pytest
from PIL import Image

from images.ingest.sample import sample_csv
from tests.server import ROOT

PAGES = ("README.md", "docs/tutorial.md", "docs/formats.md")
BLOCK = re.compile(r"```sh\n(.*?)```", re.DOTALL)
# It goes on until it is stopped; tests/image_processor starts the same.
NOT_RUN = {"make run"}


def commands(name):
    lines = "".join(BLOCK.findall((ROOT / name).read_text())).splitlines()
    return [line.partition("  #")[0].strip() for line in lines]


@pytest.fixture
def folder(tmp_path, server):
    """A folder as `make run` leaves it, with the sample stored."""
    (tmp_path / "var").mkdir()
    (tmp_path / "var" / "sample.csv").write_bytes(b"".join(sample_csv(200)))
    server.upload(b"".join(sample_csv(200)), well="sample")
    return tmp_path


@pytest.mark.parametrize("name", PAGES)
def test_each_command_of_a_page_works_as_it_is_written(name, folder, server):
    found = [command for command in commands(name) if command not in NOT_RUN]
    assert found
    for command in found:
        own = command.replace("127.0.0.1:8000", f"127.0.0.1:{server.port}")
        own = own.replace("curl ", "curl --fail-with-body --silent --show-error ", 1)
        done = subprocess.run(own, shell=True, cwd=folder, capture_output=True, text=True)  # noqa: S602
        assert done.returncode == 0, (command, done.stdout, done.stderr)
    if (picture := folder / "wall.png").exists():
        with Image.open(picture) as image:
            assert image.size == (150, 100)
    else:
        assert name != "README.md"
