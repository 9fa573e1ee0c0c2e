"""The README and the docs say what the code does."""

import ast
import re
from importlib import import_module

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import pytest
from image_logs import Server

from images.ingest.resample import resize_rows
from images.ingest.sample import sample_csv
from tests.server import ROOT

README = (ROOT / "README.md").read_text()
DOCS = {path.name: path.read_text() for path in sorted((ROOT / "docs").glob("*.md"))}
SOURCES = [
    *sorted((ROOT / "image_processor").rglob("*.py")),
    ROOT / "gunicorn.conf.py",
]
# Read by Python itself.
NOT_OURS = {"TMPDIR"}


def table_of_settings():
    """Each variable of the table and its default."""
    for row in re.findall(r"^\| (`.+?) \| (.+?) \|", DOCS["settings.md"], re.MULTILINE):
        names, defaults = (re.findall(r"`([^`]+)`", cell) or [cell] for cell in row)
        defaults += [None] * (len(names) - len(defaults))
        yield from zip(names, defaults, strict=True)


def variables_in_the_code():
    calls = r"(?:env\.(?:text|secret|integer|words|choice|rate)|os\.environ\.get)\(\s*\"([A-Z_]+)\""
    found = {name for path in SOURCES for name in re.findall(calls, path.read_text())}
    return found - NOT_OURS


def test_the_table_names_every_variable_and_no_other():
    assert {name for name, _ in table_of_settings()} - NOT_OURS == variables_in_the_code()


@pytest.mark.parametrize(("name", "default"), list(table_of_settings()))
def test_a_default_in_the_table_is_the_one_in_the_code(name, default):
    source = "".join(path.read_text() for path in SOURCES).replace("_", "")
    if name in NOT_OURS | {"DATA_DIR"} or default is None or " " in default:
        return
    products = {"MAX_UPLOAD_BYTES": "2 * 1024**3", "MEMORY_BUDGET_BYTES": "256 * 1024**2"}
    shown = products.get(name, default)
    assert re.search(
        rf'"{name.replace("_", "")}", "?{re.escape(shown.replace("_", ""))}"?', source
    ), f"{name} does not default to {default}"


def limits():
    """What the table of limits says: the number, and the constant."""
    return re.findall(r"^\| .+? \| (\d+) \| `([\w.]+)` \|$", DOCS["limits.md"], re.MULTILINE)


@pytest.mark.parametrize(("number", "constant"), limits())
def test_a_limit_in_the_table_is_the_one_in_the_code(number, constant):
    module, _, name = constant.rpartition(".")
    assert getattr(import_module(module), name) == int(number)


def test_the_table_of_limits_is_read():
    assert len(limits()) >= 15


def test_the_table_of_metrics_names_every_metric_and_no_other(server):
    log = server.upload(b"".join(sample_csv(20))).json
    assert server.get(log["images_url"]).status == 200  # so that chunks have been read
    exposed = server.get("/metrics").body.decode()
    served = set(re.findall(r"^# TYPE (\w+) ", exposed, re.MULTILINE))
    column = re.findall(r"^\| (`.+?) \|", DOCS["monitoring.md"], re.MULTILINE)
    told = {name for cell in column for name in re.findall(r"`(\w+)`", cell)}
    only_after_a_doctor = {name for name in told if name.startswith(("doctor_", "unreachable_"))}
    assert served <= told
    assert told - served <= only_after_a_doctor


def test_every_request_of_the_schema_stands_in_the_table_of_requests(server):
    table = DOCS["http.md"].partition("| request | answer |")[2].partition("\n\n")[0]
    schema = server.get("/schema/?format=json", Accept="application/json").json
    wanted = {re.sub(r"\{\w+\}", "<>", path).rstrip("/") for path in schema["paths"]}
    told = {re.sub(r"<\w+>", "<>", word) for word in re.findall(r"[\w/<>.-]+", table)}
    told = {word.rstrip("/") for word in told} | {"/dips/rose.<>", "/dips/stereonet.<>"}
    missing = {path for path in wanted if path not in told and ".zarr" not in path}
    assert missing <= {"/dips/tadpoles.<>"}
    assert {"rose.svg", "stereonet.svg", "tadpoles.svg"} <= set(re.findall(r"\w+\.svg", table))


