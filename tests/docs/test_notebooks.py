"""Every block of ``docs/notebooks.md`` works as it is written, with and without a token."""

import re

import matplotlib as mpl
import numpy as np
import pytest
from django.core.management import call_command
from image_logs import Server
from PIL import Image

from images.ingest.sample import sample_csv
from tests.server import ROOT

DOCS = ROOT / "docs"
BLOCKS = re.findall(r"```python\n(.*?)```", (DOCS / "notebooks.md").read_text(), re.DOTALL)


def run(server, monkeypatch, directory):
    """What the blocks leave behind, run one after the other."""
    monkeypatch.chdir(directory)
    mpl.use("agg")
    names = {}
    for block in BLOCKS:
        own = block.replace("http://127.0.0.1:8000", f"http://127.0.0.1:{server.port}")
        exec(own, names)  # noqa: S102
    names["plt"].close("all")
    names["server"].close()
    return names


@pytest.fixture
def names(server, ingest, tmp_path, monkeypatch):
    monkeypatch.delenv("IMAGE_LOGS_TOKEN", raising=False)
    ingest(b"".join(sample_csv()), well="sample")
    return run(server, monkeypatch, tmp_path)


def test_the_blocks_read_the_same_window_in_each_way(names):
    window = names["window"]
    assert window.shape == (100, 150)
    assert window["depth"].values[[0, -1]].tolist() == [9000.1, 9010.0]
    assert names["darkest"] == window["depth"].values[window.values.mean(axis=1).argmin()]
    for whole in (names["lazy"], names["dataset"]["values"]):
        part = whole.sel(depth=slice(9000.1, 9010))
        np.testing.assert_array_equal(part.values, window.values)
    np.testing.assert_array_equal(names["frame"]["values"].to_numpy(), window.values)
    np.testing.assert_array_equal(names["frame"]["depth"].to_numpy(), window["depth"].values)
    assert names["streamed"].equals(names["frame"])
    assert names["contrast"].shape == (51,)
    assert names["logs"]["well"].tolist() == ["sample"]
    assert [*names["overviews"]] == ["1", "2"]
    whole = names["dataset"]["values"]
    assert names["coarse"].sizes == {"depth": -(-whole.sizes["depth"] // 4), "azimuth": 150}
    four = whole[:4].mean("depth").values
    np.testing.assert_allclose(names["coarse"][0].values, four, atol=0.5)


def test_the_blocks_send_a_log_and_picks_back(names):
    [sent] = names["answer"]["logs"]
    assert (sent["name"], sent["width"], sent["nulls"]) == ("smooth", 150, 4 * 150)
    with Server(names["server"].url) as server:
        again = server.log(sent["id"]).window()
    np.testing.assert_array_equal(again.values, names["smooth"].values.astype(np.float32))
    np.testing.assert_array_equal(again["depth"], names["smooth"]["depth"])
    assert names["dips"][["depth", "true_dip", "type"]].values.tolist() == [[9003.2, 35, "fault"]]


def test_the_blocks_put_logs_on_one_grid_of_depths(names):
    table, coarse = names["table"], names["coarse"].mean("azimuth")
    assert [*table.columns] == ["mean", "coarse_mean"]
    assert table.index.tolist() == names["window"]["depth"].values.tolist()
    nearest = abs(coarse["depth"].values - table.index.values[50]).argmin()
    assert table["coarse_mean"].iloc[50] == coarse.values[nearest]


def test_the_drawing_is_the_picture_of_the_docs_with_depth_downward(names, tmp_path):
    assert names["wall"].get_ylim() == (9010, 9000.1)
    assert (tmp_path / "window.las").read_bytes().startswith(b"~VERSION")
    drawn, shown = (
        np.asarray(Image.open(path).convert("RGB"), float)
        for path in (tmp_path / "window.png", DOCS / "pictures" / "notebook.png")
    )
    assert drawn.std() > 10
    assert drawn.shape == shown.shape
    assert np.abs(drawn - shown).mean() < 5


def test_the_blocks_work_with_a_token_where_reading_is_not_open(
    closed_server, capsys, ingest, tmp_path, monkeypatch
):
    ingest(b"".join(sample_csv()), well="sample")
    call_command("token", "create", "anna", "--group", "editor")
    token = capsys.readouterr().out.strip()
    monkeypatch.setenv("IMAGE_LOGS_TOKEN", token)
    names = run(closed_server, monkeypatch, tmp_path)
    assert names["token"] is not None
    assert names["window"].shape == (100, 150)
    assert names["contrast"].shape == (51,)
