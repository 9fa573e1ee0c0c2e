"""k8s-deployment.yaml is valid, fits together, and fits the code."""

import base64
import re
import shutil
import subprocess
import sys
from pathlib import Path

import kubernetes_validate
import pytest
import yaml
from django.core.exceptions import ImproperlyConfigured
from pymongo.uri_parser import parse_uri

from image_processor import settings
from image_processor.ops import replica_set
from tests.benchmarks.memory import WITHOUT_BUDGET
from tests.deployment import names
from tests.server import ROOT

KUBERNETES = "1.37"
TEXT = (ROOT / "k8s-deployment.yaml").read_text()
OBJECTS = list(yaml.safe_load_all(TEXT))
WITHOUT_MONGODB = [o for o in OBJECTS if o["metadata"]["labels"]["app"] != "mongodb"]
DISK = "ephemeral-storage"
# Of a container, as the kubelet keeps it unless it is told otherwise: five files of 10 MiB.
LOG_BYTES = 5 * 10 * 1024**2
UNITS = {"Mi": 1024**2, "Gi": 1024**3}


def identity(thing):
    return f"{thing['kind']} {thing['metadata']['name']}"


def of_kind(kind, among=OBJECTS):
    return {thing["metadata"]["name"]: thing for thing in among if thing["kind"] == kind}


def pod_template(workload):
    spec = workload["spec"]
    return (spec["jobTemplate"]["spec"] if workload["kind"] == "CronJob" else spec)["template"]


def workloads(among=OBJECTS):
    return [o for o in among if o["kind"] in ("Deployment", "StatefulSet", "Job", "CronJob")]


def containers(among=OBJECTS):
    """Each container with the pod that it is in."""
    for workload in workloads(among):
        pod = pod_template(workload)["spec"]
        for container in pod.get("initContainers", []) + pod["containers"]:
            yield pod, container


def our_containers(among=OBJECTS):
    return [c for _, c in containers(among) if c["image"].startswith("image-log-server:")]


def every(key, thing):
    """All values of ``key``, however deep."""
    if isinstance(thing, dict):
        yield from ([thing[key]] if key in thing else [])
        thing = list(thing.values())
    if isinstance(thing, list):
        for part in thing:
            yield from every(key, part)


def byte_count(quantity):
    return int(quantity[:-2]) * UNITS[quantity[-2:]]


WEB = of_kind("Deployment")["image-log-server"]
WEB_CONTAINER, NGINX_CONTAINER = pod_template(WEB)["spec"]["containers"]
CONFIGURATION = of_kind("ConfigMap")["image-log-server"]["data"]
SECRET = of_kind("Secret")["image-log-server"]["stringData"]
BACKUP_URI = of_kind("Secret")["backup"]["stringData"]["BACKUP_URI"]


@pytest.mark.parametrize("thing", OBJECTS, ids=identity)
def test_every_object_is_valid_to_the_letter(thing):
    kubernetes_validate.validate(thing, KUBERNETES, strict=True)


def test_a_misspelt_field_would_be_found():
    with pytest.raises(kubernetes_validate.ValidationError):
        kubernetes_validate.validate(
            {**WEB, "spec": {**WEB["spec"], "replica": 2}}, KUBERNETES, strict=True
        )


def test_everything_is_in_the_namespace_and_no_two_have_the_same_name():
    [namespace] = of_kind("Namespace")
    assert {o["metadata"].get("namespace", namespace) for o in OBJECTS} == {namespace}
    assert len({identity(thing) for thing in OBJECTS}) == len(OBJECTS)


@pytest.mark.parametrize("among", [OBJECTS, WITHOUT_MONGODB], ids=["all", "another MongoDB"])
def test_whatever_is_referred_to_is_there(among):
    kept = {
        "ConfigMap": {name: o["data"] for name, o in of_kind("ConfigMap", among).items()},
        "Secret": {name: o["stringData"] for name, o in of_kind("Secret", among).items()},
    }
    for reference in every("configMapRef", among):
        assert reference["name"] in kept["ConfigMap"]
    for reference in every("secretRef", among):
        assert reference["name"] in kept["Secret"]
    for reference in every("secretKeyRef", among):
        assert reference["key"] in kept["Secret"][reference["name"]]
    # The certificate is one's own, or cert-manager's.
    assert set(every("secretName", among)) - {"image-log-server-tls"} <= set(kept["Secret"])
    for target in every("scaleTargetRef", among):
        assert target["name"] in of_kind(target["kind"], among)
    for name in every("serviceName", among):
        assert name in of_kind("Service", among)
    for pod, container in containers(among):
        volumes = {v["name"] for v in pod.get("volumes", [])}
        volumes |= {c["metadata"]["name"] for c in next(every("volumeClaimTemplates", among), [])}
        assert {mount["name"] for mount in container.get("volumeMounts", [])} <= volumes