def test_the_resize_of_the_page_is_the_one_of_the_service():
    [example] = re.findall(r"```python\n(.*?)```", DOCS["exactness.md"], re.DOTALL)
    names = {}
    exec(example, names)  # noqa: S102
    assert names["trace"].tolist() == resize_rows(names["row"][np.newaxis])[0].tolist()


def test_the_index_leads_to_every_page():
    linked = set(re.findall(r"\]\(([\w-]+\.md)", DOCS["README.md"]))
    assert linked == set(DOCS) - {"README.md"}


def test_the_python_example_works_as_it_is_written(server, monkeypatch):
    server.upload(b"".join(sample_csv(200)), well="sample")
    opened = []
    monkeypatch.setattr("image_logs.Server", lambda url: opened.append(Server(url)) or opened[0])
    [example] = re.findall(r"```python\n(.*?)```", README, re.DOTALL)
    names = {}
    mpl.use("agg")
    exec(example.replace("http://127.0.0.1:8000", f"http://127.0.0.1:{server.port}"), names)  # noqa: S102
    assert names["window"].shape == (100, 150)
    assert names["window"]["depth"].values[[0, -1]].tolist() == [9000.1, 9010.0]
    np.testing.assert_array_equal(names["lazy"][:100].compute(), names["window"])
    # Otherwise its socket is a warning in whatever test is running when it is collected.
    names["log"]._connection.close()
    plt.close("all")
    opened[0].close()  # the example leaves it to the end of the program


def _texts(source):
    """A pattern for each text of a module; what an f-string fills in may be anything."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.JoinedStr):
            parts = [part.value if isinstance(part, ast.Constant) else None for part in node.values]
            yield "".join(".+" if part is None else re.escape(part) for part in parts)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield re.escape(node.value)


def test_the_table_of_measurements_is_the_one_that_the_benchmarks_print():
    table = DOCS["performance.md"]
    rows = re.findall(r"^\| (.+?) \| .+? \| .+? \| (?:yes|no) \|$", table, re.MULTILINE)
    benchmarks = (ROOT / "tests" / "benchmarks").glob("*.py")
    texts = {text for path in benchmarks for text in _texts(path.read_text())}
    # Those that hardly say anything would be found in each row.
    printed = [text for text in texts if len(text.replace(".+", "")) > 12]
    assert len(rows) >= 10
    for what in rows:
        assert any(re.fullmatch(text, what) for text in printed), what


def test_every_path_that_the_table_of_requests_names_is_served(server):
    table = DOCS["http.md"].partition("| request | answer |")[2].partition("\n\n")[0]
    paths = re.findall(r"^\| .*?\|", table, re.MULTILINE)
    paths = [path for row in paths for path in re.findall(r"(/[a-z][^`, ]*)`", row)]
    assert len(paths) >= 7
    for path in paths:
        answer = server.get(re.sub(r"<\w+>", "1", path))
        assert b'"urn:problem-type:not-found"' not in answer.body, path


def test_the_readme_fits_on_two_screens():
    assert len(README.splitlines()) <= 120


@pytest.mark.parametrize("name", ["README.md", *(f"docs/{name}" for name in DOCS)])
def test_every_relative_link_leads_to_a_file_and_a_heading_that_are_there(name):
    page = ROOT / name
    text = re.sub(r"`[^`\n]*`", "", page.read_text())
    for link in re.findall(r"\]\((?!https?://)([^)]+)\)", text):
        target, _, heading = link.partition("#")
        path = page.parent / target if target else page
        assert path.exists(), link
        headings = re.findall(r"^#+ (.+)$", path.read_text(), re.MULTILINE) if heading else []
        assert not heading or heading in {h.lower().replace(" ", "-") for h in headings}, link
