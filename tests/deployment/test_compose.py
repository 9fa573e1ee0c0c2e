"""docker-compose.yml is valid once its variables are filled in, and fits the code."""

import os
import re
import subprocess
import sys

import pytest
import yaml
from podman_compose import rec_subs
from pymongo.uri_parser import parse_uri

from image_processor import settings
from tests.deployment import names
from tests.server import ROOT

TEXT = (ROOT / "docker-compose.yml").read_text()
SECRETS = {
    "SECRET_KEY": "s" * 50,
    "MONGODB_PASSWORD": "secret",
    "MONGODB_KEY": "a+key=",
    "BACKUP_PASSWORD": "another",
}
TLS = rec_subs(yaml.safe_load((ROOT / "docker-compose.tls.yml").read_text()), SECRETS)
# Set by the image, or for what Compose has no use.
NOT_PASSED = {"HOST", "PORT", "DATA_DIR", "MONGODB_KEY", "BACKUP_URI"}
COMPOSE = rec_subs(yaml.safe_load(TEXT), SECRETS)
SERVICES = COMPOSE["services"]
OURS = {name: service for name, service in SERVICES.items() if service.get("build") == "."}


@pytest.mark.parametrize("compose", [COMPOSE, TLS], ids=["docker-compose.yml", "with TLS"])
def test_it_is_valid(tmp_path, compose):
    filled_in = tmp_path / "docker-compose.yml"
    filled_in.write_text(yaml.safe_dump(compose))
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
        for volume in service.get("volumes", []):
            source = volume.partition(":")[0]
            assert source in COMPOSE["volumes"] or (ROOT / source).is_file()
    assert OURS.keys() == {"replica-set", "migrate", "doctor", "web"}
    assert SERVICES.keys() == {*OURS, "mongodb", "nginx", "backup"}
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
        "nginx": {"web": "service_healthy"},
        "backup": {"migrate": "service_completed_successfully"},
    }
    assert SERVICES["nginx"]["depends_on"]["web"]["restart"] is True
    assert SERVICES["mongodb"]["healthcheck"]["test"][0] == "CMD"


def test_the_service_finds_its_mongodb():
    uri = parse_uri(OURS["web"]["environment"]["MONGODB_URI"])
    [(host, port)] = uri["nodelist"]
    mongod = SERVICES[host]["command"]
    assert port == 27017
    assert uri["options"]["replicaSet"] == mongod[mongod.index("--replSet") + 1]
    assert (uri["username"], uri["password"]) == ("image-logs", "secret")


def test_every_setting_can_be_given(monkeypatch):
    environment = yaml.safe_load(TEXT)["services"]["web"]["environment"]
    assert set(environment) == names.variables_in_the_code() - NOT_PASSED
    given = [name for name, value in environment.items() if value.startswith("${")]
    assert len(given) > 18
    filled_in = rec_subs(environment, SECRETS | dict.fromkeys(given, "given"))
    assert {filled_in[name] for name in given} == {"given"}


def test_settings_that_are_not_given_are_the_defaults_of_the_service():
    environment = {**os.environ, **OURS["web"]["environment"]}
    command = [sys.executable, "manage.py", "diffsettings", "--output", "unified"]
    told = []
    for chosen in (environment, {k: v for k, v in environment.items() if v}):
        done = subprocess.run(command, cwd=ROOT, env=chosen, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        told.append(done.stdout)
    assert told[0] == told[1]


def test_nginx_is_in_front_and_listens_on_loopback_as_long_as_there_is_no_tls():
    nginx, web = SERVICES["nginx"], OURS["web"]
    assert "ports" not in web
    assert web["environment"]["HTTPS"] == "off"
    assert nginx["ports"] == [f"127.0.0.1:8000:{names.NGINX_PORT}"]
    assert nginx["environment"]["WEB_ADDRESS"] == f"web:{names.PORT}"
    assert web["environment"]["NUM_PROXIES"] == "1"
    assert f":{names.NGINX_PORT}/healthz" in nginx["healthcheck"]["test"][-1]


def test_nginx_gets_all_values_of_its_template_and_replaces_no_others():
    environment = SERVICES["nginx"]["environment"]
    pattern = environment["NGINX_ENVSUBST_FILTER"].replace("$$", "$")
    replaced = {name for name in environment if re.search(pattern, name)}
    assert replaced == names.template_values()
    assert int(environment["MAX_BODY_BYTES"]) > settings.MAX_UPLOAD_BYTES + 2**20


def test_tls_is_switched_on_for_nginx_and_for_the_service():
    nginx, web = TLS["services"]["nginx"], TLS["services"]["web"]
    assert web["environment"]["HTTPS"] == "required"
    text = (ROOT / "deploy" / "nginx-tls.conf").read_text()
    [port] = re.findall(r"listen (\d+) ssl;", text)
    assert nginx["ports"] == [f"80:{names.NGINX_PORT}", f"443:{port}"]
    for volume in nginx["volumes"]:
        target = volume.split(":")[1]
        assert target.rpartition("/")[0] + "/" in text + names.NGINX


def test_the_user_of_backups_is_made_and_is_another(tmp_path):
    uri = SERVICES["backup"]["environment"]["BACKUP_URI"]
    assert uri == OURS["replica-set"]["environment"]["BACKUP_URI"]
    assert parse_uri(uri)["username"] == "image-logs-backup"
    assert "MONGODB_URI" not in SERVICES["backup"]["environment"]


def test_it_says_that_it_is_ready_and_stops_gracefully():
    web = OURS["web"]
    [url] = re.findall(r"http://localhost:\d+/\w+", web["healthcheck"]["test"][-1])
    assert url == f"http://localhost:{names.PORT}/readyz"
    assert "localhost" in web["environment"]["ALLOWED_HOSTS"].split(",")
    assert int(web["stop_grace_period"].removesuffix("s")) > names.GRACEFUL_SECONDS


def test_nothing_but_the_temporary_directory_can_be_written_to():
    for name in ("migrate", "doctor", "web"):
        assert OURS[name]["read_only"] is True
    # On disk: they can be larger than memory.
    assert OURS["web"]["volumes"] == ["web:/tmp"]
    assert SERVICES["nginx"]["volumes"][-1] == "nginx:/tmp"
