"""Whoever runs the site hears it when devices cannot be set up, or a forgotten PIN loses work."""

from pathlib import Path
from typing import Any

import pytest
from django.core.checks import run_checks
from django.core.management import call_command

from devices import checks


def told() -> list[str]:
    """The ids of what `check --deploy` says of the key for devices."""
    found = checks.the_server_has_a_key_for_devices(None)
    return [str(one.id) for one in found]


def test_a_key_that_only_the_server_reads_is_all_that_is_asked(server_key: Path) -> None:
    server_key.chmod(0o600)

    assert told() == []


def test_it_is_asked_before_a_deployment(settings: Any) -> None:
    settings.SIDEMAND_DEVICE_KEY_FILE = ""

    assert "devices.W001" in {one.id for one in run_checks(include_deployment_checks=True)}
    assert "devices.W001" not in {one.id for one in run_checks()}


@pytest.mark.parametrize("content", [None, "", "no key", "-----BEGIN PRIVATE KEY-----\nAA\n"])
def test_a_file_that_was_named_must_hold_a_key(
    tmp_path: Path, settings: Any, content: str | None
) -> None:
    path = tmp_path / "device-key.pem"
    settings.SIDEMAND_DEVICE_KEY_FILE = str(path)
    if content is not None:
        path.write_text(content)

    assert told() == ["devices.E001"]


def test_a_broken_key_is_told_as_well(server_key: Path) -> None:
    server_key.write_bytes(server_key.read_bytes()[:80] + b"\n-----END PRIVATE KEY-----\n")

    assert told() == ["devices.E001"]


def test_others_who_could_read_it_are_told_of(server_key: Path) -> None:
    server_key.chmod(0o640)

    assert told() == ["devices.W002"]


def test_the_command_that_the_hint_names_settles_it(tmp_path: Path, settings: Any) -> None:
    settings.SIDEMAND_DEVICE_KEY_FILE = str(tmp_path / "keys" / "device-key.pem")
    before = told()
    call_command("make_device_key", verbosity=0)

    assert (before, told()) == (["devices.E001"], [])
