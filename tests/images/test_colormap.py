import numpy as np
import pytest
from matplotlib import colormaps

from images.colormap import color_table
from images.errors import UnknownColormap

GRAYS = np.arange(256, dtype=np.uint8)


@pytest.mark.parametrize("name", list(colormaps))
def test_every_colormap_gives_the_colours_of_matplotlib(name):
    expected = colormaps[name](GRAYS / 255, bytes=True)
    assert color_table(name).tolist() == expected[:, :3].tolist()
    assert (expected[:, 3] == 255).all()  # so nothing is lost without the alpha channel


@pytest.mark.parametrize(
    ("name", "near"), [("virdis", "viridis"), ("Viridis", "viridis"), ("gray_", "gray")]
)
def test_an_unknown_colormap_is_answered_with_the_nearest_names(name, near):
    with pytest.raises(UnknownColormap, match=near):
        color_table(name)


def test_a_name_like_no_other_points_to_matplotlib():
    with pytest.raises(UnknownColormap, match="see matplotlib's list"):
        color_table("$$$")


def test_a_table_cannot_be_changed_by_whoever_got_it():
    with pytest.raises(ValueError, match="read-only"):
        color_table("viridis")[0] = 1
