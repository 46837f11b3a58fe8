"""Uploads through every door an editor has: all that is legal comes in, nothing else does."""

import gc
import warnings
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from PIL import Image as Drawing
from wagtail.models import Collection, UploadedFile

from files.models import Document, Image, Media
from tests.factories.admin import admin_browser
from tests.factories.files import drawn, make_document, make_image, make_media
from tests.files import samples

# Wagtail leaves the file it has measured open; Python closes it, and says so.
pytestmark = [
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
    pytest.mark.once,
]


@pytest.fixture(autouse=True, scope="module")
def _close_what_wagtail_left_open() -> Iterator[None]:
    """No test after this module hears of it: once for all, as looking for it takes its time."""
    yield
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)
        gc.collect()


@pytest.fixture
def editor(settings) -> Client:
    """A browser in which an editor has signed in."""
    settings.SIDEMAND_SECOND_FACTOR = False
    return admin_browser("editor")


def root() -> int:
    """The collection that everything is put into."""
    collection = Collection.get_first_root_node()
    assert collection is not None
    return collection.pk


def sent(name: str, content: bytes, kind: str = "image/png") -> SimpleUploadedFile:
    """A file as a browser sends it, with a kind that need not be true."""
    return SimpleUploadedFile(name, content, content_type=kind)


def add_image(client: Client, name: str, content: bytes) -> Any:
    """The form for one image."""
    fields = {"title": "Titel", "description": "Et bord", "collection": root(), "tags": ""}
    return client.post(reverse("wagtailimages:add"), {**fields, "file": sent(name, content)})


def choose_image(client: Client, name: str, content: bytes) -> Any:
    """The form inside the image chooser of a page."""
    fields = {"title": "Titel", "description": "Et bord", "collection": root(), "tags": ""}
    prefixed = {f"image-chooser-upload-{key}": value for key, value in fields.items()}
    return client.post(
        reverse("wagtailimages_chooser:create"),
        {**prefixed, "image-chooser-upload-file": sent(name, content)},
    )


def add_images(client: Client, name: str, content: bytes) -> Any:
    """Dropping several images at once, then saying what they show."""
    answer = client.post(
        reverse("wagtailimages:add_multiple"),
        {"title": "Titel", "collection": root(), "files[]": sent(name, content)},
        headers={"x-requested-with": "XMLHttpRequest"},
    )
    if not answer.json().get("success"):
        return answer
    key = answer.json()["uploaded_file_id"]
    fields = {"title": "Titel", "description": "Et bord", "collection": root(), "tags": ""}
    return client.post(
        reverse("wagtailimages:create_multiple_from_uploaded_image", args=[key]),
        {f"uploaded-image-{key}-{name}": value for name, value in fields.items()},
    )


def add_document(client: Client, name: str, content: bytes) -> Any:
    """The form for one document."""
    fields = {"title": "Titel", "description": "", "collection": root(), "tags": ""}
    return client.post(
        reverse("wagtaildocs:add"), {**fields, "file": sent(name, content, "application/pdf")}
    )


def add_documents(client: Client, name: str, content: bytes) -> Any:
    """Dropping several documents at once."""
    return client.post(
        reverse("wagtaildocs:add_multiple"),
        {"title": "Titel", "collection": root(), "files[]": sent(name, content)},
        headers={"x-requested-with": "XMLHttpRequest"},
    )


def choose_document(client: Client, name: str, content: bytes) -> Any:
    """The form inside the document chooser of a page."""
    fields = {"title": "Titel", "description": "", "collection": root(), "tags": ""}
    prefixed = {f"document-chooser-upload-{key}": value for key, value in fields.items()}
    return client.post(
        reverse("wagtaildocs_chooser:create"),
        {**prefixed, "document-chooser-upload-file": sent(name, content)},
    )


def add_media(client: Client, name: str, content: bytes) -> Any:
    """The form for a video."""
    fields = {"title": "Titel", "description": "", "collection": root(), "duration": "60"}
    return client.post(
        reverse("wagtailmedia:add", args=["video"]),
        {**fields, "tags": "", "file": sent(name, content, "video/mp4")},
    )


