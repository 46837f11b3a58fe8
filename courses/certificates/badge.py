"""A certificate as an Open Badge 3.0: a signed credential that other systems read.

A JWT whose payload is the credential, signed with the key of ``SIDEMAND_BADGE_KEY``; the public
half stands in its header. Without a key there are no badges.
"""

import json
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

import jwt
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import override
from jwt.algorithms import OKPAlgorithm

from core.bilingual import Text
from core.mail import absolute_url
from core.periods import midnight
from courses.certificates.completions import kind_of
from courses.certificates.drawing import check_address, study_time
from courses.models import Certificate

CONTEXT = [
    "https://www.w3.org/ns/credentials/v2",
    "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json",
]
ALGORITHM = "EdDSA"


def is_offered() -> bool:
    """Whether this site signs badges."""
    return bool(settings.SIDEMAND_BADGE_KEY)


def sign(certificate: Certificate) -> str:
    """The badge of ``certificate`` as a signed credential."""
    key = _key(settings.SIDEMAND_BADGE_KEY)
    public = json.loads(OKPAlgorithm.to_jwk(key.public_key()))
    return jwt.encode(
        _credential(certificate), key, algorithm=ALGORITHM, headers={"jwk": public, "typ": "JWT"}
    )


@lru_cache(maxsize=2)
def _key(text: str) -> Any:
    return load_pem_private_key(text.replace("\\n", "\n").encode(), password=None)


def _credential(certificate: Certificate) -> dict[str, Any]:
    """What the badge says: no more than the check page, and the holder's name as on the PDF."""
    language = certificate.language
    title = Text.choose(certificate.content["title"], language)
    competences = [Text.choose(texts, language) for texts in certificate.content["competences"]]
    with override(language):
        told = ". ".join([f"{_('Study time')}: {study_time(certificate.minutes)}", *competences])
        kind = kind_of(certificate.completed)
        criteria = str(kind.criteria) if kind else ""
    issuer, subject = absolute_url("/"), f"urn:uuid:{certificate.pk}"
    begins, ends = certificate.issued_at, midnight(certificate.expires_on)
    address = check_address(certificate)
    return {
        "@context": CONTEXT,
        "id": address,
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "name": title,
        "issuer": {
            "id": issuer,
            "type": ["Profile"],
            "name": settings.SIDEMAND_RUN_BY or "Sidemand",
        },
        "validFrom": _iso(begins),
        "validUntil": _iso(ends),
        "credentialSubject": {
            "id": subject,
            "type": ["AchievementSubject"],
            "identifier": [
                {
                    "type": "IdentityObject",
                    "hashed": False,
                    "identityHash": certificate.holder,
                    "identityType": "name",
                }
            ],
            "achievement": {
                "id": f"urn:uuid:{certificate.completed_id}",
                "type": ["Achievement"],
                "achievementType": kind.achievement if kind else "Achievement",
                "name": title,
                "description": told,
                "criteria": {"narrative": criteria},
            },
        },
        "evidence": [{"id": address, "type": ["Evidence"]}],
        "iss": issuer,
        "sub": subject,
        "jti": address,
        "nbf": int(begins.timestamp()),
        "exp": int(ends.timestamp()),
    }


def _iso(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
