"""What lies in `docs/deploy/` agrees with the program and with itself: files, ports, names, routes, settings, users.

No container engine is needed; what only one can show is said in `docs/containers.md`.
"""

from __future__ import annotations

import json
import re
import shlex
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name
from streamlit import config

from dashboard import counts_page, health
from prompts.asking.process import LINGER_S
from prompts.cli.main import parser
from providers.config.configuration import load
from providers.config.telemetry import LOGS
from tests.test_documentation import DOCUMENTATION
from tests.test_requirements import EXTRAS, RUNS_ON

ROOT = Path(__file__).resolve().parent.parent
DEPLOY = ROOT / "docs" / "deploy"
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
COMPOSE = yaml.safe_load((DEPLOY / "compose.yaml").read_text("utf-8"))
OBJECTS = list(yaml.safe_load_all((DEPLOY / "kubernetes.yaml").read_text("utf-8")))
CADDY = (DEPLOY / "Caddyfile").read_text("utf-8")


def nobody() -> Any:
    raise AssertionError("nothing is asked here")


ROUTES = {route.path for route in (*health.routes(nobody), *counts_page.routes(nobody))}


def instructions() -> list[tuple[str, str]]:
    """The Containerfile's, without comments, a line each."""
    text = (DEPLOY / "Containerfile").read_text("utf-8")
    whole = re.sub(r"^\s*#.*\n", "", text, flags=re.MULTILINE).replace("\\\n", " ")
    return [(line.split(" ", 1)[0], line.split(" ", 1)[1].strip()) for line in whole.splitlines() if line.strip()]


def last_stage() -> list[tuple[str, str]]:
    found = instructions()
    return found[max(at for at, (name, _) in enumerate(found) if name == "FROM") :]


def said(name: str) -> str:
    """What is said last under that name."""
    return [value for each, value in instructions() if each == name][-1]


def environment() -> dict[str, str]:
    """Of the last stage, which is the one that runs."""
    return dict(each.split("=", 1) for name, value in last_stage() if name == "ENV" for each in shlex.split(value))


IMAGE = environment()
PORT = int(said("EXPOSE"))


def kinds(kind: str) -> list[dict[str, Any]]:
    return [each for each in OBJECTS if each["kind"] == kind]


def containers() -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    """Each pod of the example with its container."""
    for each in kinds("Deployment"):
        pod = each["spec"]["template"]["spec"]
        yield from ((pod, container) for container in pod["containers"])


SECRET = kinds("Secret")[0]["stringData"]


def variables() -> Iterator[tuple[str, str | None]]:
    """Every variable that is set for one of our processes, with its value where it is written there."""
    yield from IMAGE.items()
    for service in ("dashboard", "worker"):
        yield from COMPOSE["services"][service]["environment"].items()
    for _, container in containers():
        yield from ((each["name"], each.get("value")) for each in container["env"])


# The image -----------------------------------------------------------------------------------------------------------


def test_the_image_has_a_python_that_is_tested() -> None:
    python = said("ARG").removeprefix("PYTHON=").split("-")[0]
    assert python in SpecifierSet(PROJECT["requires-python"])
    workflow = "\n".join(file.read_text("utf-8") for file in (ROOT / ".github" / "workflows").iterdir())
    assert f'"{python}"' in workflow
    assert {value.split(" ")[0] for name, value in instructions() if name == "FROM"} == {"python:${PYTHON}"}


def test_everything_that_is_copied_exists_and_is_let_through() -> None:
    sources = [
        source
        for name, value in instructions()
        if name == "COPY" and not value.startswith("--from")
        for source in value.split(" ")[:-1]
    ]
    assert [source for source in sources if not (ROOT / source).exists()] == []
    ignored = (DEPLOY / "Containerfile.dockerignore").read_text("utf-8").splitlines()
    assert "*" in ignored
    assert sorted(line[1:] for line in ignored if line.startswith("!")) == sorted(sources)
    assert set(sources) >= {"requirements.txt", "pyproject.toml", PROJECT["readme"]}
    packages = {path.name for path in ROOT.iterdir() if (path / "__init__.py").is_file()} - {"tests"}
    assert packages <= set(sources)


def test_it_runs_as_nobody_who_may_do_anything() -> None:
    user, group = said("USER").split(":")
    assert int(user) > 0
    assert int(group) > 0
    assert f"--uid {user}" in said("RUN")
    for pod, container in containers():
        assert pod["securityContext"]["runAsUser"] == int(user)
        assert pod["securityContext"]["runAsGroup"] == int(group)
        assert pod["securityContext"]["runAsNonRoot"]
        assert container["securityContext"] == {
            "allowPrivilegeEscalation": False, "readOnlyRootFilesystem": True, "capabilities": {"drop": ["ALL"]},
        }  # fmt: skip
    for name in ("dashboard", "worker"):
        service = COMPOSE["services"][name]
        assert service["read_only"]
        assert service["cap_drop"] == ["ALL"]
        assert service["security_opt"] == ["no-new-privileges:true"]


