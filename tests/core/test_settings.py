"""The environment variables: all of them documented, and no secret with a default."""

import ast
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pytest
from csp.constants import SELF

ROOT = Path(__file__).resolve().parents[2]
READERS = [*ROOT.glob("site/config/settings/*.py"), *ROOT.glob("scripts/*.py"), ROOT / "manage.py"]
#: By how the code reads it: what the document calls its type.
TYPES = {
    "str": "text",
    "int": "whole number",
    "bool": "yes/no",
    "list": "list",
    "email_url": "address",
}
#: Set by the tools that run the tests or by the system, never by who runs the site.
NOT_OURS = {"PYTEST_XDIST_WORKER"}
#: What a backup tells of the environment it was made in, and hands on to PostgreSQL's programs.
OF_THE_ENVIRONMENT = {"site/core/backups/lacking.py", "site/core/backups/postgres.py"}
#: Read by Django itself, and set before any setting is read.
DJANGOS = {"DJANGO_SETTINGS_MODULE"}
GOOD = {
    "SIDEMAND_SECRET_KEY": "0123456789" * 5,
    "SIDEMAND_HOSTS": "sidemand.example.org,www.example.org",
    "EMAIL_URL": "smtp+tls://user:password@mail.example.org:587",
}


class Variable(NamedTuple):
    """A variable as the code reads it."""

    name: str
    type: str
    default: str | None  # its source; none where it must be set


def variables() -> list[Variable]:
    """Every ``env.type("NAME", default=...)`` of the code."""
    found = []
    for path in READERS:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
                continue
            if ast.unparse(node.func.value) != "env" or node.func.attr not in TYPES:
                continue
            defaults = [word.value for word in node.keywords if word.arg == "default"]
            found.append(
                Variable(
                    ast.literal_eval(node.args[0]),
                    TYPES[node.func.attr],
                    ast.unparse(defaults[0]) if defaults else None,
                )
            )
    return [variable for variable in found if variable.name not in NOT_OURS]


def documented() -> dict[str, tuple[str, str]]:
    """Type and default of each variable in docs/operations.md."""
    text = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `([A-Z_]+)` \| (.+?) \| (.+?) \| .+ \|$", text, re.MULTILINE)
    return {name: (its_type, default) for name, its_type, default in rows}


def import_production(
    asked: str = "SECRET_KEY", **environment: str
) -> subprocess.CompletedProcess[str]:
    """Read the production settings with these variables alone, and print one of them."""
    return subprocess.run(
        [sys.executable, "-c", f"from config.settings import production as p; print(p.{asked})"],
        check=False,
        capture_output=True,
        text=True,
        cwd=ROOT / "site",
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT / "site"), **environment},
    )


def test_the_document_names_each_variable_that_the_code_reads_and_no_other():
    assert set(documented()) == {variable.name for variable in variables()} | DJANGOS


@pytest.mark.parametrize("variable", variables(), ids=lambda variable: variable.name)
def test_type_and_default_are_as_documented(variable):
    its_type, default = documented()[variable.name]

    assert its_type == variable.type
    if variable.default is None:
        assert default.startswith("none")
    elif variable.default in {"True", "False"}:
        assert {"True": "yes", "False": "no"}[variable.default] in re.split(r"[ ;]", default)
    elif variable.default in {"''", "[]"}:
        assert default.split(";")[0] == "empty"
    elif re.fullmatch(r"'[^']+'|\d+", variable.default) and variable.name != "SIDEMAND_BASE_URL":
        assert default == f"`{ast.literal_eval(variable.default)}`"


def test_no_variable_is_read_past_the_settings():
    """Else it would be read from the process alone, and never from the file ``.env``."""
    asked = re.compile(r"os\.(?:environ|getenv)")
    apps = [
        path
        for folder in ("site", "courses", "mentoring", "cooperation")
        for path in (ROOT / folder).rglob("*.py")
    ]

    found = {
        path.relative_to(ROOT).as_posix()
        for path in apps
        if asked.search(path.read_text(encoding="utf-8")) and path.name != "wsgi.py"
    }
    assert found == OF_THE_ENVIRONMENT


def test_production_starts_with_what_it_needs():
    assert import_production(**GOOD).stdout.strip() == GOOD["SIDEMAND_SECRET_KEY"]


@pytest.mark.parametrize(
    ("server", "allowed"),
    [("", []), ("https://id.example.org/realms/x", ["https://id.example.org"])],
)
def test_a_form_leads_to_the_provider_that_is_named_and_nowhere_else(server, allowed):
    names = {"SERVER": server, "CLIENT_ID": "x", "SECRET": "y"}

    started = import_production(
        "CONTENT_SECURITY_POLICY['DIRECTIVES']['form-action']",
        **GOOD,
        **{f"SIDEMAND_OIDC_{name}": value for name, value in names.items()},
    )

    assert ast.literal_eval(started.stdout) == [SELF, *allowed]


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"SIDEMAND_SECRET_KEY": None}, "SIDEMAND_SECRET_KEY"),
        ({"SIDEMAND_SECRET_KEY": "short"}, "SIDEMAND_SECRET_KEY needs 50 or more characters"),
        ({"SIDEMAND_HOSTS": None}, "SIDEMAND_HOSTS"),
        ({"SIDEMAND_HOSTS": ""}, "SIDEMAND_HOSTS names no host"),
        ({"EMAIL_URL": None}, "EMAIL_URL"),
        ({"SIDEMAND_OIDC_SERVER": "https://id.example.org"}, "SIDEMAND_OIDC_CLIENT_ID"),
        (
            {"SIDEMAND_OIDC_SERVER": "https://id.example.org", "SIDEMAND_OIDC_CLIENT_ID": "x"},
            "SIDEMAND_OIDC_SECRET",
        ),
    ],
)
def test_production_does_not_start_without_a_secret_of_its_own(changed, told):
    environment = {name: value for name, value in (GOOD | changed).items() if value is not None}

    failed = import_production(**environment)

    assert failed.returncode != 0
    assert "ImproperlyConfigured" in failed.stderr
    assert told in failed.stderr
    assert environment.get("SIDEMAND_SECRET_KEY", "not there") not in failed.stderr
