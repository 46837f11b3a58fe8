"""What a certificate is made of: a PDF drawn once, and perhaps an Open Badge."""

from datetime import datetime

import jwt
import pypdfium2
import pytest
import zxingcpp
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)
from openbadgeslib.ob3 import OB3VerificationError, OB3Verifier

from core.periods import midnight
from courses.certificates.drawing import draw
from courses.models import Certificate
from tests.factories.courses import AT
from tests.factories.people import make_person, make_role

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("base")]


# --- The file -------------------------------------------------------------------------------------


def read_pdf(pdf):
    document = pypdfium2.PdfDocument(pdf)
    try:
        first = document[0]
        return {
            "text": first.get_textpage().get_text_range(),
            "meta": document.get_metadata_dict(),
            "tagged": document.is_tagged(),
            "size": tuple(round(side) for side in first.get_size()),
            "qr": [code.text for code in zxingcpp.read_barcodes(first.render(scale=2).to_pil())],
        }
    finally:
        document.close()


def test_the_pdf_is_a_tagged_a4_page_with_real_text_and_a_code(certificate):
    found = read_pdf(bytes(certificate.file.pdf))

    assert found["size"] == (595, 842)
    assert found["tagged"]
    assert found["meta"]["Title"] == "Kursusbevis: Underretninger ĸûâ"
    for said in (
        "Ánê ĸristiansen Demo", "har gennemført", "1 time 15 minutter", "15. juni 2027",
        "14. juni 2029", "Høre barnet", "Lovbekendtgørelse nr. 11 fra 2024",
        certificate.spelled_code,
    ):  # fmt: skip
        assert said in found["text"]
    assert found["qr"] == [f"http://localhost:8000/da/bevis/{certificate.code}/"]
    assert b"/Lang (da" in bytes(certificate.file.pdf) or b"(da)" in bytes(certificate.file.pdf)


def test_in_kalaallisut_what_is_not_translated_stands_in_danish_and_is_said(world):
    world.complete()
    certificate = world.issue(language="kl")

    found = read_pdf(bytes(certificate.file.pdf))

    assert "har gennemført" in found["text"]
    assert "Det, der ikke er oversat endnu, står på dansk." in found["text"]
    assert found["qr"] == [f"http://localhost:8000/kl/bevis/{certificate.code}/"]


def test_every_letter_of_kalaallisut_is_in_the_font(world):
    world.learner.name = "ĸ ĸ â ê î ô û ã ẽ ĩ ũ á é í ó ú æ ø å"
    world.learner.save()
    world.complete()

    assert world.learner.name in read_pdf(bytes(world.issue().file.pdf))["text"]


def test_the_same_content_is_drawn_to_the_same_bytes(certificate):
    again = Certificate.objects.get()

    assert draw(certificate) == draw(again) == bytes(certificate.file.pdf)


# --- As an Open Badge -----------------------------------------------------------------------------


@pytest.fixture
def badge_key(settings):
    key = Ed25519PrivateKey.generate()
    settings.SIDEMAND_BADGE_KEY = key.private_bytes(
        Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()
    ).decode()
    return key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()


def test_the_badge_is_verified_by_another_library(client, world, valid, badge_key):
    client.force_login(world.learner.user)

    answer = client.get(f"/da/laering/beviser/{valid.pk}/badge/")
    badge = OB3Verifier(badge_key).verify(answer.content.decode())

    assert answer["Content-Type"] == "application/vc+jwt"
    assert badge.achievement.name == "Underretninger ĸûâ"
    assert badge.id == f"http://localhost:8000/da/bevis/{valid.code}/"
    assert badge.identifiers[0].identity_hash == world.learner.name
    assert badge.expiration_date.date() == valid.expires_on
    assert world.learner.email not in str(badge.raw)


@pytest.mark.usefixtures("badge_key")
def test_the_badge_ends_when_its_certificate_does(client, world, valid):
    client.force_login(world.learner.user)

    token = client.get(f"/da/laering/beviser/{valid.pk}/badge/").content.decode()

    said = jwt.decode(token, options={"verify_signature": False})
    ends = midnight(valid.expires_on)
    assert said["exp"] == ends.timestamp()
    assert datetime.fromisoformat(said["validUntil"]) == ends


def test_an_altered_badge_is_refused(client, world, valid, badge_key):
    client.force_login(world.learner.user)
    token = client.get(f"/da/laering/beviser/{valid.pk}/badge/").content.decode()
    head, payload, signature = token.split(".")
    forged = jwt.utils.base64url_encode(
        jwt.utils.base64url_decode(payload).replace(b"Course", b"Degree")
    ).decode()

    with pytest.raises(OB3VerificationError):
        OB3Verifier(badge_key).verify(f"{head}.{forged}.{signature}")


@pytest.mark.usefixtures("badge_key")
@pytest.mark.parametrize("missing", ["key", "own", "revoked"])
def test_there_is_no_badge_without_a_key_of_others_or_revoked(
    client, world, valid, settings, missing
):
    who = world.learner
    if missing == "key":
        settings.SIDEMAND_BADGE_KEY = ""
    elif missing == "own":
        who = make_person(make_role("mentor"))
    else:
        Certificate.objects.filter(pk=valid.pk).update(revoked_at=AT, revoked_for="mistake")
    client.force_login(who.user)

    assert client.get(f"/da/laering/beviser/{valid.pk}/badge/").status_code == 404