def test_what_is_installed_is_locked_by_hash_and_is_what_is_tested() -> None:
    text = (DEPLOY / "requirements.lock").read_text("utf-8").replace("\\\n", " ")
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    assert all("--hash=sha256:" in line for line in lines)
    assert "://" not in "".join(lines)
    locked = {str(Requirement(line.split(" --hash")[0].strip()).specifier): line for line in lines}
    names = {canonicalize_name(line.split("==")[0]) for line in lines}
    extras = PROJECT["optional-dependencies"]
    wanted = {Requirement(each).name for extra in ("telemetry", "workers") for each in extras[extra]}
    assert names >= {*RUNS_ON, *map(canonicalize_name, wanted), "setuptools"}
    assert names & set(EXTRAS) == set(map(canonicalize_name, wanted))
    tested = (ROOT / "constraints.txt").read_text("utf-8").splitlines()
    versions = {line.split(" ")[0] for line in tested}
    assert [line.split(" ")[0] for line in locked.values() if line.split(" ")[0] not in versions] == []
    install = [value for name, value in instructions() if name == "RUN" and "install --" in value and "pip" in value]
    assert all("--require-hashes" in each or "--no-deps --no-build-isolation" in each for each in install)


def test_its_commands_are_commands_of_ours() -> None:
    (actions,) = (each for each in parser()._actions if hasattr(each, "choices") and each.dest == "command")
    assert json.loads(said("ENTRYPOINT")) == list(PROJECT["scripts"])[:1]
    asked = [json.loads(said("CMD")), COMPOSE["services"]["worker"]["command"]]
    asked += [container["args"] for _, container in containers() if "args" in container]
    assert [each for each in asked if each[0] not in (actions.choices or ())] == []
    for each in asked:
        parser().parse_args(each)


# Names, ports, routes and settings -----------------------------------------------------------------------------------


def test_every_variable_is_a_setting_that_is_documented() -> None:
    streamlits = {f"STREAMLIT_{_snake(each).upper()}" for each in config._config_options_template}

    def is_known(name: str) -> bool:
        if name.startswith("COLLATE_"):
            return re.search(rf"\b{name}\b", DOCUMENTATION) is not None
        return name in streamlits | {"PATH", "HOME", "PYTHONDONTWRITEBYTECODE", "PYTHONUNBUFFERED"}

    assert [name for name, _ in variables() if not is_known(name)] == []


def _snake(option: str) -> str:
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", option).replace(".", "_").lower()


def test_every_setting_can_be_followed() -> None:
    for _, container in containers():
        values = {
            each["name"]: each.get("value") or SECRET[each["valueFrom"]["secretKeyRef"]["key"]]
            for each in container["env"]
        }
        setup = load({**IMAGE, **values}, secrets={})
        assert setup.mistakes == ()
        assert setup.telemetry.logs in LOGS
    assert load(IMAGE, secrets={}).telemetry.logs == "json"


def _value(variable: dict[str, Any]) -> str:
    return variable["value"] if "value" in variable else SECRET[variable["valueFrom"]["secretKeyRef"]["key"]]


def test_all_say_the_same_port_and_only_routes_that_are_there() -> None:
    assert IMAGE["STREAMLIT_SERVER_PORT"] == str(PORT)
    assert f"http://localhost:{PORT}/health'" in said("HEALTHCHECK")
    assert f"reverse_proxy dashboard:{PORT}" in CADDY
    (_, container), *_ = containers()
    assert container["ports"] == [{"name": "http", "containerPort": PORT}]
    probes = [container[f"{name}Probe"]["httpGet"] for name in ("startup", "liveness", "readiness")]
    assert [probe["path"] for probe in probes] == ["/health/live", "/health/live", "/health"]
    assert {probe["path"] for probe in probes} <= ROUTES
    assert {probe["port"] for probe in probes} == {"http"}
    inside = re.findall(r"@inside path (.*)", CADDY)[0].split()
    assert {each for each in ROUTES if not any(_covers(path, each) for path in inside)} == set()


def _covers(path: str, route: str) -> bool:
    return route == path or (path.endswith("/*") and route.startswith(path[:-1]))


def test_probes_say_a_name_that_is_answered_and_wait_longer_than_the_answer_takes() -> None:
    (_, container), *_ = containers()
    allowed = next(each["value"] for each in container["env"] if each["name"] == "STREAMLIT_SERVER_ALLOWED_HOSTS")
    hosts = [rule["host"] for each in kinds("Ingress") for rule in each["spec"]["rules"]]
    assert set(hosts) < set(allowed.split(" "))
    for name in ("startup", "liveness", "readiness"):
        probe = container[f"{name}Probe"]
        assert probe["httpGet"]["httpHeaders"] == [{"name": "Host", "value": "localhost"}]
        assert probe["timeoutSeconds"] > health.PATIENCE_S
    assert "localhost" in allowed.split(" ")
    assert COMPOSE["services"]["dashboard"]["environment"]["STREAMLIT_SERVER_ALLOWED_HOSTS"].startswith("localhost ")


