"""``python -m image_logs`` against the service, over real HTTP."""

import numpy as np
from image_logs import connection
from image_logs.__main__ import main

from image_processor.devtools.embedded_mongodb import free_port


def test_the_command_line_lists_and_downloads(log, server, tmp_path, capsys):
    url = ["--url", f"http://127.0.0.1:{server.port}"]
    assert main([*url, "logs", "--well", "A 1/2"]) == 0
    assert log.id in capsys.readouterr().out
    path = tmp_path / "window.npz"
    assert main([*url, "download", log.id, str(path), "--top", "9000.1", "--base", "9001"]) == 0
    with np.load(path) as arrays:
        assert len(arrays["depths"]) == 10
    text = tmp_path / "window.txt"
    assert main([*url, "download", log.id, str(text), "--format", "techlog"]) == 0
    assert text.read_text().startswith("wellName,")


def test_the_command_line_lists_wells_and_says_what_became_of_each_file(server, sample, capsys):
    url = ["--url", f"http://127.0.0.1:{server.port}"]
    assert main([*url, "wells"]) == 0
    assert capsys.readouterr().out == "none\n"
    upload = [*url, "upload", str(sample), "--well", "B 7"]
    told = "image of well B 7: 150 wide, 1200 rows, 9000.1 to 9120.0\n"
    assert main([*upload, "--preview"]) == 0
    assert capsys.readouterr().out == f"{sample} found  {told}"
    assert main(upload) == 0
    path, done, made, rest = capsys.readouterr().out.split(" ", 3)
    assert (path, done, rest) == (str(sample), "stored", told)
    assert main(upload) == 0
    assert capsys.readouterr().out == f"{sample} there already {made} {told}"
    assert main([*url, "wells"]) == 0
    assert "B 7" in capsys.readouterr().out


def test_the_command_line_uploads_the_other_files_where_one_is_refused(server, tmp_path, capsys):
    bad, good = tmp_path / "bad.csv", tmp_path / "good.csv"
    bad.write_text("nothing\n")
    good.write_text("DEPTH[m],GR[gAPI],TIME\n1,-999.25,a\n2,3,b\n")
    files = [str(bad), str(tmp_path / "none.csv"), str(good)]
    assert main(["--url", f"http://127.0.0.1:{server.port}", "upload", *files]) == 1
    out, err = capsys.readouterr()
    refused, missing = err.splitlines()
    assert refused.startswith(f"image_logs: {bad}: ")
    assert missing == f"image_logs: {tmp_path / 'none.csv'}: No such file or directory"
    stored, warning, left_out = out.splitlines()
    assert stored.endswith("GR [gAPI] of well default: curve, 2 rows, 1.0 to 2.0 m")
    assert warning.startswith(f"{good} warning: -999.25 (1 time) was taken for a null")
    assert left_out.startswith(f"{good} left out: TIME, ")


def test_the_command_line_says_what_is_wrong_and_ends_with_1(server, tmp_path, capsys):
    url = ["--url", f"http://127.0.0.1:{server.port}"]
    assert main([*url, "download", "0" * 24, str(tmp_path / "x.npz")]) == 1
    assert "there is no image log" in capsys.readouterr().err
    assert main([*url, "download", "0" * 24, str(tmp_path / "x")]) == 1
    assert "add --format" in capsys.readouterr().err


def test_the_command_line_names_the_server_that_it_cannot_reach(capsys, monkeypatch):
    monkeypatch.setattr(connection, "CUT", connection.CUT.copy_with(backoff_factor=0.001))
    url = f"http://127.0.0.1:{free_port()}"
    assert main(["--url", url, "wells"]) == 1
    assert f"image_logs: {url} cannot be reached: " in capsys.readouterr().err
