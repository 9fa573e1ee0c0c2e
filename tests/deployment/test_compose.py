"""docker-compose.yml is valid once its variables are filled in, and fits the code."""

import re
import subprocess
import sys

import pytest
import yaml
from podman_compose import rec_subs
from pymongo.uri_parser import parse_uri

from tests.deployment import names
from tests.server import ROOT

TEXT = (ROOT / "docker-compose.yml").read_text()
SECRETS = {"SECRET_KEY": "s" * 50, "MONGODB_PASSWORD": "secret", "MONGODB_KEY": "a+key="}
COMPOSE = rec_subs(yaml.safe_load(TEXT), SECRETS)
SERVICES = COMPOSE["services"]
OURS = {name: service for name, service in SERVICES.items() if service.get("build") == "."}


def test_it_is_valid(tmp_path):
    filled_in = tmp_path / "docker-compose.yml"
    filled_in.write_text(yaml.safe_dump(COMPOSE))
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.compose-spec"]
    done = subprocess.run([*command, filled_in], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("name", SECRETS)
def test_without_a_secret_it_does_not_start(name):
    others = {other: value for other, value in SECRETS.items() if other != name}
    with pytest.raises(Exception, match=f"set {name} to"):
        rec_subs(yaml.safe_load(TEXT), others)


def test_everything_that_it_mentions_is_there():
    for service in SERVICES.values():
        assert set(service.get("depends_on", {})) <= set(SERVICES)
        mounted = {volume.partition(":")[0] for volume in service.get("volumes", [])}
        assert mounted <= set(COMPOSE["volumes"])
    assert OURS.keys() == {"replica-set", "migrate", "doctor", "web"}
    for service in OURS.values():
        names.assert_variables(service["environment"])
        if "command" in service:
            names.assert_command(service["command"])


def test_each_service_waits_for_what_it_needs():
    waits = {
        name: {other: wait["condition"] for other, wait in service.get("depends_on", {}).items()}
        for name, service in SERVICES.items()
    }
    assert waits == {
        "mongodb": {},
        "replica-set": {"mongodb": "service_healthy"},
        "migrate": {"replica-set": "service_completed_successfully"},
        "doctor": {"migrate": "service_completed_successfully"},
        "web": {"migrate": "service_completed_successfully"},
    }
    assert SERVICES["mongodb"]["healthcheck"]["test"][0] == "CMD"


def test_the_service_finds_its_mongodb():
    uri = parse_uri(OURS["web"]["environment"]["MONGODB_URI"])
    [(host, port)] = uri["nodelist"]
    mongod = SERVICES[host]["command"]
    assert port == 27017
    assert uri["options"]["replicaSet"] == mongod[mongod.index("--replSet") + 1]
    assert (uri["username"], uri["password"]) == ("image-logs", "secret")


def test_it_listens_on_loopback_as_long_as_there_is_no_tls():
    web = OURS["web"]
    assert web["environment"]["HTTPS"] == "off"
    assert web["ports"] == [f"127.0.0.1:{names.PORT}:{names.PORT}"]


def test_it_says_that_it_is_ready_and_stops_gracefully():
    web = OURS["web"]
    [url] = re.findall(r"http://localhost:\d+/\w+", web["healthcheck"]["test"][-1])
    assert url == f"http://localhost:{names.PORT}/readyz"
    assert "localhost" in web["environment"]["ALLOWED_HOSTS"].split(",")
    assert int(web["stop_grace_period"].removesuffix("s")) > names.GRACEFUL_SECONDS


def test_nothing_but_the_temporary_directory_can_be_written_to():
    for name in ("migrate", "doctor", "web"):
        assert OURS[name]["read_only"] is True
    [tmp] = OURS["web"]["tmpfs"]
    gigabytes = re.fullmatch(r"/\w+:size=(\d+)g,mode=1777", tmp)[1]
    # As many as gunicorn and the code let in by themselves.
    assert int(gigabytes) * 1024**3 > names.room_for_uploads(workers=2, ingests=2)
