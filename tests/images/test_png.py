import io
import zlib

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from PIL import Image

from images.colormap import color_table
from images.png import trace_images

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
    colors = color_table("viridis")
    for trace, png in zip(traces, trace_images(traces, colors), strict=True):
        image = decoded(png)
        assert (image.mode, image.size) == ("RGB", (len(trace), 1))
        assert np.asarray(image)[0].tolist() == colors[trace].tolist()


@pytest.mark.parametrize("colors", [None, color_table("jet")])
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
