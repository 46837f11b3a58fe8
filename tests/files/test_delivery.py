"""A stored file is read through one view per kind, by whoever may read its collection."""

from collections.abc import Callable

import pytest
from django.contrib.auth.models import Group, Permission
from django.core.files.base import ContentFile
from django.test import Client
from wagtail.models import Collection, CollectionViewRestriction, GroupCollectionPermission

from people.models import User
from tests.factories.files import (
    VIDEO,
    close,
    drawn,
    make_collection,
    make_document,
    make_image,
    make_media,
)

PUBLIC = "public, max-age=31536000, immutable"


def original(collection: Collection) -> str:
    """The address of an image as it was uploaded."""
    return make_image(collection).file.url


def rendition(collection: Collection) -> str:
    """The address of an image in one size."""
    return make_image(collection).get_rendition("width-100").url


def document(collection: Collection) -> str:
    """The address of a document."""
    return make_document(collection).url


def video(collection: Collection) -> str:
    """The address of a video."""
    return make_media(collection).url


def poster(collection: Collection) -> str:
    """The address of a video's still picture."""
    return make_media(
        collection, thumbnail=ContentFile(drawn(size=(40, 30)), name="p.png")
    ).poster_url


every_kind = pytest.mark.parametrize("address_in", [original, rendition, document, video, poster])
shown_in_a_page = pytest.mark.parametrize("address_in", [original, rendition, video, poster])
AddressIn = Callable[[Collection], str]


@every_kind
def test_a_public_file_is_read_by_everybody_and_kept_for_a_year(
    client: Client, address_in: AddressIn
):
    response = client.get(address_in(make_collection()))

    assert response.status_code == 200
    assert response["Cache-Control"] == PUBLIC
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert len(response.read) == int(response["Content-Length"]) > 0


@every_kind
def test_a_private_file_is_read_by_whoever_signed_in_and_kept_by_no_shared_cache(
    as_user: Client, address_in: AddressIn
):
    response = as_user.get(address_in(close(make_collection())))

    assert response.status_code == 200
    assert response["Cache-Control"] == "private, no-cache"


@shown_in_a_page
def test_a_private_picture_or_video_is_missing_for_everybody_else(
    client: Client, address_in: AddressIn
):
    assert client.get(address_in(close(make_collection()))).status_code == 404


def test_a_private_document_leads_to_the_sign_in(client: Client):
    response = client.get(document(close(make_collection())))

    assert response.status_code == 302
    assert "/konto/" in response["Location"]


@every_kind
def test_a_restriction_on_a_collection_above_holds(client: Client, address_in: AddressIn):
    above = close(make_collection())
    below = above.add_child(name="Nedenunder")

    assert client.get(address_in(below)).status_code in {302, 404}


@every_kind
def test_a_file_for_a_group_is_missing_for_others_who_signed_in(
    as_user: Client, address_in: AddressIn
):
    collection = make_collection()
    restriction = CollectionViewRestriction.objects.create(
        collection=collection, restriction_type=CollectionViewRestriction.GROUPS
    )
    restriction.groups.add(Group.objects.create(name="Andre"))

    assert as_user.get(address_in(collection)).status_code == 404


def test_an_editor_sees_the_private_pictures_they_choose_from(as_user: Client, user: User):
    collection = make_collection()
    restriction = CollectionViewRestriction.objects.create(
        collection=collection, restriction_type=CollectionViewRestriction.GROUPS
    )
    restriction.groups.add(Group.objects.create(name="Andre"))
    editors = Group.objects.create(name="Billedvælgere")
    user.groups.add(editors)
    GroupCollectionPermission.objects.create(
        group=editors,
        collection=collection,
        permission=Permission.objects.get(codename="choose_image", content_type__app_label="files"),
    )

    assert as_user.get(original(collection)).status_code == 200


def test_a_closed_account_reads_nothing_private(as_user: Client, user: User):
    address = original(close(make_collection()))
    User.objects.filter(pk=user.pk).update(is_active=False)

    assert as_user.get(address).status_code == 404


def test_a_shared_password_opens_a_document(client: Client):
    collection = close(make_collection(), CollectionViewRestriction.PASSWORD)
    address = document(collection)
    restriction = CollectionViewRestriction.objects.get()

    asked = client.get(address)
    assert asked.status_code == 200
    assert "Adgangskode mangler" in asked.content.decode()
    client.post(f"/documents/adgang/{restriction.pk}/", {"password": "ord", "return_url": address})

    assert client.get(address).read.startswith(b"%PDF")


def test_stored_names_tell_nothing():
    image, found = make_image(), make_document()

    assert image.file.name.startswith("images/")
    assert image.file.name.endswith(".png")
    assert "ferie" not in image.file.name
    assert len(found.filename) == 32 + len(".pdf")


def test_a_document_is_downloaded_under_its_title(client: Client):
    response = client.get(make_document(title='Kvittering "æøå"\r\nX: y').url)

    assert response["Content-Disposition"] == 'attachment; filename="kvittering-aeoa-x-y.pdf"'


def test_a_title_of_signs_only_still_makes_a_name(client: Client):
    response = client.get(make_document(title="???").url)

    assert response["Content-Disposition"] == 'attachment; filename="dokument.pdf"'