def replace_image(client: Client, name: str, content: bytes) -> Any:
    """The form that puts another file behind an image."""
    image = Image.objects.first() or make_image(Collection.get_first_root_node())
    fields = {"title": "Titel", "description": "Et bord", "collection": root(), "tags": ""}
    return client.post(
        reverse("wagtailimages:edit", args=[image.pk]), {**fields, "file": sent(name, content)}
    )


def replace_document(client: Client, name: str, content: bytes) -> Any:
    """The form that puts another file behind a document."""
    document = Document.objects.first() or make_document(Collection.get_first_root_node())
    fields = {"title": "Titel", "description": "", "collection": root(), "tags": ""}
    return client.post(
        reverse("wagtaildocs:edit", args=[document.pk]),
        {**fields, "file": sent(name, content, "application/pdf")},
    )


def choose_media(client: Client, name: str, content: bytes) -> Any:
    """The form inside the video chooser of a page."""
    fields = {"title": "Titel", "description": "", "collection": root(), "duration": "60"}
    prefixed = {f"media-chooser-upload-{key}": value for key, value in fields.items()}
    return client.post(
        reverse("wagtailmedia:chooser_upload", args=["video"]),
        {
            **prefixed,
            "media-chooser-upload-tags": "",
            "media-chooser-upload-file": sent(name, content, "video/mp4"),
        },
    )


def replace_media(client: Client, name: str, content: bytes) -> Any:
    """The form that puts another file behind a video."""
    media = Media.objects.first() or make_media(Collection.get_first_root_node())
    fields = {"title": "Titel", "description": "", "collection": root(), "duration": "60"}
    return client.post(
        reverse("wagtailmedia:edit", args=[media.pk]),
        {**fields, "tags": "", "file": sent(name, content, "video/mp4")},
    )


IMAGE_DOORS = [add_image, choose_image, add_images]
DOCUMENT_DOORS = [add_document, choose_document, add_documents]
MEDIA_DOORS = [add_media, choose_media]


def stored() -> list[Path]:
    """Every file in the storage."""
    return [path for path in Path(django_settings.MEDIA_ROOT).rglob("*") if path.is_file()]


@pytest.mark.parametrize("door", [*IMAGE_DOORS, replace_image])
@pytest.mark.parametrize("name", samples.LEGAL_IMAGES)
def test_every_legal_image_comes_in_as_a_picture_alone(editor: Client, door, name: str):
    content = samples.LEGAL_IMAGES[name]

    door(editor, name, content)

    image = Image.objects.get()
    with image.file.open() as file:
        kept = file.read()
    picture = Drawing.open(BytesIO(kept))
    assert picture.size == (image.width, image.height) == (60, 40)
    assert not picture.getexif()
    assert samples.SCRIPT not in kept
    assert b"hemmelig" not in kept
    assert image.description == "Et bord"


@pytest.mark.parametrize("door", IMAGE_DOORS)
@pytest.mark.parametrize("name", samples.HOSTILE_IMAGES)
def test_no_hostile_image_comes_in(editor: Client, door, name: str):
    answer = door(editor, name, samples.HOSTILE_IMAGES[name])

    assert answer.status_code == 200
    assert not Image.objects.exists()
    assert not UploadedFile.objects.exists()
    assert stored() == []


@pytest.mark.parametrize("name", samples.HOSTILE_IMAGES)
def test_no_hostile_image_replaces_one(editor: Client, name: str):
    before = make_image(Collection.get_first_root_node()).file.name

    answer = replace_image(editor, name, samples.HOSTILE_IMAGES[name])

    assert answer.status_code == 200
    assert Image.objects.get().file.name == before


@pytest.mark.parametrize("door", [*DOCUMENT_DOORS, replace_document])
@pytest.mark.parametrize("name", samples.LEGAL_DOCUMENTS)
def test_every_legal_document_comes_in_as_it_is(editor: Client, door, name: str):
    content = samples.LEGAL_DOCUMENTS[name]

    door(editor, name, content)

    document = Document.objects.get()
    with document.file.open() as file:
        assert file.read() == content
    assert document.file_extension == name.rpartition(".")[2]


