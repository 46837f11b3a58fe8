"""Settings that go into a backup, and what does not, in words."""

import hmac
import os
import secrets
from collections.abc import Iterable
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.db import models
from django.utils.crypto import salted_hmac

from core.backups.snapshots import Snapshot, texts

#: Environment variables that anybody may read. Whatever is not named here counts as a secret.
OPEN_SETTINGS = frozenset(
    {
        "DJANGO_SETTINGS_MODULE",
        "PORT",
        *(
            f"SIDEMAND_{name}"
            for name in (
                "ACCEL_PREFIX", "BASE_URL", "BEHIND_PROXY", "CHECK_LIMIT", "CHECK_LINKS", "DB_POOL",
                "DB_PREPARE", "DEMO", "EVALUATE_LIMIT", "HELP_EMAIL", "HELP_PHONE",
                "HOSTS", "MAIL_FROM", "MEDIA",
                "OIDC_CLIENT_ID", "OIDC_ID", "OIDC_NAME", "OIDC_SERVER", "PROXY_COUNT", "RUN_BY",
                "SECOND_FACTOR", "TASKS", "VAR",
            )
        ),
    }
)  # fmt: skip
#: What is lost with a secret. Those that are not named here are listed by name alone.
SECRETS = {
    "SIDEMAND_SECRET_KEY": "without it nobody's second factor works, and no link that was sent",
    "SIDEMAND_OLD_SECRET_KEYS": "without them what older keys encrypted cannot be read",
    "SIDEMAND_BADGE_KEY": "without it certificates that were issued cannot be proven as badges",
    "SIDEMAND_OIDC_SECRET": "without it nobody signs in through the provider",
    "SIDEMAND_DEVICE_KEY_FILE": "without that file a forgotten PIN loses what lies on the device",
    "EMAIL_URL": "without it no mail leaves",
    "DATABASE_URL": "the new place has its own",
    "SIDEMAND_BACKUP_PASSPHRASE": "without it an encrypted backup stays closed for ever",
}
#: Longest list of names in a sentence.
MOST_NAMES = 5


def open_settings() -> dict[str, str]:
    """What is set and no secret."""
    return {name: os.environ[name] for name in sorted(OPEN_SETTINGS & set(os.environ))}


def secret_names() -> list[str]:
    """Of what is set: the names of what may not be written down."""
    ours = {name for name in os.environ if name.startswith("SIDEMAND_") or name in SECRETS}
    return sorted(ours - OPEN_SETTINGS)


def in_words(
    snapshot: Snapshot, folder: Path, uploads: Iterable[str], left: Iterable[str]
) -> list[str]:
    """What whoever restores the backup must have from elsewhere, or will not find."""
    told = [_not_in_here(name, SECRETS.get(name, "")) for name in secret_names()]
    key_file = Path(settings.VAR) / "secret-key"
    if key_file.exists():
        told.append(_not_in_here(str(key_file), SECRETS["SIDEMAND_SECRET_KEY"]))
    told.append("Who is signed in is not in here: everybody signs in again.")
    told.append("Static files and lessons drawn as PDF are not in here: they are made anew.")
    told += [f"Of the uploads, {one}." for one in left]
    missing = sorted(named_files(snapshot) - set(uploads))
    if missing:
        names = ", ".join(missing[:MOST_NAMES]) + (", …" if len(missing) > MOST_NAMES else "")
        told.append(f"{len(missing)} files that the database names are not in {folder}: {names}.")
    return told


def _not_in_here(secret: str, loss: str) -> str:
    return f"{secret} is a secret and not in here{f': {loss}' if loss else ''}."


def named_files(snapshot: Snapshot) -> set[str]:
    """Every upload that a row names, also in a schema that is older than this release."""
    there, found = snapshot.tables(), set[str]()
    for model in apps.get_models(include_auto_created=True):
        table = model._meta.db_table
        for field in model._meta.local_concrete_fields:
            column = str(field.column)
            if isinstance(field, models.FileField) and column in there.get(table, ()):
                found |= set(texts(snapshot, table, column))
    return found


# --- The secret key -----------------------------------------------------------------------------


def key_check() -> str:
    """Something that another place can compare its key with, and that does not give it away."""
    salt = secrets.token_hex(16)
    return f"{salt}:{_of_key(salt, settings.SECRET_KEY)}"


def has_key_of(check: str) -> bool:
    """Whether this place has the key that ``check`` was made with, as the key or an older one."""
    salt, _, expected = check.partition(":")
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return any(hmac.compare_digest(_of_key(salt, key), expected) for key in keys)


def _of_key(salt: str, key: str | bytes) -> str:
    return salted_hmac(f"core.backups.{salt}", "", secret=key, algorithm="sha256").hexdigest()
