"""What editors have in the works: drafts, files, a translation, pages that are closed."""

from io import BytesIO
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.core.files.base import ContentFile
from PIL import Image as Picture
from wagtail.models import (
    Collection,
    CollectionViewRestriction,
    Locale,
    PageViewRestriction,
    TaskState,
    UploadedFile,
    WorkflowState,
)
from wagtail_localize.models import StringSegment, Translation, TranslationSource

from files.models import Document, Image, Media
from pages.models import LessonPage
from people.models import Person


def draft_beside(lesson: LessonPage) -> LessonPage:
    """A lesson that nobody has published."""
    draft = LessonPage(title="Kladde", slug="kladde", live=False)
    lesson.get_parent().add_child(instance=draft)
    draft.save_revision()
    return draft


def submitted(page: LessonPage, editor: Person | None) -> WorkflowState:
    assert editor is not None
    page.save_revision(user=editor.user)
    workflow = page.get_workflow()
    assert workflow is not None
    started: WorkflowState = workflow.start(page, editor.user)
    assert isinstance(started.current_task_state, TaskState)
    return started


def restricted_beside(page: LessonPage) -> PageViewRestriction:
    beside = page.get_next_sibling() or page.get_prev_sibling()
    return PageViewRestriction.objects.create(
        page=beside, restriction_type=PageViewRestriction.PASSWORD, password="open"
    )


def closed_collection() -> CollectionViewRestriction:
    """A collection that a shared word opens."""
    collection = Collection.get_first_root_node().add_child(name="Lukket")
    return CollectionViewRestriction.objects.create(
        collection=collection,
        restriction_type=CollectionViewRestriction.PASSWORD,
        password="open",
    )


def some_files() -> tuple[Image, Document, Media]:
    content = BytesIO()
    Picture.new("RGB", (640, 480), "white").save(content, "PNG")
    image = Image.objects.create(
        title="Et bord",
        description="Et bord",
        file=ContentFile(content.getvalue(), name="table.png"),
    )
    document = Document.objects.create(
        title="En skabelon", file=ContentFile(b"Skabelon", name="template.txt")
    )
    media = Media.objects.create(
        title="En film",
        type="video",
        duration=1,
        file=ContentFile(b"\0\0\0\x18ftypmp42", name="film.mp4"),
        thumbnail=ContentFile(content.getvalue(), name="poster.png"),
    )
    for file in (image, document):  # known from the start: a look at it writes nothing
        file.get_file_size()
        file.get_file_hash()
    return Image.objects.get(pk=image.pk), document, media


def dropped_files(editor: Person, *things: Any) -> dict[Any, UploadedFile]:
    """Files that an editor has dropped and not yet said anything about."""
    return {
        thing: UploadedFile.objects.create(
            for_content_type=ContentType.objects.get_for_model(thing),
            uploaded_by_user=editor.user,
            file=ContentFile(_content_of(thing), name="waits.bin"),
        )
        for thing in things
    }


def translation_into(page: LessonPage, kl: Locale) -> tuple[Any, Any, Any]:
    source, _created = TranslationSource.update_or_create_from_instance(page)
    translation, _new = Translation.objects.get_or_create(source=source, target_locale=kl)
    return source, translation, StringSegment.objects.filter(source=source).first()


def _content_of(thing: Any) -> bytes:
    with thing.file.open() as file:
        return bytes(file.read())
