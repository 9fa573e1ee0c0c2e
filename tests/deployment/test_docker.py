"""The image has what runs, pinned, and nothing else."""

import json
import os
import re
import subprocess
import tomllib

import pytest
from packaging.requirements import Requirement

from tests.deployment.names import DOCKERFILE, PYPROJECT, VERSION
from tests.server import ROOT
from tests.sockets import until

HEALTHCHECK, CMD = re.findall(r"^(?:    )?CMD (\[.+\])$", DOCKERFILE, re.MULTILINE)


@pytest.mark.parametrize("name", ["requirements", "requirements-dlis"])
def test_the_lock_has_hashes_of_the_very_versions_of_requirements_txt(name):
    lock = (ROOT / f"{name}.lock").read_text().replace("\\\n", "")
    locked = [line.split() for line in lock.splitlines() if line and not line.startswith("#")]
    assert all(hashes and all("sha256:" in h for h in hashes) for _, *hashes in locked)
    pins = (ROOT / f"{name}.txt").read_text().splitlines()
    pins = [str(Requirement(pin)) for pin in pins if pin and not pin.startswith("#")]
    assert sorted(pin for pin, *_ in locked) == sorted(pins), "run: make lock"


def test_make_lock_finds_a_package_that_has_no_wheel_for_the_image():
    kinds = "--only-binary :all: --no-binary pyvips"
    assert kinds in DOCKERFILE
    assert kinds in (ROOT / "Makefile").read_text()


def test_the_image_gets_every_package_and_nothing_but_what_runs():
    allowed = re.findall(r"^!(.+)$", (ROOT / ".dockerignore").read_text(), re.MULTILINE)
    checked = tomllib.loads(PYPROJECT)["tool"]["mypy"]["files"]
    packages = [path for path in checked if not path.startswith("clients/")]
    assert sorted(allowed) == sorted(
        [*packages, "manage.py", "gunicorn.conf.py", "requirements.lock", "requirements-dlis.lock"]
    )


def test_the_image_reads_dlis_unless_it_is_built_without():
    [step] = [step for step in DOCKERFILE.split("\nRUN ") if "pip --python" in step]
    [chosen] = re.findall(r"\$\(.+\)", step)
    for argument, extra in (("yes", "-r requirements-dlis.lock"), ("no", "")):
        environment = {**os.environ, "DLIS": argument}
        done = subprocess.run(
            ["sh", "-c", f"echo {chosen}"], env=environment, capture_output=True, text=True
        )
        assert done.stdout.strip() == extra
    assert "ARG DLIS=yes" in DOCKERFILE


def test_the_image_gets_no_launcher_and_no_embedded_mongodb_and_needs_none():
    assert "image_processor/devtools" in (ROOT / ".dockerignore").read_text().splitlines()
    for package in tomllib.loads(PYPROJECT)["tool"]["mypy"]["files"]:
        for path in (ROOT / package).rglob("*.py"):
            if "devtools" not in path.parts:
                assert "devtools" not in path.read_text(), path


def test_it_is_of_this_version_and_not_run_by_root():
    assert f'image.version="{VERSION}"' in DOCKERFILE
    assert re.search(r"^USER [1-9]\d*:[1-9]\d*$", DOCKERFILE, re.MULTILINE)
    assert json.loads(CMD) == ["gunicorn", "image_processor.wsgi:application"]


def test_the_health_check_tells_a_server_that_answers_from_none(server):
    def status(port):
        environment = {**os.environ, "PORT": str(port)}
        done = subprocess.run(json.loads(HEALTHCHECK), env=environment, capture_output=True)
        return done.returncode

    # As Docker does, which asks again before it believes that a server is gone.
    until(lambda: status(server.port) == 0)
    assert status(1) == 1
