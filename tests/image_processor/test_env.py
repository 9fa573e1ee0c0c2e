import pytest
from django.core.exceptions import ImproperlyConfigured

from image_processor import env, local_environment


def test_a_variable_without_default_must_be_set(monkeypatch):
    monkeypatch.delenv("THING", raising=False)
    assert env.text("THING", "default") == "default"
    with pytest.raises(ImproperlyConfigured, match="THING is not set"):
        env.text("THING")


@pytest.mark.parametrize("value", ["many", "1.5", "-1", "0"])
def test_a_number_that_is_none_or_too_small_is_named(monkeypatch, value):
    monkeypatch.setenv("THING", value)
    with pytest.raises(ImproperlyConfigured, match=f"THING must be .*{value}"):
        env.integer("THING", 5)


def test_a_secret_may_be_in_a_file(monkeypatch, tmp_path):
    path = tmp_path / "secret"
    path.write_text("  hush\n")
    monkeypatch.setenv("THING_FILE", str(path))
    assert env.secret("THING") == "hush"
    monkeypatch.setenv("THING", "loud")
    with pytest.raises(ImproperlyConfigured, match="both set"):
        env.secret("THING")


@pytest.mark.parametrize("content", [None, b"", b"\n", b"\xff"])
def test_a_secret_file_that_has_none_is_named(monkeypatch, tmp_path, content):
    path = tmp_path / "secret"
    if content is not None:
        path.write_bytes(content)
    monkeypatch.setenv("THING_FILE", str(path))
    with pytest.raises(ImproperlyConfigured, match=r"THING_FILE: .*secret"):
        env.secret("THING")


def test_words_are_separated_by_commas(monkeypatch):
    monkeypatch.setenv("THING", "a, b,,c ")
    assert env.words("THING", "", env.HOST) == ["a", "b", "c"]


@pytest.mark.parametrize("value", ["localhost", "127.0.0.1", "[::1]", "a-1.example", ".a.b", "*"])
def test_a_host_is_a_name_or_an_address(monkeypatch, value):
    monkeypatch.setenv("THING", value)
    assert env.words("THING", "", env.HOST) == [value]


@pytest.mark.parametrize("value", ["https://a.example", "a.example:8000", "a.example/b", "a b"])
def test_a_host_with_scheme_or_port_is_named(monkeypatch, value):
    monkeypatch.setenv("THING", f"localhost,{value}")
    with pytest.raises(ImproperlyConfigured, match=f"THING must list words like .*: not '{value}'"):
        env.words("THING", "", env.HOST)


@pytest.mark.parametrize(
    "value", ["a.example", "https://a.example/", "ftp://a.example", "https://*.a.example"]
)
def test_an_origin_that_no_browser_sends_is_named(monkeypatch, value):
    monkeypatch.setenv("THING", "https://a.example:8443")
    assert env.words("THING", "", env.ORIGIN) == ["https://a.example:8443"]
    monkeypatch.setenv("THING", value)
    with pytest.raises(ImproperlyConfigured, match="THING must list words like https://logs"):
        env.words("THING", "", env.ORIGIN)


@pytest.mark.parametrize("password", ["a/s3cret", "a@s3cret", "a:s3cret", "%s3cret"])
def test_no_part_of_a_password_is_in_the_error_of_a_connection_string(password):
    with pytest.raises(ImproperlyConfigured, match="THING is no connection string") as caught:
        env.parsed_uri("THING", f"mongodb://user:{password}@host/db")
    assert "s3cret" not in str(caught.value)


def test_a_number_that_is_too_large_is_named(monkeypatch):
    monkeypatch.setenv("THING", "65536")
    with pytest.raises(ImproperlyConfigured, match="THING must be at most 65535, not 65536"):
        env.integer("THING", 1, maximum=65_535)


def test_a_name_that_is_misspelt_is_told_with_the_one_that_is_meant(monkeypatch):
    assert env.integer("THREADS_OF_THE_THING", 5) == 5
    env.check_names()
    monkeypatch.setenv("THREAD_OF_THE_THING", "6")
    with pytest.raises(
        ImproperlyConfigured,
        match="THREAD_OF_THE_THING is no setting: is THREADS_OF_THE_THING meant",
    ):
        env.check_names()
    monkeypatch.setenv("THREADS_OF_THE_THING", "7")
    env.check_names()


def test_a_temporary_directory_that_python_would_not_take_is_named(monkeypatch, tmp_path):
    monkeypatch.setattr("tempfile.tempdir", None)
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    env.check_temporary_directory()
    monkeypatch.setattr("tempfile.tempdir", None)
    monkeypatch.setenv("TMPDIR", str(tmp_path / "none"))
    with pytest.raises(ImproperlyConfigured, match=r"TMPDIR=.*none is no folder"):
        env.check_temporary_directory()


def test_the_local_environment_is_kept_for_the_owner_alone(monkeypatch, tmp_path):
    local_environment.save(tmp_path, {"MONGODB_URI": "mongodb://a/?b=c", "SECRET_KEY": "k"})
    assert (tmp_path / "local.env").stat().st_mode & 0o077 == 0
    for name in ("MONGODB_URI", "MONGODB_URI_FILE", "SECRET_KEY"):
        monkeypatch.delenv(name, raising=False)
    local_environment.load(tmp_path)
    assert env.text("MONGODB_URI") == "mongodb://a/?b=c"
    monkeypatch.setenv("SECRET_KEY", "another")
    local_environment.load(tmp_path)
    assert env.text("SECRET_KEY") == "another"


def test_without_a_local_environment_it_is_said_to_make_run_first(monkeypatch, tmp_path):
    monkeypatch.delenv("MONGODB_URI", raising=False)
    with pytest.raises(
        ImproperlyConfigured, match=r"MONGODB_URI is not set.* run `make run` first"
    ):
        local_environment.load(tmp_path)


def test_a_choice_that_is_none_is_named_with_those_there_are(monkeypatch):
    monkeypatch.setenv("THING", "b")
    assert env.choice("THING", "a", ("a", "b")) == "b"
    monkeypatch.setenv("THING", "c")
    with pytest.raises(ImproperlyConfigured, match="THING must be one of a, b, not 'c'"):
        env.choice("THING", "a", ("a", "b"))


@pytest.mark.parametrize("value", ["10", "0/day", "x/day", "-1/day", "10/week", "1.5/day"])
def test_a_rate_that_is_none_is_named(monkeypatch, value):
    monkeypatch.setenv("THING", "5/hour")
    assert env.rate("THING", "1/day") == (5, 3600)
    monkeypatch.setenv("THING", value)
    with pytest.raises(ImproperlyConfigured, match="THING must be like 30/minute"):
        env.rate("THING", "1/day")


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "::1", "[::1]", "127.8.8.8"])
def test_an_open_service_may_listen_on_loopback(host):
    env.check_access("open", host)


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.0.1", "logs.example", ""])  # noqa: S104
def test_an_open_service_may_listen_nowhere_else(host):
    with pytest.raises(ImproperlyConfigured, match=r"ACCESS=open .*HOST="):
        env.check_access("open", host)
    env.check_access("read-open", host)
