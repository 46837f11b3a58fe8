"""What the placeholders of a pattern are filled with: one real thing of each kind."""

import re
import uuid
from collections.abc import Mapping
from io import BytesIO
from typing import Any

from django.core.files.base import ContentFile
from django.utils import timezone
from PIL import Image as Picture
from wagtail.models import (
    Collection,
    Locale,
    Page,
    PageViewRestriction,
    Revision,
    Site,
    Task,
    TaskState,
    Workflow,
    WorkflowState,
)
from wagtail_localize.models import StringSegment, Translation, TranslationSource

from courses.actions import submit_quiz
from courses.models import LessonQuestion, Question, QuizAttempt
from files.models import Document, Image, Media
from mentoring.models import Session
from pages.models import LessonPage
from people.models import Organisation, Person, Place, Role
from rules.models import Act, Rule

PLACEHOLDER = re.compile(r"<(?:[^:>]+:)?(\w+)>|\(\?P<(\w+)>(?:[^()]|\([^()]*\))*\)")


class Samples:
    """Looks up a value by placeholder and pattern; a pattern may want its own."""

    def __init__(self, people: Mapping[str, Person | None]) -> None:
        caseworker = people["caseworker"]
        assert caseworker is not None
        lesson = self._lesson_with_quiz()
        draft = LessonPage.objects.filter(live=False, locale__language_code="da").first()
        assert draft is not None
        state = self._submit(draft, people["editor"])
        task_state = state.current_task_state
        restriction = self._restricted(lesson)
        image, document, media = self._files()
        session = Session.objects.awaiting(caseworker).order_by("held_on").first()
        assert session is not None
        pairing = session.pairing
        member = pairing.members.filter(side="caseworker").exclude(person=caseworker).get()
        user = caseworker.user
        role, affiliation = caseworker.roles.get(), caseworker.affiliations.get()
        assert user is not None
        assert task_state is not None
        rendition = image.get_rendition("width-320")
        group = people["editor"].user.groups.get()  # type: ignore[union-attr]
        attempt = self._attempt(lesson, caseworker)
        kl = Locale.objects.get(language_code="kl")
        source, translation, segment = self._translation(lesson, kl)
        self.by_name: dict[str, Any] = {
            "page_id": draft.pk,
            "parent_page_id": lesson.get_parent().pk,
            "page_to_move_id": draft.pk,
            "destination_id": lesson.get_parent().pk,
            "page_pk": Page.objects.get(depth=2, locale__language_code="da").pk,
            "page_key": lesson.translation_key,
            "revision_id": Revision.page_revisions.filter(object_id=str(draft.pk)).latest("pk").pk,
            "workflow_state_id": state.pk,
            "task_state_id": task_state.pk,
            "task_id": Task.objects.latest("pk").pk,
            "workflow_pk": Workflow.objects.latest("pk").pk,
            "collection_id": Collection.objects.first().pk,
            "page_view_restriction_id": restriction.pk,
            "restriction_id": 1,
            "image_id": image.pk,
            "doc_id": document.pk,
            "document_id": document.pk,
            "media_id": media.pk,
            "uploaded_file_id": 1,
            "filter_spec": "width-320",
            "media_type": "video",
            "session_id": 1,
            "object_id": draft.pk,
            "content_type_app_name": "pages",
            "content_type_model_name": "lessonpage",
            "app_label": "pages",
            "app_name": "files",
            "model_name": "lessonpage",
            "action": "publish",
            "action_name": "publish",
            "mode": "default",
            "translation_source_id": source.pk,
            "translation_id": translation.pk,
            "string_segment_id": segment.pk,
            "overridable_segment_id": 1,
            "uidb64": "MQ",
            "uidb36": "1",
            "token": "none",
            "key": "none",
            "role_pk": role.pk,
            "affiliation_pk": affiliation.pk,
            "course": LessonQuestion.objects.get(
                lesson=lesson.translation_key, position=1
            ).lesson.course_id,
            "lesson": lesson.translation_key,
            "attempt": attempt.pk,
            "session": session.pk,
            "version": session.current_id,
            "pairing": pairing.pk,
            "member": member.pk,
            "pk": 1,
        }
        #: Begin of a pattern → what its own placeholders mean there. The longest begin wins.
        self.by_place: dict[str, dict[str, Any]] = {
            "admin/api/main/^pages/": {"pk": lesson.pk, "action_name": "publish"},
            "admin/api/main/^images/": {"pk": image.pk},
            "admin/api/main/^documents/": {"pk": document.pk},
            "admin/collections/": {"pk": Collection.objects.first().pk},
            "admin/documents/": {"pk": document.pk},
            "admin/images/": {"pk": image.pk},
            "admin/locales/": {"pk": kl.pk},
            "admin/sites/": {"pk": Site.objects.get().pk},
            "admin/users/": {"pk": user.pk},
            "admin/groups/": {"pk": group.pk},
            "admin/workflows/": {"pk": Workflow.objects.latest("pk").pk, "app_label": "wagtailcore",
                                 "model_name": "groupapprovaltask"},
            "admin/workflows/tasks/": {"pk": Task.objects.latest("pk").pk},
            "admin/choose-page/": {"page_id": draft.pk},
            "admin/snippets/courses/question/": {"pk": Question.objects.first().pk},
            "admin/snippets/rules/rule/": {"pk": Rule.objects.first().pk},
            "admin/snippets/rules/act/": {"pk": Act.objects.first().pk},
            "admin/snippets/competences/topic/": {"pk": self._topic()},
            "admin/localize/submit/snippet/": {"app_label": "rules", "model_name": "rule",
                                               "pk": Rule.objects.first().pk},
            "admin/localize/api/snippets/": {"app_label": "rules", "model_name": "rule",
                                             "pk": Rule.objects.first().pk},
            "admin/tag-autocomplete/": {"app_name": "taggit", "model_name": "tag"},
            "da/personer/": {"pk": caseworker.pk},
            "da/personer/<uuid:pk>/sprog/": {"pk": self._still_to_come(pairing.place).pk},
            "da/personer/organisationer/": {"pk": Organisation.objects.get(key="udlaan-a").pk},
            "da/adgang/": {"page_id": restriction.page_id},
            "media/images/": {"name": image.file.name.rpartition("/")[2]},
            "media/renditions/": {"name": rendition.file.name.rpartition("/")[2]},
            "media/media/": {"name": media.file.name.rpartition("/")[2]},
            "media/posters/": {"name": "none.png"},
            "documents/": {"pk": document.pk, "name": document.filename},
        }  # fmt: skip
        self.paths = {
            r"da/^((?:[\w\-]+/)*)$": lesson.url,
        }

    def fill(self, pattern: str) -> str:
        """The address that ``pattern`` stands for.

        Raises:
            LookupError: When a placeholder is not known: say here what it means.
        """
        if pattern in self.paths:
            return str(self.paths[pattern])
        own: dict[str, Any] = {}
        for begin in sorted(self.by_place, key=len):
            if pattern.startswith(begin):
                own |= self.by_place[begin]
        known = self.by_name | own

        def value(found: re.Match[str]) -> str:
            name = found[1] or found[2]
            if name not in known:
                raise LookupError(f"{pattern}: no sample for {name!r}")
            return str(known[name])

        plain = PLACEHOLDER.sub(value, pattern)
        plain = plain.replace("^", "").replace("$", "").replace("\\", "")
        return "/" + plain

    @staticmethod
    def _still_to_come(place: Place) -> Person:
        person = Person.objects.create(name="Kommende Mentor Demo", email="kommende@example.org")
        Role.objects.create(
            person=person, key="mentor", scope="town", place=place, starts_on=timezone.localdate()
        )
        return person

    @staticmethod
    def _lesson_with_quiz() -> LessonPage:
        for page in LessonPage.objects.live().filter(locale__language_code="da").order_by("path"):
            if any(block.block_type == "quiz" for block in page.body):
                return page
        raise LookupError("The demo has no lesson with a quiz.")

    @staticmethod
    def _submit(page: LessonPage, editor: Person | None) -> WorkflowState:
        assert editor is not None
        page.save_revision(user=editor.user)
        workflow = page.get_workflow()
        assert workflow is not None
        started: WorkflowState = workflow.start(page, editor.user)
        assert isinstance(started.current_task_state, TaskState)
        return started

    @staticmethod
    def _restricted(page: LessonPage) -> PageViewRestriction:
        beside = page.get_next_sibling() or page.get_prev_sibling()
        return PageViewRestriction.objects.create(
            page=beside, restriction_type=PageViewRestriction.PASSWORD, password="open"
        )

    @staticmethod
    def _files() -> tuple[Image, Document, Media]:
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
        )
        return Image.objects.get(pk=image.pk), document, media

    @staticmethod
    def _attempt(page: LessonPage, person: Person) -> QuizAttempt:
        asked = LessonQuestion.objects.filter(lesson=page.translation_key)
        answers = {}
        for row in asked.select_related("question", "lesson"):
            version = row.question.versions.get(is_current=True)
            answers[version.pk] = list(version.correct)
        return submit_quiz(
            attempt_id=uuid.uuid4(),
            lesson=asked[0].lesson,
            person=person,
            answers=answers,
            language="da",
            at=timezone.now(),
        )

    @staticmethod
    def _translation(page: LessonPage, kl: Locale) -> tuple[Any, Any, Any]:
        source, _created = TranslationSource.update_or_create_from_instance(page)
        translation, _new = Translation.objects.get_or_create(source=source, target_locale=kl)
        return source, translation, StringSegment.objects.filter(source=source).first()

    @staticmethod
    def _topic() -> Any:
        from competences.models import Topic

        return Topic.objects.first().pk
