import io
import zlib

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from PIL import Image

from images.render.colour.colormap import color_table
from images.render.png import image_data, palette_image, rgba_image, trace_images

VIRIDIS = color_table("viridis", None, np.arange(256) / 255)
some_traces = arrays(np.uint8, st.tuples(st.integers(0, 5), st.sampled_from([1, 7, 150])))


def decoded(png):
    image = Image.open(io.BytesIO(png.tobytes()))
    image.load()
    return image


@given(some_traces)
def test_gray_images_decode_to_the_traces(traces):
    for trace, png in zip(traces, trace_images(traces, None), strict=True):
        image = decoded(png)
        assert (image.mode, image.size) == ("L", (len(trace), 1))
        assert np.asarray(image)[0].tolist() == trace.tolist()


@given(some_traces)
def test_coloured_images_decode_to_the_colours_of_the_traces(traces):
    colors = VIRIDIS
    for trace, png in zip(traces, trace_images(traces, colors), strict=True):
        image = decoded(png)
        assert (image.mode, image.size) == ("RGB", (len(trace), 1))
        assert np.asarray(image)[0].tolist() == colors[trace].tolist()


@pytest.mark.parametrize("colors", [None, VIRIDIS])
def test_every_checksum_is_right(colors):
    [png] = trace_images(np.arange(150, dtype=np.uint8).reshape(1, -1), colors)
    data, at, kinds = png.tobytes(), 8, []
    while at < len(data):
        length = int.from_bytes(data[at : at + 4], "big")
        body = data[at + 4 : at + 8 + length]
        assert zlib.crc32(body) == int.from_bytes(data[at + 8 + length : at + 12 + length], "big")
        kinds.append(body[:4])
        if body[:4] == b"IDAT":
            zlib.decompress(body[4:])  # raises where Adler-32 is wrong
        at += 12 + length
    assert kinds == [b"IHDR", b"IDAT", b"IEND"]


strips = arrays(np.uint8, st.tuples(st.integers(1, 30), st.sampled_from([1, 7, 150])))


@given(strips)
def test_a_strip_decodes_to_its_grays_and_in_colour_to_theirs(grays):
    height, width = grays.shape
    data = image_data(grays)
    gray = Image.open(io.BytesIO(palette_image(width, height, None, data)))
    assert gray.mode == "L"
    assert np.asarray(gray).tolist() == grays.tolist()
    colour = Image.open(io.BytesIO(palette_image(width, height, VIRIDIS, data)))
    assert colour.mode == "P"
    assert np.asarray(colour).tolist() == grays.tolist()
    assert np.asarray(colour.convert("RGB")).tolist() == VIRIDIS[grays].tolist()


@given(strips, st.data())
def test_rows_that_are_not_filled_are_transparent(grays, data):
    height = len(grays)
    filled = np.array(data.draw(st.lists(st.booleans(), min_size=height, max_size=height)))
    pixels = np.asarray(Image.open(io.BytesIO(rgba_image(grays, VIRIDIS, filled))))
    assert (pixels[~filled] == 0).all()
    assert pixels[filled][:, :, :3].tolist() == VIRIDIS[grays[filled]].tolist()
    assert (pixels[filled][:, :, 3] == 255).all()
