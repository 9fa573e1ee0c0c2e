"""Real image logs, where they are at hand beside the project."""

import csv

import numpy as np
import pytest
from PIL import Image

from tests.problems import assert_problem
from tests.server import ROOT
from tests.test_get_images import pixels_of

DATA = ROOT.parent / "shared" / "data"


def real(name):
    path = DATA / name
    if not path.exists():
        pytest.skip(f"there is no {path.relative_to(ROOT.parent)} beside the project")
    return path.read_bytes()


def test_a_televiewer_log_goes_in_and_comes_out_right(server):
    data = real("televiewer_200.csv")
    log = server.upload(data, well="tv").json
    assert (log["rows"], log["rows_skipped"], log["sampling_interval"]) == (5460, 1, 0.1)
    assert (log["depth_min"], log["depth_max"]) == (9000.1, 9546.0)
    rows = [row for row in csv.reader(data.decode().splitlines()[1:]) if any(row)]
    answer = server.get(f"{log['images_url']}")
    assert [image["depth"] for image in answer.json["images"]] == [float(row[0]) for row in rows]
    traces = pixels_of(answer)
    for row, trace in zip(rows, traces, strict=True):
        image = Image.fromarray(np.array([row[1:]], np.uint8))
        assert trace.tolist() == np.asarray(image.resize((150, 1)))[0].tolist()


def test_a_log_of_other_columns_is_refused_with_their_names(server):
    problem = assert_problem(server.upload(real("P11-A-02_density_16.csv")), 400, "invalid-csv")
    assert problem["errors"][0]["reason"] == "unknown column; did you mean depth?"
    assert problem["errors"][1]["column"] == "ABDC1M"