def test_whoever_ends_a_container_waits_longer_than_it_takes() -> None:
    wait = float(IMAGE["COLLATE_WAIT_FOR_ANSWERS_S"])
    assert wait <= LINGER_S  # what is asked after that is stopped, and recorded
    for pod, _ in containers():
        assert pod["terminationGracePeriodSeconds"] > wait + 15
    for name in ("dashboard", "worker"):
        assert float(COMPOSE["services"][name]["stop_grace_period"].removesuffix("s")) > wait + 15


def test_what_is_written_to_can_be_written_to() -> None:
    for pod, container in containers():
        mounted = {each["mountPath"]: each["name"] for each in container["volumeMounts"]}
        assert {IMAGE["HOME"], "/tmp", f"{said('WORKDIR')}/.streamlit"} == set(mounted)  # noqa: S108 -- in the container
        assert set(mounted.values()) == {each["name"] for each in pod["volumes"]}
    assert any(each.endswith(f":{IMAGE['HOME']}") for each in COMPOSE["services"]["dashboard"]["volumes"])
    assert [each.split(":")[0] for each in COMPOSE["services"]["worker"]["tmpfs"]] == ["/tmp", IMAGE["HOME"]]  # noqa: S108


# Compose and Kubernetes within themselves ----------------------------------------------------------------------------


def test_compose_names_only_what_it_has() -> None:
    services = COMPOSE["services"]
    assert set(services) == {"dashboard", "worker", "database", "proxy"}
    assert services["worker"]["deploy"]["replicas"] == 2
    build = services["dashboard"]["build"]
    assert (DEPLOY / build["context"] / build["dockerfile"]).resolve() == DEPLOY / "Containerfile"
    for service in services.values():
        assert set(service.get("depends_on", ())) <= set(services)
        assert set(service["networks"]) <= set(COMPOSE["networks"])
        assert "latest" not in service["image"]
        for volume in service.get("volumes", ()):
            source = volume.split(":")[0]
            assert source in COMPOSE["volumes"] or (DEPLOY / source).is_file(), volume
        for secret in service.get("secrets", ()):
            assert secret["source"] in COMPOSE["secrets"]
            assert secret["target"] == f"{said('WORKDIR')}/.streamlit/secrets.toml"
    assert COMPOSE["networks"]["inside"]["internal"]
    assert services["database"]["networks"] == ["inside"]
    assert [name for name, each in services.items() if "ports" in each] == ["proxy"]


def test_the_database_of_compose_is_the_one_that_is_asked() -> None:
    database = COMPOSE["services"]["database"]["environment"]
    url = COMPOSE["services"]["dashboard"]["environment"]["COLLATE_DATABASE_URL"]
    assert url == (
        f"postgresql://{database['POSTGRES_USER']}:{database['POSTGRES_PASSWORD']}@database/"
        f"{database['POSTGRES_DB']}?sslmode=disable"
    )
    major = int(re.findall(r"postgres:(\d+)", COMPOSE["services"]["database"]["image"])[0])
    assert major >= int(re.findall(r"One PostgreSQL \((\d+) or newer\)", DOCUMENTATION)[0])


def test_the_objects_of_kubernetes_find_each_other() -> None:
    names = {(each["kind"], each["metadata"]["name"]) for each in OBJECTS}
    spaces = {each["metadata"].get("namespace") for each in OBJECTS if each["kind"] != "Namespace"}
    assert {("Namespace", space) for space in spaces} <= names
    labels = []
    for each in kinds("Deployment"):
        labels.append(each["spec"]["template"]["metadata"]["labels"])
        assert each["spec"]["selector"]["matchLabels"] == labels[-1]
    assert all(each["spec"]["selector"] in labels for each in kinds("Service"))
    (scaler,) = kinds("HorizontalPodAutoscaler")
    target = scaler["spec"]["scaleTargetRef"]
    assert (target["kind"], target["name"]) in names
    scaled = next(each for each in kinds("Deployment") if each["metadata"]["name"] == target["name"])
    assert "replicas" not in scaled["spec"], "the autoscaler and whoever applies the file would overrule each other"
    for pod, container in containers():
        for each in container["env"]:
            if "valueFrom" in each:
                assert each["valueFrom"]["secretKeyRef"]["key"] in SECRET
        keys = [item["key"] for volume in pod["volumes"] if "secret" in volume for item in volume["secret"]["items"]]
        assert set(keys) <= set(SECRET)
        assert container["image"].endswith(f":{PROJECT['version']}")
    tomllib.loads(SECRET["secrets.toml"])
