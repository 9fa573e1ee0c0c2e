import numpy as np
import pytest
from matplotlib import colormaps

from images.errors import UnknownColormap
from images.render.colour.colormap import color_table, colormap, colormap_infos, custom_colormap
from web.errors import InvalidParameter

GRAYS = np.arange(256, dtype=np.uint8)


@pytest.mark.parametrize("name", list(colormaps))
def test_every_colormap_gives_the_colours_of_matplotlib(name):
    expected = colormaps[name](GRAYS / 255, bytes=True)
    assert color_table(name, None, GRAYS / 255).tolist() == expected[:, :3].tolist()
    assert (expected[:, 3] == 255).all()  # so nothing is lost without the alpha channel


@pytest.mark.parametrize(
    ("name", "near"), [("virdis", "viridis"), ("Viridis", "viridis"), ("gray_", "gray")]
)
def test_an_unknown_colormap_is_answered_with_the_nearest_names(name, near):
    with pytest.raises(UnknownColormap, match=near):
        colormap(name)


def test_a_name_like_no_other_points_to_the_list():
    with pytest.raises(UnknownColormap, match="/colormaps/ lists them all"):
        colormap("$$$")


def test_nobody_writes_to_the_colours_that_all_share():
    assert not color_table("gray", None, GRAYS / 255).flags.writeable


def test_custom_stops_are_reached_evenly():
    table = color_table("custom", "#000000,ff0000, #FFFFFF", GRAYS / 255)
    assert table[[0, 255]].tolist() == [[0, 0, 0], [255, 255, 255]]
    assert table[128, 0] > 250
    assert table[128, 1] < 5
    assert np.abs(np.diff(table.astype(int), axis=0)).max() <= 3


@pytest.mark.parametrize(
    "stops", ["", "#000000", "#00000,#ffffff", "red,blue", ",".join(["#000000"] * 33), "#000000,"]
)
def test_malformed_stops_are_refused(stops):
    with pytest.raises(InvalidParameter, match="2 to 32 colours #rrggbb"):
        custom_colormap(stops)


def test_the_catalogue_has_a_category_and_a_reverse_for_every_colormap():
    infos = {info.name: info for info in colormap_infos()}
    assert list(infos) == list(colormaps)
    assert all(infos[info.reversed].reversed == info.name for info in infos.values())
    assert infos["viridis_r"] == ("viridis_r", "perceptually uniform sequential", True, "viridis")
    assert not infos["jet"].perceptually_uniform