def test_a_picture_is_shown_not_downloaded(client: Client):
    response = client.get(original(make_collection()))

    assert response["Content-Disposition"] == "inline"
    assert response["Content-Type"] == "image/png"


def test_an_old_link_leads_to_the_file_that_replaced_it(client: Client):
    found = make_document()
    old = found.url
    found.file = ContentFile(b"%PDF-1.7 ny %%EOF", name="ny.pdf")
    found.save()

    response = client.get(old)

    assert (response.status_code, response["Location"]) == (302, found.url)


@pytest.mark.parametrize(
    "address",
    [
        "/media/images/",
        "/media/images/findes-ikke.png",
        "/media/images/..%2f..%2fmanage.py",
        "/media/images/../documents/hemmelig.pdf",
        "/media/../manage.py",
        "/media/documents/hemmelig.pdf",
        "/documents/1/%2e%2e%2fmanage.py",
        "/media/db.sqlite3",
    ],
)
def test_nothing_else_below_media_is_served(client: Client, address: str):
    assert client.get(address, follow=True).status_code == 404


def test_a_document_is_not_served_below_media(client: Client):
    found = make_document()

    assert client.get(f"/media/{found.file.name}").status_code == 404


def test_a_file_gone_from_the_storage_is_missing(client: Client):
    image = make_image()
    image.file.storage.delete(image.file.name)

    assert client.get(image.file.url).status_code == 404


@every_kind
def test_a_file_takes_no_post(client: Client, address_in: AddressIn):
    assert client.post(address_in(make_collection())).status_code == 405


def test_whoever_has_a_file_gets_304(client: Client):
    address = video(make_collection())
    first = client.get(address)

    again = client.get(address, headers={"if-none-match": first["ETag"]})

    assert again.status_code == 304
    assert again["Cache-Control"] == PUBLIC


WHOLE = VIDEO


@pytest.mark.parametrize(
    ("asked", "start", "stop"),
    [
        ("bytes=0-0", 0, 1),
        ("bytes=0-99", 0, 100),
        ("bytes=100-", 100, 1000),
        ("bytes=-10", 990, 1000),
        ("bytes=999-999", 999, 1000),
        ("bytes=900-5000", 900, 1000),
        ("bytes=-5000", 0, 1000),
    ],
)
def test_a_part_of_a_video(client: Client, asked: str, start: int, stop: int):
    response = client.get(video(make_collection()), headers={"range": asked})

    assert response.status_code == 206
    assert response["Content-Range"] == f"bytes {start}-{stop - 1}/1000"
    assert response["Content-Length"] == str(stop - start)
    assert response.read == WHOLE[start:stop]


@pytest.mark.parametrize("asked", ["bytes=1000-", "bytes=1000-1001", "bytes=-0"])
def test_a_part_that_does_not_exist(client: Client, asked: str):
    response = client.get(video(make_collection()), headers={"range": asked})

    assert response.status_code == 416
    assert response["Content-Range"] == "bytes */1000"


@pytest.mark.parametrize(
    "asked", ["", "bytes=-", "bytes=5-2", "bytes=0-1,4-5", "seiten=0-1", "bytes=a-b", "bytes=²-"]
)
def test_what_is_no_range_gets_the_whole(client: Client, asked: str):
    response = client.get(video(make_collection()), headers={"range": asked})

    assert response.status_code == 200
    assert response.read == WHOLE


def test_a_part_of_a_file_that_has_changed_is_the_whole(client: Client):
    address = video(make_collection())

    response = client.get(address, headers={"range": "bytes=0-9", "if-range": '"en anden"'})

    assert response.status_code == 200


def test_parts_are_not_compressed_on_the_way(client: Client):
    response = client.get(
        video(make_collection()), headers={"range": "bytes=0-499", "accept-encoding": "gzip"}
    )

    assert response.read == WHOLE[:500]
    assert response["Content-Encoding"] == "identity"


def test_the_web_server_may_send_the_file(client: Client, settings):
    settings.SIDEMAND_ACCEL_PREFIX = "/_filer/"
    collection = close(make_collection())
    open_file, closed_file = make_media(), make_media(collection)

    response = client.get(open_file.url)

    assert response.content == b""
    assert response["X-Accel-Redirect"] == f"/_filer/{open_file.file.name}"
    assert client.get(closed_file.url).status_code == 404


@pytest.mark.parametrize("kind", ["image", "document", "video"])
def test_reading_a_public_file_takes_two_queries(
    client: Client, django_assert_num_queries, kind: str
):
    address = {"image": original, "document": document, "video": video}[kind](make_collection())

    with django_assert_num_queries(2):  # the file with its collection; its restrictions
        client.get(address)


def test_deleting_takes_the_file_along(django_capture_on_commit_callbacks):
    uploads = [make_image(), make_document(), make_media()]
    stored = [(upload.file.storage, upload.file.name) for upload in uploads]

    with django_capture_on_commit_callbacks(execute=True):
        for upload in uploads:
            upload.delete()

    assert not any(storage.exists(name) for storage, name in stored)