def test_what_selects_pods_selects_those_of_one_workload():
    templates = [pod_template(w)["metadata"]["labels"] for w in workloads()]
    selectors = [service["spec"]["selector"] for service in of_kind("Service").values()]
    for kind in ("Deployment", "StatefulSet", "PodDisruptionBudget"):
        chosen = every("selector", list(of_kind(kind).values()))
        selectors += [selector["matchLabels"] for selector in chosen]
    for selector in every("labelSelector", OBJECTS):
        selectors.append(selector["matchLabels"])
    assert len(selectors) == 10
    for selector in selectors:
        assert sum(selector.items() <= labels.items() for labels in templates) == 1


def test_ports_are_the_ones_listened_on():
    ports = {}
    for _, container in containers():
        ports |= {p["name"]: p["containerPort"] for p in container.get("ports", [])}
    assert ports == {"http": names.NGINX_PORT, "web": names.PORT, "mongodb": 27017}
    for service in of_kind("Service").values():
        assert all(port["targetPort"] in ports for port in service["spec"]["ports"])
    for probe in (*every("httpGet", OBJECTS), *every("tcpSocket", OBJECTS)):
        assert probe["port"] in ports
    for policy in of_kind("NetworkPolicy").values():
        allowed = {rule["port"] for rules in every("ports", policy) for rule in rules}
        assert allowed <= {53, 27017, *ports}


def test_every_variable_is_one_that_the_code_reads():
    names.assert_variables((CONFIGURATION | SECRET).keys() - names.template_values())
    names.assert_variables(
        variable["name"] for c in our_containers() for variable in c.get("env", [])
    )


def test_every_command_is_one_that_the_image_has():
    commands = [container["command"] for container in our_containers() if "command" in container]
    assert len(commands) == 3
    for command in commands:
        names.assert_command(command)


def test_everything_runs_this_version_and_jobs_are_named_after_it():
    images = {container["image"] for container in our_containers()}
    assert images == {f"image-log-server:{names.VERSION}"}
    for name in of_kind("Job"):
        assert name.endswith("-" + names.VERSION.replace(".", "-"))


@pytest.mark.parametrize("kind", ["startupProbe", "livenessProbe", "readinessProbe"])
def test_probes_ask_what_is_served_under_a_name_that_is_let_in(kind):
    probe = WEB_CONTAINER[kind]["httpGet"]
    names.assert_probe(probe["path"])
    assert (probe["path"] == "/readyz") == (kind == "readinessProbe")
    assert probe["httpHeaders"][0]["value"] in CONFIGURATION["ALLOWED_HOSTS"].split(",")


def test_the_memory_of_a_pod_is_enough_for_what_its_workers_may_take():
    budget = settings.MEMORY_BUDGET_BYTES
    assert "MEMORY_BUDGET_BYTES" not in CONFIGURATION
    workers = int(CONFIGURATION["WEB_WORKERS"]) * (budget + WITHOUT_BUDGET * UNITS["Mi"])
    limit = byte_count(WEB_CONTAINER["resources"]["limits"]["memory"])
    assert workers < limit
    for text in (TEXT, (ROOT / "docs" / "deploying.md").read_text()):
        assert re.search(rf"MEMORY_BUDGET_BYTES`? and {WITHOUT_BUDGET} Mi?B", text)


def test_a_pod_is_given_the_time_that_gunicorn_takes_to_stop():
    pod = pod_template(WEB)["spec"]
    web, nginx = (sleep["seconds"] for sleep in every("sleep", WEB))
    # nginx has sent on all that it received before it was told to stop.
    assert web >= nginx + names.GRACEFUL_SECONDS
    assert pod["terminationGracePeriodSeconds"] > web + names.GRACEFUL_SECONDS
    assert WEB["spec"]["strategy"]["rollingUpdate"]["maxUnavailable"] == 0


