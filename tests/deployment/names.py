"""What the code knows, for the files of the deployment to be held against."""

import re
from importlib.util import find_spec

from django.core.management import get_commands, load_command_class
from django.urls import resolve

from image_processor import __version__, settings
from tests.docs.test_docs import variables_in_the_code
from tests.server import ROOT

DOCKERFILE = (ROOT / "Dockerfile").read_text()
GUNICORN = (ROOT / "gunicorn.conf.py").read_text()
NGINX = (ROOT / "deploy" / "nginx.conf").read_text()
NGINX_PORT = int(re.search(r"listen (\d+) default_server", NGINX)[1])
PYPROJECT = (ROOT / "pyproject.toml").read_text()
VERSION = __version__
PORT = int(re.search(r"\bPORT=(\d+)", DOCKERFILE)[1])
GRACEFUL_SECONDS = int(re.search(r"^graceful_timeout = (\d+)", GUNICORN, re.MULTILINE)[1])


def assert_variables(names):
    assert set(names) <= variables_in_the_code()


def assert_command(words):
    """That the image has what these words start, with these options."""
    python, what, name, *options = words
    assert python == "python"
    if what == "-m":
        assert find_spec(name).origin.startswith(str(ROOT))
        return
    assert what == "manage.py"
    parser = load_command_class(get_commands()[name], name).create_parser(what, name)
    parser.parse_args(options)


def assert_probe(path):
    assert resolve(path).func.__module__ == "image_processor.ops.health"


def template_values():
    """The values of nginx.conf."""
    return set(re.findall(r"\$\{(\w+)\}", NGINX))


def room_for_nginx(bodies, body_bytes):
    """Bytes that nginx.conf lets onto the disk: large bodies, small ones, answers that wait."""
    answers = int(re.search(r"limit_conn all (\d+);", NGINX)[1])
    megabytes = int(re.search(r"proxy_max_temp_file_size (\d+)m;", NGINX)[1])
    return bodies * body_bytes + answers * (10_000_000 + megabytes * 1024**2)


def room_for_temporary_files(workers):
    """Bytes that the temporary files of the application may take."""
    return workers * settings.DISK_BUDGET_BYTES
