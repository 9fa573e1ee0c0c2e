"""xpublish with its Zarr plug-in, as its documentation sets it up, over a directory store.

Runs in an environment of its own, without the project.
"""

import os

import xarray as xr
import xpublish

app = xpublish.SingleDatasetRest(xr.open_zarr(os.environ["ZARR_STORE"])).app
