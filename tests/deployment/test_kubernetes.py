"""k8s-deployment.yaml is valid, fits together, and fits the code."""

import kubernetes_validate
import pytest
import yaml
from django.core.exceptions import ImproperlyConfigured
from pymongo.uri_parser import parse_uri

from image_processor.ops import replica_set
from tests.deployment import names
from tests.server import ROOT

KUBERNETES = "1.37"
OBJECTS = list(yaml.safe_load_all((ROOT / "k8s-deployment.yaml").read_text()))
WITHOUT_MONGODB = [o for o in OBJECTS if o["metadata"]["labels"]["app"] != "mongodb"]
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
[WEB_CONTAINER] = pod_template(WEB)["spec"]["containers"]
CONFIGURATION = of_kind("ConfigMap")["image-log-server"]["data"]
SECRET = of_kind("Secret")["image-log-server"]["stringData"]


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
    assert set(every("secretName", among)) <= set(kept["Secret"])
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
    assert ports == {"http": names.PORT, "mongodb": 27017}
    for service in of_kind("Service").values():
        assert all(port["targetPort"] in ports for port in service["spec"]["ports"])
    for probe in (*every("httpGet", OBJECTS), *every("tcpSocket", OBJECTS)):
        assert probe["port"] in ports
    for policy in of_kind("NetworkPolicy").values():
        allowed = {rule["port"] for rules in every("ports", policy) for rule in rules}
        assert allowed <= {53, 27017, *ports}


def test_every_variable_is_one_that_the_code_reads():
    names.assert_variables(CONFIGURATION | SECRET)
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


def test_a_pod_is_given_the_time_that_gunicorn_takes_to_stop():
    pod = pod_template(WEB)["spec"]
    [sleep] = every("sleep", WEB)
    assert pod["terminationGracePeriodSeconds"] > sleep["seconds"] + names.GRACEFUL_SECONDS
    assert WEB["spec"]["strategy"]["rollingUpdate"]["maxUnavailable"] == 0


def test_there_is_room_for_as_many_uploads_as_are_let_in():
    [tmp] = pod_template(WEB)["spec"]["volumes"]
    workers, ingests = (int(CONFIGURATION[name]) for name in ("WEB_WORKERS", "MAX_INGESTS"))
    assert byte_count(tmp["emptyDir"]["sizeLimit"]) > names.room_for_uploads(workers, ingests)


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
        assert set(container["resources"]) == {"requests", "limits"}


def test_nothing_starts_before_the_secrets_are_filled_in(monkeypatch, capsys):
    assert SECRET["SECRET_KEY"] == ""
    for name, value in (SECRET | of_kind("Secret")["mongodb"]["stringData"]).items():
        monkeypatch.setenv(name, value)
    assert replica_set.main() == 1
    with pytest.raises(ImproperlyConfigured, match="a user and a password"):
        replica_set.prepare(SECRET["MONGODB_URI"], "a key")


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
