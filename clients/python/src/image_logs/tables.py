"""Lists of the server as data frames."""

from typing import Any

import pandas as pd

# The columns of each list: text, or after a colon another dtype.
COLUMNS = {
    "/wells/": "id name depth_unit bit_size:f8 bit_size_unit declination:f8 grid_convergence:f8"
    " changed_at has_survey:? logs:i8 curves:i8 photos:i8 dips:i8 top:f8 base:f8",
    "/logs/": "id well name kind unit values filename sha256 rows:i8 rows_skipped:i8"
    " duplicate_depths:i8 depth_min:f8 depth_max:f8 sampling_interval:f8 depth_unit source_width:i8"
    " width:i8 nulls:i8 first_azimuth:f8 clockwise:O azimuth_reference created_at images_url",
    "/dips/": "id log well type basis depth:f8 residual:f8 covariance:O quality:f8 comment author"
    " editor source height:f8 apparent_dip:f8 apparent_azimuth:f8 hole_inclination:f8"
    " hole_azimuth:f8 true_dip:f8 true_azimuth:f8 diameter:f8 depth_unit diameter_unit"
    " diameter_source caliper reference reason points:O revision:i8 created_at changed_at"
    " recomputed_at",
}
TEXT = pd.Series([""]).dtype


def table(path: str, rows: list[dict[str, Any]]) -> pd.DataFrame:
    """Return a data frame of the items of a list, with the index ``id``, and times in UTC.

    A column has the same dtype whether or not there are items, and values in them.
    """
    dtypes = dict(column.partition(":")[::2] for column in COLUMNS[path].split())
    frame = pd.DataFrame(rows, columns=None if rows else [*dtypes])
    for name in frame:
        if name.endswith("_at"):
            times = pd.to_datetime(frame[name], format="ISO8601", utc=True)
            frame[name] = times.astype("datetime64[us, UTC]")
        elif frame[name].isna().all():  # pandas cannot know the dtype
            frame[name] = frame[name].astype(dtypes.get(name, "f8") or TEXT)
    return frame.set_index("id")
