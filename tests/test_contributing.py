"""What CONTRIBUTING.md promises to whoever adds something, and the tools that it names."""

import configparser
import json
import re
import shutil
import subprocess
import sys
import tomllib

import pytest
import yaml

from tests.server import ROOT

# A row and a writer, which here are one expression: nothing else is told of the new format.
NEW_FORMAT = """
import django

django.setup()

from images.render.representations import REPRESENTATIONS, Representation

REPRESENTATIONS["raw"] = Representation(
    "raw",
    "application/x-raw",
    "The bare grays of all traces.",
    compresses=True,
    write=lambda opened: (block.traces.tobytes() for block in opened.window.blocks),
)

import json

from django.test import Client

client = Client(SERVER_NAME="localhost")


def get(path, **headers):
    answer = client.get(path, headers=headers)
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return [answer.status_code, answer["Content-Type"], body.hex()]


print(
    json.dumps(
        {
            "schema": client.get("/schema/", headers={"Accept": "application/json"}).json(),
            "by query": get("/get-images/0/1/?format=raw"),
            "by header": get("/get-images/0/1/", Accept="application/x-raw"),
            "unknown": get("/get-images/0/1/?format=rw"),
            "not taken": get("/get-images/0/1/?format=raw&colormap=jet"),
        }
    )
)
"""


@pytest.fixture
def with_a_new_format(ingest):
    """What the service answers where REPRESENTATIONS has a row more."""
    csv = ["depth," + ",".join(f"col{n}" for n in range(1, 201))]
    csv += [f"{depth}" + ",7" * 200 for depth in (0, 0.5, 1)]
    ingest("\n".join(csv).encode())
    done = subprocess.run(
        [sys.executable, "-c", NEW_FORMAT], cwd=ROOT, capture_output=True, text=True, timeout=120
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_a_row_and_a_writer_are_an_output_format(with_a_new_format):
    for asked in ("by query", "by header"):
        status, media_type, body = with_a_new_format[asked]
        assert (status, media_type) == (200, "application/x-raw")
        assert bytes.fromhex(body) == bytes([7]) * 150 * 3
    operation = with_a_new_format["schema"]["paths"]["/get-images/{top}/{base}/"]["get"]
    described = operation["responses"]["200"]["content"]["application/x-raw"]
    [example] = described["examples"].values()
    assert example["externalValue"].endswith("?format=raw")
    [parameter] = [each for each in operation["parameters"] if each["name"] == "format"]
    assert "raw" in parameter["schema"]["enum"]
    for refused in ("unknown", "not taken"):
        status, media_type, _ = with_a_new_format[refused]
        assert (status, media_type) == (400, "application/problem+json")


def test_make_alone_prints_every_command():
    said = subprocess.run(["make"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    targets = re.findall(r"^([a-z]+):.*##", (ROOT / "Makefile").read_text(), re.MULTILINE)
    assert {"run", "dev", "check", "test", "lint"} <= {*targets}
    for target in targets:
        assert f"make {target}:" in said


def test_every_file_that_the_page_names_is_there():
    page = (ROOT / "CONTRIBUTING.md").read_text()
    named = re.findall(r"`([\w.-]+/[\w./-]*)`", page)
    assert len(named) > 10
    for found in named:
        assert (ROOT / found).exists(), found


def test_pre_commit_runs_what_make_lint_runs():
    configuration = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text())
    [repository] = configuration["repos"]
    assert repository["repo"] == "local"
    lint = subprocess.run(
        ["make", "--dry-run", "lint"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout
    for hook in repository["hooks"]:
        assert {"id", "name", "entry", "language"} <= hook.keys()
        command = hook["entry"].split(" --")[0]
        assert command in lint
        assert shutil.which(ROOT / command.split()[0])


def test_the_editor_and_ruff_agree_on_lines():
    editor = configparser.ConfigParser()
    editor.read_string("[root]\n" + (ROOT / ".editorconfig").read_text())
    ruff = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["ruff"]
    assert editor.getint("*", "max_line_length") == ruff["line-length"]
    assert editor["Makefile"]["indent_style"] == "tab"
