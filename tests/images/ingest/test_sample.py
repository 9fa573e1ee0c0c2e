import hashlib

import numpy as np

from images.ingest.contract.header import parse_header
from images.ingest.contract.rows import parse_slab
from images.ingest.sample import borehole_wall, sample_csv


def test_the_sample_is_the_same_on_every_call():
    first, again = (hashlib.sha256(b"".join(sample_csv(300))).digest() for _ in range(2))
    assert first == again


def test_the_sample_is_a_csv_that_the_service_takes():
    header, *rows = sample_csv(100)
    slab = parse_slab(b"".join(rows), parse_header(header))
    assert slab.fault_count == 0
    assert slab.depths[[0, 1, -1]].tolist() == [9000.1, 9000.2, 9010.0]
    assert slab.pixels.tolist() == borehole_wall(100).tolist()


def test_the_wall_is_neither_flat_nor_noise():
    wall = borehole_wall(1000).astype(float)
    assert wall.std() > 20
    # Neighbours on the wall are alike, as they are in rock.
    assert np.corrcoef(wall[:, :-1].ravel(), wall[:, 1:].ravel())[0, 1] > 0.8
    # Round the wall, the last pixel meets the first.
    assert np.corrcoef(wall[:, 0], wall[:, -1])[0, 1] > 0.8
