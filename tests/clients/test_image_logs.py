"""The Python client against the service, over real HTTP."""

import httpx
import matplotlib as mpl
import numpy as np
import pandas as pd
import pytest
import xarray as xr
from image_logs import AccessDenied, Log, NotFound, ProblemError, Server, ServerTooOld

from images.embedded import Axis
from tests.values import published, random_values

mpl.use("Agg")


def test_a_window_is_a_labelled_array_of_depth_and_azimuth(log, server):
    window = log.window(9000.1, 9001)
    assert window.dims == ("depth", "azimuth")
    assert window.shape == (10, 150)
    assert window.attrs["well"] == "A 1/2"
    assert float(window.depth[0]) == 9000.1
    assert float(window.azimuth[1]) == pytest.approx(2.4)
    npy = server.get(f"/get-images/9000.1/9001/?log={log.id}&format=npy").body
    assert window.values.tobytes() == npy[-window.values.nbytes :]


def test_a_window_without_ends_is_the_whole_log(log):
    assert len(log.window().depth) == log.facts["rows"]


def test_logs_is_a_table_that_pages_by_itself(client, log, monkeypatch):
    monkeypatch.setattr("image_logs.server.PAGE", 1)
    frame = client.logs(well="A 1/2")
    assert [*frame.index] == [log.id]
    assert frame.loc[log.id, "rows"] == log.facts["rows"]
    assert frame.loc[log.id, "created_at"].isoformat() == log.facts["created_at"].replace(
        "Z", "+00:00"
    )
    assert client.logs(well="none").empty


def test_find_says_which_logs_there_are_where_not_one_matches(client, log):
    assert client.find("A 1/2").id == log.id
    with pytest.raises(LookupError, match="one log of well 'B' is needed and 0 match"):
        client.find("B")


def test_a_picture_is_of_the_height_and_the_colormap_asked_for(log):
    picture = log.picture(9000.1, 9100, height=80, colormap="viridis")
    assert picture.size == (150, 80)
    assert len(np.unique(np.asarray(picture.convert("RGB")).reshape(-1, 3), axis=0)) > 10


def test_a_plot_has_depth_going_down_and_the_quarters_of_the_hole(log):
    axes = log.plot(9000.1, 9010)
    low, high = axes.get_ylim()
    assert low > high
    assert [tick.get_text() for tick in axes.get_xticklabels()] == [
        *("0°", "90°", "180°", "270°", "360°")
    ]
    mpl.pyplot.close(axes.figure)


@pytest.mark.parametrize(
    ("facts", "labels"),
    [
        ({"first_azimuth": 0.0, "azimuth_reference": "north"}, "N E S W N"),
        ({"first_azimuth": 90.0, "azimuth_reference": "north"}, "E S W N E"),
        ({"clockwise": False, "azimuth_reference": "top of hole"}, "T L B R T"),
        ({"first_azimuth": 350.5}, "350.5° 80.5° 170.5° 260.5° 350.5°"),
        ({"first_azimuth": 90.0, "clockwise": False}, "90° 0° 270° 180° 90°"),
    ],
)
def test_the_ticks_of_a_plot_are_the_azimuths_of_the_columns_there(client, facts, labels):
    log = client.log(str(published(*random_values(40, 8), **facts).pk))
    axes = log.plot()
    assert " ".join(tick.get_text() for tick in axes.get_xticklabels()) == labels
    mpl.pyplot.close(axes.figure)


def test_in_a_plot_each_column_lies_around_its_azimuth(client):
    """Eight columns of 45 degrees: the first one from 337.5 to 22.5."""
    values = np.tile(np.arange(8, dtype=np.float32), (40, 1))
    log = client.log(str(published(100 + 0.5 * np.arange(40), values).pk))
    axes = log.plot(vmin=0, vmax=7, colormap="gray")
    assert axes.get_xlim() == (0, 360)
    [image] = axes.images
    left, right, *_ = image.get_extent()
    grays = image.get_array()[0, :, 0]
    for azimuth, column in [(0, 0), (22, 0), (23, 1), (180, 4), (337, 7), (338, 0), (359, 0)]:
        shown = grays[int((azimuth - left) / (right - left) * len(grays))]
        assert shown == pytest.approx(column / 7 * 255, abs=1), azimuth
    mpl.pyplot.close(axes.figure)


def test_a_download_is_the_file_as_it_was_sent(log, server, tmp_path):
    path = tmp_path / "window.csv"
    size = log.download(path, "csv", 9000.1, 9001)
    assert path.read_bytes() == server.get(f"/get-images/9000.1/9001/?log={log.id}&format=csv").body
    assert size == path.stat().st_size


def test_the_suffix_of_a_download_is_its_format_and_options_are_those_of_the_server(log, tmp_path):
    path = tmp_path / "window.parquet"
    log.download(path, top=9000.1, base=9001, columns="wide")
    frame = pd.read_parquet(path).set_index("depth")
    np.testing.assert_array_equal(frame.to_numpy(), log.window(9000.1, 9001).values)
    with pytest.raises(ProblemError, match="allowed: json, "):
        log.download(tmp_path / "window.txt")


