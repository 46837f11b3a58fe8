"""Anybody can check a certificate, and learns no more than that."""

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from courses.certificates.codes import ALPHABET, new_code, read_code
from courses.models import Certificate, CertificateFile
from tests.courses.certificates.world import DAY, words
from tests.factories.courses import AT

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("base")]


# --- The public check -----------------------------------------------------------------------------


CHECK = "/da/bevis/"


def test_the_page_says_only_what_is_needed(client, world, valid):
    answer = client.get(f"{CHECK}{valid.code}/")
    shown = words(answer)

    assert "Gælder" in shown
    assert "Á. ĸ. D." in shown
    for hidden in ("Kristiansen", "ĸristiansen", "Høre barnet", world.learner.email, str(valid.pk)):
        assert hidden not in answer.content.decode()
    assert answer["X-Robots-Tag"] == "noindex, nofollow"
    assert answer["Referrer-Policy"] == "same-origin"
    assert answer["Cache-Control"] == "private, no-store"


def test_the_name_is_shown_where_the_holder_allows_it(client, world, valid):
    client.force_login(world.learner.user)
    client.post(f"/da/laering/beviser/{valid.pk}/", {"shows_name": "on", "reminds": "on"})
    client.logout()

    assert "Ánê ĸristiansen Demo" in words(client.get(f"{CHECK}{valid.code}/"))


@pytest.mark.parametrize(
    ("change", "state"),
    [
        ({}, "Udløbet"),
        ({"replaced_at": AT}, "Erstattet af et nyere"),
        ({"revoked_at": AT, "revoked_for": "mistake"}, "Tilbagekaldt"),
    ],
)
def test_what_is_not_valid_says_so(client, valid, change, state):
    today = timezone.localdate()
    Certificate.objects.filter(pk=valid.pk).update(
        issued_on=today - 700 * DAY, ends_on=today, expires_on=today, **change
    )

    shown = words(client.get(f"{CHECK}{valid.code}/"))

    assert state in shown
    assert ("Gælder til" in shown) == (state == "Udløbet")


@pytest.mark.parametrize("spelled", ["{0}", "{0} ", "{1}", "{2}"])
def test_a_code_is_typed_in_any_spelling_and_stays_out_of_the_address(client, valid, spelled):
    code = spelled.format(
        valid.spelled_code, valid.code.lower(), valid.spelled_code.replace("-", " ")
    )

    answer = client.post(CHECK, {"code": code})

    assert answer.status_code == 200
    assert "Gælder" in words(answer)


@pytest.mark.parametrize(
    ("sent", "status", "said"),
    [({"code": ""}, 422, "Skriv koden, eller vælg PDF-filen."),
     ({"code": "ABC"}, 422, "En kode har 16 bogstaver"),
     ({"code": "BCDF-GHJK-LMNP-QRST"}, 404, "Vi kender intet bevis")],
)  # fmt: skip
def test_what_is_no_code_is_said(client, certificate, sent, status, said):
    answer = client.post(CHECK, sent)

    assert answer.status_code == status
    assert said in words(answer)


@pytest.mark.parametrize("code", ["BCDFGHJKLMNPQRST", "findes-ikke", "1234"])
def test_an_unknown_code_in_the_address_is_not_there(client, certificate, code):
    assert client.get(f"{CHECK}{code}/").status_code == 404


def upload(content):
    return SimpleUploadedFile("bevis.pdf", content, content_type="application/pdf")


def test_the_genuine_file_is_known_and_an_altered_one_is_found_out(client, valid):
    pdf = bytes(valid.file.pdf)
    altered = pdf[:-20] + bytes([pdf[-20] ^ 1]) + pdf[-19:]

    genuine = client.post(CHECK, {"file": upload(pdf)})
    forged = client.post(CHECK, {"file": upload(altered)})
    forged_with_code = client.post(CHECK, {"file": upload(altered), "code": valid.spelled_code})

    assert "Filen er, som vi udstedte den" in words(genuine)
    assert (genuine.status_code, forged.status_code) == (200, 404)
    for answer in (forged, forged_with_code):
        assert "Filen er ikke, som vi udstedte den" in words(answer)
    assert CertificateFile.objects.count() == 1


@pytest.mark.parametrize("at", range(0, 100, 7))
def test_one_bit_anywhere_in_the_file_is_found_out(client, valid, at):
    pdf = bytearray(bytes(valid.file.pdf))
    pdf[len(pdf) * at // 100] ^= 1

    assert client.post(CHECK, {"file": upload(bytes(pdf))}).status_code == 404


def test_whoever_asks_too_often_waits(client, settings, valid):
    settings.SIDEMAND_CHECK_LIMIT = "3/m/ip"
    cache.clear()

    statuses = [client.get(f"{CHECK}{valid.code}/").status_code for _time in range(4)]

    assert statuses == [200, 200, 200, 429]
    assert client.get(CHECK).status_code == 200  # the form itself is free


def test_the_code_is_never_in_a_log(client, caplog, valid):
    import logging

    from core.logs import PlainFormatter

    with caplog.at_level(logging.INFO):
        client.get(f"{CHECK}{valid.code}/")
        client.post(CHECK, {"code": valid.code})

    lines = [PlainFormatter().format(record) for record in caplog.records]
    assert any("bevis/<str:code>/" in line for line in lines)
    assert not any(valid.code in line or valid.spelled_code in line for line in lines)


def test_codes_are_unguessable_and_never_look_like_a_citizens_number():
    codes = {new_code() for _time in range(2000)}

    assert len(codes) == 2000
    assert all(set(code) <= set(ALPHABET) and len(code) == 16 for code in codes)
    assert not set(ALPHABET) & set("AEIOUYÆØÅ0123456789")
    assert read_code("bcdf ghjk–lmnp.qrst") == "BCDFGHJKLMNPQRST"
    assert read_code("BCDF-GHJK-LMNP-QRSA") is None


def test_a_png_is_not_taken_for_a_certificate(client, certificate):
    assert client.post(CHECK, {"file": upload(b"\x89PNG")}).status_code == 404
