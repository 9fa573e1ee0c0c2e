"""Each command of the docs works as it is written, or its page says that no test runs it."""

import re
import shlex
import subprocess

import pytest
from django.core.management import call_command
from PIL import Image

from images.ingest.sample import sample_csv
from tests.server import ROOT

PAGES = ("README.md", "docs/tutorial.md", "docs/formats.md", "docs/tokens.md")
# What pages say of commands that are not run.
SAID = "No test runs"
MANAGE = ".venv/bin/python manage.py "
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
        if own.startswith(MANAGE):
            call_command(*shlex.split(own.removeprefix(MANAGE)))
            continue
        own = own.replace("curl ", "curl --fail-with-body --silent --show-error ", 1)
        done = subprocess.run(own, shell=True, cwd=folder, capture_output=True, text=True)  # noqa: S602
        assert done.returncode == 0, (command, done.stdout, done.stderr)
    if (picture := folder / "wall.png").exists():
        with Image.open(picture) as image:
            assert image.size == (150, 100)
    else:
        assert name != "README.md"


MAKE = re.compile(r"make ?(\w*)")


def pages():
    found = [*ROOT.glob("docs/*.md"), *ROOT.glob("*.md"), *ROOT.glob("clients/python/*.md")]
    return sorted(str(page.relative_to(ROOT)) for page in found)


def others():
    """The pages that have commands, besides those of make, and are not run."""
    return [
        name
        for name in pages()
        if name not in PAGES and not all(map(MAKE.fullmatch, commands(name)))
    ]


@pytest.mark.parametrize("name", others())
def test_a_page_with_commands_that_are_not_run_says_so(name):
    assert SAID in (ROOT / name).read_text()


def test_what_pages_ask_make_for_is_a_target_of_the_makefile():
    targets = re.findall(r"^(\w+):", (ROOT / "Makefile").read_text(), re.MULTILINE)
    asked = [MAKE.fullmatch(command) for name in pages() for command in commands(name)]
    wanted = {found[1] for found in asked if found and found[1]}
    assert {"run", "check", "test"} <= wanted <= set(targets)


def test_commands_are_found():
    assert "docs/operations.md" in others()