def test_a_download_that_breaks_off_leaves_the_file_as_it_was(log, tmp_path, monkeypatch):
    path = tmp_path / "window.csv"
    path.write_text("before")

    def broken(response):
        yield b"depth"
        raise httpx.ReadError("it broke off")

    monkeypatch.setattr(httpx.Response, "iter_bytes", broken)
    with pytest.raises(httpx.ReadError):
        log.download(path, "csv")
    assert {file.name for file in tmp_path.iterdir()} == {"sample.csv", "window.csv"}
    assert path.read_text() == "before"


def test_a_problem_is_an_exception_with_the_detail_of_its_document(client, log):
    with pytest.raises(NotFound, match="there is no trace from") as caught:
        log.window(1, 2)
    assert (caught.value.status, caught.value.type) == (404, "nothing-in-range")
    with pytest.raises(ProblemError, match="no colormap") as caught:
        log.picture(9000.1, 9001, colormap="virdis")
    assert caught.value.status == 400


def test_an_address_that_the_server_does_not_know_says_which_version_is_needed(client):
    with pytest.raises(ServerTooOld, match=r"/nothing/ needs version .* of the server"):
        client.request("GET", "/nothing/")


def test_a_server_without_a_method_is_too_old_for_it(client):
    with pytest.raises(ServerTooOld, match="PUT /logs/ needs version") as caught:
        client.request("PUT", "/logs/")
    assert caught.value.status == 405


@pytest.mark.parametrize("text", ["48/19a-C2", "../wells", "GR?x", ""])
def test_a_text_that_is_no_id_of_a_log_is_not_found(client, text):
    with pytest.raises(NotFound, match="not the id of a log; find") as caught:
        client.log(text)
    assert caught.value.status == 404


def test_wells_is_a_table_with_what_there_is_of_each(client, log):
    wells = client.wells(search="a 1")
    assert wells["name"].tolist() == ["A 1/2"]
    assert wells["logs"].tolist() == [1]
    assert wells["top"].tolist() == [log.top]
    assert client.wells(search="nothing").empty


def test_dips_is_a_table_of_picks_between_top_and_base_that_pages_by_itself(client, monkeypatch):
    depths = np.arange(1000, 1007)
    picks = {"depth": depths, "dip": depths % 90, "azimuth": depths % 360, "type": "fault"}
    assert client.import_dips(pd.DataFrame(picks), well="A")["count"] == 7
    monkeypatch.setattr("image_logs.server.PAGE", 2)
    dips = client.dips("A", top=1001, base=1005, type="fault")
    assert dips["depth"].tolist() == [1001, 1002, 1003, 1004, 1005]
    assert dips["true_dip"].tolist() == [depth % 90 for depth in range(1001, 1006)]
    assert dips.index.is_unique
    assert dips["height"].isna().all()
    assert client.dips("A", type="bedding").empty


def test_picks_come_back_from_a_data_frame_and_from_a_file(client, tmp_path):
    path = tmp_path / "picks.csv"
    path.write_text("depth_m,height_m,azimuth_toh_deg,caliper_in,comment\n10.1,0.25,90,8.5,é\n")
    assert client.import_dips(path, preview=True, well="A")["count"] == 1
    assert client.dips("A").empty
    client.import_dips(path, well="A")
    told = ["depth", "depth_unit", "height", "apparent_azimuth", "reference", "diameter"]
    told += ["diameter_unit", "type", "quality", "comment"]
    picks = client.dips("A")[told]
    client.import_dips(picks, well="B")
    again = client.dips("B")[told]
    pd.testing.assert_frame_equal(again.reset_index(drop=True), picks.reset_index(drop=True))
    assert again["comment"].tolist() == ["é"]


def test_a_list_has_the_same_columns_and_dtypes_whether_or_not_it_has_items(client, log):
    points = [{"depth": 9001 + n, "azimuth": 40 * n} for n in range(5)]
    known = {"log": log.id, "points": points, "quality": 1, "diameter": 8.5, "diameter_unit": "in"}
    client.request("POST", "/dips/", json={"well": "A 1/2", **known, "reference": "north"})
    change = {"unit": "dB", "depth_unit": "m", "first_azimuth": 1, "azimuth_reference": "north"}
    client.request("PATCH", f"/logs/{log.id}/", json=change)
    [well] = client.wells().index
    change = {"bit_size": 8.5, "bit_size_unit": "in", "declination": 1, "grid_convergence": 1}
    client.request("PATCH", f"/wells/{well}/", json=change)
    for known, unknown in (
        (client.wells(), client.wells("none")),
        (client.logs(), client.logs("none")),
        (client.dips(), client.dips("none")),
    ):
        assert len(known) > 0
        assert unknown.empty
        assert unknown.index.name == known.index.name == "id"
        told = known.columns[known.notna().all()]
        assert [*unknown.columns] == [*known.columns]
        pd.testing.assert_series_equal(unknown.dtypes, known.dtypes)
        assert len(told) > 10