def test_there_is_room_for_as_many_uploads_as_are_let_in():
    tmp, nginx_tmp = pod_template(WEB)["spec"]["volumes"][:2]
    bodies, body_bytes = (int(CONFIGURATION[name]) for name in ("MAX_UPLOADS", "MAX_BODY_BYTES"))
    assert body_bytes > settings.MAX_UPLOAD_BYTES + 2**20
    room = byte_count(nginx_tmp["emptyDir"]["sizeLimit"])
    assert room > names.room_for_nginx(bodies, body_bytes)
    assert "DISK_BUDGET_BYTES" not in CONFIGURATION
    workers = int(CONFIGURATION["WEB_WORKERS"])
    assert byte_count(tmp["emptyDir"]["sizeLimit"]) > names.room_for_temporary_files(workers)


def test_what_a_pod_may_write_to_the_disk_of_its_node_is_limited_and_reserved():
    for workload in workloads():
        pod = pod_template(workload)["spec"]
        volumes = [v["emptyDir"] for v in pod.get("volumes", []) if "emptyDir" in v]
        assert all("sizeLimit" in volume for volume in volumes), identity(workload)
        on_disk = [byte_count(v["sizeLimit"]) for v in volumes if v.get("medium") != "Memory"]
        limits = [
            byte_count(container["resources"]["limits"][DISK]) for container in pod["containers"]
        ]
        assert sum(limits) >= sum(on_disk) + len(limits) * LOG_BYTES, identity(workload)


def test_each_container_requests_and_limits_processors_memory_and_disk():
    for _, container in containers():
        requests, limits = (container["resources"][kind] for kind in ("requests", "limits"))
        assert set(requests) == set(limits) == {"cpu", "memory", DISK}
        for what in ("memory", DISK):
            assert byte_count(requests[what]) <= byte_count(limits[what])


