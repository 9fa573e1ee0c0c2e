"""Every block of ``docs/notebooks.md`` works as it is written."""

import re

import matplotlib as mpl
import numpy as np
import pytest
from PIL import Image

from images.ingest.sample import sample_csv
from tests.server import ROOT

BLOCKS = re.findall(r"```python\n(.*?)```", (ROOT / "docs" / "notebooks.md").read_text(), re.DOTALL)


@pytest.fixture
def names(server, tmp_path, monkeypatch):
    """What the blocks leave behind, run one after the other."""
    server.upload(b"".join(sample_csv(300)), well="sample")
    monkeypatch.chdir(tmp_path)
    mpl.use("agg")
    names = {}
    for block in BLOCKS:
        own = block.replace("http://127.0.0.1:8000", f"http://127.0.0.1:{server.port}")
        exec(own, names)  # noqa: S102
    yield names
    names["plt"].close("all")


def test_each_library_reads_its_window_in_three_lines(names):
    assert [len(block.splitlines()) for block in BLOCKS[1:4]] == [3, 3, 3]
    assert names["traces"].shape == (100, 150)
    assert names["depths"][[0, -1]].tolist() == [9000.1, 9010.0]
    assert (names["frame"].to_numpy() == names["traces"]).all()
    assert (names["frame"].index == names["depths"]).all()
    assert names["darkest"] == names["depths"][names["traces"].mean(axis=1).argmin()]
    assert names["strip"].size == (150, 800)
    assert float(names["grays"].split()[0]) < float(names["grays"].split()[1])


def test_the_drawing_shows_the_window_with_depth_downward(names, tmp_path):
    assert names["wall"].get_ylim() == (9010, 9000.1)
    assert names["wall"].images[0].get_extent() == [0, 360, 9010, 9000.1]
    assert np.asarray(Image.open(tmp_path / "window.png")).std() > 10