def test_a_preview_says_what_is_in_a_file_and_an_upload_stores_it_once(client, sample):
    [told] = client.upload(sample, well="A", preview=True)["logs"]
    assert (told["id"], told["rows"]) == (None, 1200)
    assert client.logs().empty
    [made] = client.upload(sample, well="A")["logs"]
    [again] = client.upload(sample, well="A")["logs"]
    assert (again["id"], made["created"], again["created"]) == (made["id"], True, False)
    assert client.find("A").facts["rows"] == 1200


def test_a_file_that_cannot_be_read_is_refused_with_the_reason(client, tmp_path):
    path = tmp_path / "nothing.txt"
    path.write_text("nothing\n")
    with pytest.raises(ProblemError) as caught:
        client.upload(path)
    assert caught.value.status == 400
    assert str(caught.value) == caught.value.document["detail"]


def test_a_waveform_is_labelled_with_the_places_on_its_axis(client):
    depths, values = random_values(40, 8)
    axis = Axis(name="time", unit="us", places=[4.0 * n for n in range(8)])
    log = client.log(str(published(depths, values, unit="mV", axis=axis).pk))
    window = log.window()
    assert window.dims == ("depth", "axis")
    assert window["axis"].attrs == {"units": "us", "long_name": "time"}
    assert window.sel(axis=28, depth=100).item() == pytest.approx(values[0, 7], nan_ok=True)
    np.testing.assert_array_equal(window.values, values)
    assert window.attrs["units"] == "mV"
    axes = log.plot()
    assert axes.get_xlim() == (-2, 30), "each column lies around its place"
    assert (axes.get_xlabel(), axes.get_ylabel()) == ("time [us]", "depth")
    mpl.pyplot.close(axes.figure)


@pytest.mark.parametrize(
    "facts",
    [
        {},
        {"depth_unit": "m", "unit": "mV"},
        {"first_azimuth": 90.0, "clockwise": False, "azimuth_reference": "north"},
        {"axis": Axis(name="time", unit="us", places=[4.0 * n for n in range(36)])},
    ],
)
def test_a_lazy_log_is_the_same_array_as_a_window(client, facts):
    log = client.log(str(published(*random_values(2000, 36), **facts).pk))
    lazy = log.lazy()
    assert lazy.chunks is not None
    xr.testing.assert_identical(lazy.sel(depth=slice(200, 300)).load(), log.window(200, 300))


def test_a_curve_has_the_dimension_depth_alone_and_is_drawn_as_a_line(client):
    depths, values = random_values(40, 1)
    log = client.log(str(published(depths, values, unit="API", depth_unit="m").pk))
    window = log.window()
    assert window.dims == ("depth",)
    np.testing.assert_array_equal(window.values, values[:, 0])
    xr.testing.assert_identical(log.lazy().load(), window)
    axes = log.plot(color="red")
    [line] = axes.lines
    np.testing.assert_array_equal(line.get_xdata(), values[:, 0])
    np.testing.assert_array_equal(line.get_ydata(), depths)
    assert axes.yaxis_inverted()
    assert (axes.get_xlabel(), axes.get_ylabel()) == ("AMP [API]", "depth [m]")
    mpl.pyplot.close(axes.figure)


def test_a_log_is_written_with_its_name_its_well_and_its_depths(client):
    depths = np.array([1.0, 2.0])
    facts = {"name": "AMP", "depth_unit": "ft"}
    log = client.log(str(published(depths, random_values(2, 8)[1], **facts).pk))
    assert repr(log) == f"<Log AMP of well {log.well}: 8 wide, 2 rows, 1.0 to 2.0 ft>"
    facts = log.facts | {"depth_unit": None, "unit": "dB"}
    assert str(Log(client, facts)).startswith("AMP [dB] of well ")
    assert str(Log(client, facts)).endswith("1.0 to 2.0")
    assert repr(client) == f"Server('{client.url}')"


def test_a_lazy_log_that_was_deleted_is_not_found(client, log, server):
    assert server.request("DELETE", f"/logs/{log.id}/").status == 204
    with pytest.raises(NotFound, match="there is no image log"):
        log.lazy()


def test_a_closed_server_needs_the_token_for_windows_and_lazy_logs(closed_server, token):
    depths, values = random_values(60, 12)
    log_id = str(published(depths, values).pk)
    url = f"http://127.0.0.1:{closed_server.port}"
    with Server(url, token) as known, Server(url) as unknown:
        log = known.log(log_id)
        np.testing.assert_array_equal(log.window().values, values)
        np.testing.assert_array_equal(log.lazy().values, values)
        with pytest.raises(AccessDenied) as caught:
            unknown.log(log_id)
        assert caught.value.status == 401
        with pytest.raises(AccessDenied, match="send a token"):
            Log(unknown, log.facts).lazy()