@pytest.mark.parametrize("door", DOCUMENT_DOORS)
@pytest.mark.parametrize("name", samples.HOSTILE_DOCUMENTS)
def test_no_hostile_document_comes_in(editor: Client, door, name: str):
    answer = door(editor, name, samples.HOSTILE_DOCUMENTS[name])

    assert answer.status_code in {200, 400}
    assert not Document.objects.exists()
    assert stored() == []


@pytest.mark.parametrize("name", samples.HOSTILE_DOCUMENTS)
def test_no_hostile_document_replaces_one(editor: Client, name: str):
    before = make_document(Collection.get_first_root_node()).file.name
    files = stored()

    answer = replace_document(editor, name, samples.HOSTILE_DOCUMENTS[name])

    assert answer.status_code == 200
    assert Document.objects.get().file.name == before
    assert stored() == files


@pytest.mark.parametrize("door", [*MEDIA_DOORS, replace_media])
@pytest.mark.parametrize("name", samples.LEGAL_MEDIA)
def test_every_legal_video_comes_in(editor: Client, door, name: str):
    door(editor, name, samples.LEGAL_MEDIA[name])

    assert Media.objects.get().file_extension == name.rpartition(".")[2]


@pytest.mark.parametrize("door", MEDIA_DOORS)
@pytest.mark.parametrize("name", samples.HOSTILE_MEDIA)
def test_no_hostile_video_comes_in(editor: Client, door, name: str):
    answer = door(editor, name, samples.HOSTILE_MEDIA[name])

    assert answer.status_code == 200
    assert not Media.objects.exists()
    assert stored() == []


@pytest.mark.parametrize("name", samples.HOSTILE_MEDIA)
def test_no_hostile_video_replaces_one(editor: Client, name: str):
    before = make_media(Collection.get_first_root_node()).file.name
    files = stored()

    answer = replace_media(editor, name, samples.HOSTILE_MEDIA[name])

    assert answer.status_code == 200
    assert Media.objects.get().file.name == before
    assert stored() == files


def test_an_image_that_waits_for_its_words_waits_without_its_position(editor: Client):
    editor.post(
        reverse("wagtailimages:add_multiple"),
        {
            "title": "Titel",
            "collection": root(),
            "files[]": sent("foto.jpg", samples.photo_with_position()),
        },
        headers={"x-requested-with": "XMLHttpRequest"},
    )

    waiting = UploadedFile.objects.get()
    with waiting.file.open() as file:
        assert not Drawing.open(file).getexif()


@pytest.mark.parametrize("door", [add_image, choose_image])
def test_an_image_needs_its_words(editor: Client, door, monkeypatch: pytest.MonkeyPatch):
    post = editor.post

    def without_words(address: str, fields: dict[str, Any]) -> Any:
        kept = {name: value for name, value in fields.items() if "description" not in name}
        return post(address, kept)

    monkeypatch.setattr(editor, "post", without_words)

    door(editor, "billede.png", drawn("png", (60, 40)))

    assert not Image.objects.exists()


@pytest.mark.parametrize("role", ["translator", "reviewer"])
def test_who_only_reads_uploads_nothing(settings, role: str):
    settings.SIDEMAND_SECOND_FACTOR = False
    client = admin_browser(role)

    for door in (add_image, add_document, add_media):
        answer = door(client, "billede.png", drawn("png", (60, 40)))
        assert answer.status_code in {302, 403}
    assert stored() == []


@pytest.mark.parametrize(
    ("model", "name", "content"),
    [
        (Image, "tegning.png", samples.SVG),
        (Document, "side.txt", samples.HTML),
        (Media, "film.mp4", samples.HTML),
    ],
)
def test_not_even_a_command_stores_what_is_hostile(model, name: str, content: bytes):
    upload = model(title="Titel", collection_id=root())

    with pytest.raises(ValidationError):
        upload.file.save(name, ContentFile(content))

    assert stored() == []


def test_a_still_picture_is_looked_at_too():
    media = Media(title="Film", type="video", collection_id=root())

    with pytest.raises(ValidationError):
        media.thumbnail.save("p.png", ContentFile(samples.SVG))