def test_no_pod_may_do_more_than_it_has_to():
    for pod, container in containers():
        assert pod["securityContext"]["runAsNonRoot"] is True
        assert pod["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
        assert pod["automountServiceAccountToken"] is False
        assert container["securityContext"] == {
            "allowPrivilegeEscalation": False,
            "readOnlyRootFilesystem": True,
            "capabilities": {"drop": ["ALL"]},
        }


def test_nothing_starts_before_the_secrets_are_filled_in(monkeypatch, capsys):
    assert SECRET["SECRET_KEY"] == ""
    secrets = [secret["stringData"] for secret in of_kind("Secret").values()]
    for name, value in [item for secret in secrets for item in secret.items()]:
        monkeypatch.setenv(name, value)
    assert replica_set.main() == 1
    for uris in (
        (SECRET["MONGODB_URI"], BACKUP_URI),
        (filled_in(SECRET["MONGODB_URI"]), BACKUP_URI),
    ):
        with pytest.raises(ImproperlyConfigured, match="a user and a password"):
            replica_set.prepare(uris[0], "a key", uris[1])


def filled_in(uri):
    return uri.replace(":@", ":secret@")


def test_the_user_of_backups_is_another_in_the_same_database():
    service, backup = (parse_uri(filled_in(uri)) for uri in (SECRET["MONGODB_URI"], BACKUP_URI))
    assert service["username"] != backup["username"]
    assert service["nodelist"] == backup["nodelist"]
    assert service["database"] == backup["database"]


def test_the_files_of_deploy_are_in_it_word_for_word():
    for name, text in of_kind("ConfigMap")["files"]["data"].items():
        assert text == (ROOT / "deploy" / name).read_text()


def test_nginx_gets_all_values_of_its_template_and_replaces_no_others():
    env = {variable["name"]: variable["value"] for variable in NGINX_CONTAINER["env"]}
    pattern = env.pop("NGINX_ENVSUBST_FILTER")
    replaced = {name for name in CONFIGURATION | env if re.search(pattern, name)}
    assert replaced == names.template_values()
    assert env["WEB_ADDRESS"] == f"127.0.0.1:{names.PORT}"
    [mount] = [m for m in NGINX_CONTAINER["volumeMounts"] if m["name"] == "files"]
    assert mount["subPath"] == "nginx.conf"


def test_only_the_ingress_and_prometheus_reach_the_service_and_only_through_nginx():
    [rule] = of_kind("NetworkPolicy")["web"]["spec"]["ingress"]
    assert rule["ports"] == [{"port": "http"}]
    [source] = rule["from"]
    assert set(source) == {"namespaceSelector"}
    assert of_kind("Service")["image-log-server"]["spec"]["ports"][0]["targetPort"] == "http"
    assert CONFIGURATION["NUM_PROXIES"] == "1"


def test_the_ingress_ends_tls_for_a_name_that_is_let_in():
    ingress = of_kind("Ingress")["image-log-server"]["spec"]
    [rule], [tls] = ingress["rules"], ingress["tls"]
    assert tls["hosts"] == [rule["host"]]
    assert rule["host"] in CONFIGURATION["ALLOWED_HOSTS"].split(",")
    [backend] = every("backend", ingress)
    service = of_kind("Service")[backend["service"]["name"]]
    assert backend["service"]["port"]["name"] in {port["name"] for port in service["spec"]["ports"]}


def test_whatever_is_to_be_filled_in_is_marked():
    marked = [line for line in TEXT.splitlines() if "# <- fill in" in line]
    for mark in (
        '""',
        ":@",
        "example.com",
        "ingressClassName",
        "10.0.0.0/8",
        "issuer:",
        "ingress-",
    ):
        assert [line for line in marked if mark in line], mark
    for line in set(TEXT.splitlines()) - set(marked):
        assert "example.com" not in line
        assert not line.endswith(': ""')


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """What ``kubectl kustomize`` makes of the example, with secrets in their files."""
    folder = tmp_path_factory.mktemp("kustomize")
    for name in ("kustomization.yaml", "k8s-deployment.yaml"):
        shutil.copy(ROOT / name, folder)
    (folder / "secrets").mkdir()
    for name, lines in {
        "image-log-server": f"SECRET_KEY=key\nMONGODB_URI={filled_in(SECRET['MONGODB_URI'])}\n",
        "backup": f"BACKUP_URI={filled_in(BACKUP_URI)}\n",
        "mongodb": "MONGODB_KEY=a+key=\n",
    }.items():
        (folder / "secrets" / f"{name}.env").write_text(lines)
    command = [Path(sys.executable).parent / "kubectl", "kustomize", folder]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return list(yaml.safe_load_all(done.stdout))


def test_the_overlay_is_valid_and_has_all_objects(built):
    for thing in built:
        kubernetes_validate.validate(thing, KUBERNETES, strict=True)
    assert {identity(thing) for thing in built} == {identity(thing) for thing in OBJECTS}


def test_the_overlay_sets_names_images_and_secrets_without_editing(built):
    assert not our_containers(built)
    images = {c["image"].rpartition(":")[0] for _, c in containers(built)}
    assert {image for image in images if "image-log-server" in image} == {
        "registry.example.com/image-log-server"
    }
    assert "example.com" not in str(of_kind("Ingress", built))
    assert "example.com" not in str(of_kind("ConfigMap", built)["image-log-server"])
    for secret in of_kind("Secret", built).values():
        assert "stringData" not in secret
        assert all(base64.b64decode(value) for value in secret["data"].values())


def test_the_alerts_ask_for_metrics_that_there_are(server):
    exposed = server.get("/metrics").body.decode() + (ROOT / "docs/monitoring.md").read_text()
    monitor, rules = yaml.safe_load_all((ROOT / "deploy" / "monitoring.yaml").read_text())
    asked = {name for expr in every("expr", rules) for name in re.findall(r"[a-z]+_[a-z_]+", expr)}
    assert {"mongodb_up", "doctor_problems"} <= asked
    assert [name for name in asked if name not in exposed] == []
    assert monitor["spec"]["selector"]["matchLabels"].items() <= (
        of_kind("Service")["image-log-server"]["metadata"]["labels"].items()
    )
    assert monitor["spec"]["endpoints"][0]["port"] == "http"


def test_the_address_names_the_members_of_the_set():
    uri = parse_uri(SECRET["MONGODB_URI"].replace(":@", ":secret@"))
    members = of_kind("StatefulSet")["mongodb"]["spec"]
    hosts = [f"mongodb-{n}.{members['serviceName']}" for n in range(members["replicas"])]
    assert uri["nodelist"] == [(host, 27017) for host in hosts]
    [mongod] = members["template"]["spec"]["containers"]
    assert (
        uri["options"]["replicaSet"] == mongod["command"][mongod["command"].index("--replSet") + 1]
    )


def test_only_the_service_and_the_members_reach_mongodb():
    policies = of_kind("NetworkPolicy")
    assert policies["nothing-else"]["spec"] == {
        "podSelector": {},
        "policyTypes": ["Ingress", "Egress"],
    }
    [rule] = policies["mongodb"]["spec"]["ingress"]
    [selector] = rule["from"]
    [expression] = selector["podSelector"]["matchExpressions"]
    apps = {pod_template(w)["metadata"]["labels"]["app"] for w in workloads()}
    assert set(expression["values"]) == apps
    ingress = [name for name, p in policies.items() if "ingress" in p["spec"]]
    assert ingress == ["web", "mongodb"]
