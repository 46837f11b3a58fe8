"""What the placeholders of a pattern are filled with: one real thing of each kind."""

import re
import uuid
from collections.abc import Mapping
from contextlib import suppress
from datetime import timedelta
from io import BytesIO
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.core.files.base import ContentFile
from django.utils import timezone
from PIL import Image as Picture
from wagtail.admin.models import EditingSession
from wagtail.models import (
    Collection,
    CollectionViewRestriction,
    Locale,
    Page,
    PageViewRestriction,
    Revision,
    Site,
    Task,
    TaskState,
    UploadedFile,
    Workflow,
    WorkflowState,
)
from wagtail_localize.models import StringSegment, Translation, TranslationSource

from competences.models import Competence, Framework, FrameworkVersion, Topic
from cooperation.models import HalfYearReport, ReportFile
from courses.actions import begin_case, submit_quiz
from courses.actions.own import write_note
from courses.actions.remarks import tell_editors
from courses.kinds import kind_of
from courses.models import (
    Assignment,
    Case,
    CasePlay,
    LearningPath,
    Lesson,
    LessonQuestion,
    Note,
    PathRule,
    Question,
    QuizAttempt,
    Remark,
    Reminder,
)
from devices.actions import register
from devices.models import Device
from files.models import Document, Image, Media
from mentoring.actions import SessionConflict, log_session
from mentoring.actions.saved import save_view
from mentoring.models import (
    Agreement,
    Amendment,
    FollowUp,
    Goal,
    Handover,
    HandoverText,
    Pairing,
    PlannedSession,
    Round,
    SavedView,
    Session,
    SessionVersion,
)
from mentoring.planning.actions import renew_address
from notices import stopping
from notices.models import Notice
from pages.models import Checklist, ContactCard, GlossaryTerm, LessonPage
from people.actions import command_line, invite
from people.invitations import link_to
from people.models import DataExport, Organisation, Person, Place, Role
from rules.models import Act, Rule
from tests.access.cooperating import cooperate
from tests.access.events import begun_event, event_of
from tests.access.matrix import MISSING, OF_OTHERS, RECORDS, Row, patterns
from tests.factories.certificates import make_certificate
from tests.factories.law import decide_on, new_version
from tests.factories.rounds import make_need, make_round, make_stay, propose

PLACEHOLDER = re.compile(r"<(?:[^:>]+:)?(\w+)>|\(\?P<(\w+)>(?:[^()]|\([^()]*\))*\)")


class Samples:
    """Looks up a value by placeholder and pattern; a pattern may want its own."""

    def __init__(self, people: Mapping[str, Person | None]) -> None:
        caseworker = people["caseworker"]
        assert caseworker is not None
        lesson = self._lesson_with_quiz()
        draft = self._draft(lesson)
        law = self._changed_law()
        state = self._submit(draft, people["editor"])
        task_state = state.current_task_state
        restriction = self._restricted(lesson)
        image, document, media = self._files()
        editor = people["editor"]
        assert editor is not None
        waiting = self._waiting(editor, image, document)
        presence = EditingSession.objects.create(
            user=editor.user, content_object=draft, last_seen_at=timezone.now()
        )
        token = self._token()
        session = Session.objects.awaiting(caseworker).order_by("held_on").first()
        assert session is not None
        joined = self._with_rival(session)
        pairing = session.pairing
        member = pairing.members.filter(side="caseworker").exclude(person=caseworker).get()
        user = caseworker.user
        role, affiliation = caseworker.roles.get(), caseworker.affiliations.get()
        assert user is not None
        assert task_state is not None
        rendition = image.get_rendition("width-320")
        group = editor.user.groups.get()
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
            "restriction_id": self._closed_collection().pk,
            "image_id": image.pk,
            "doc_id": document.pk,
            "document_id": document.pk,
            "media_id": media.pk,
            "uploaded_file_id": 1,  # replaced where there is one
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
            "language": "kl",
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
            **law,
            "attempt": attempt.pk,
            "path": "foerste-uge-som-sagsbehandler",
            "table": "by",
            "case": Case.objects.offered().earliest("pk").pk,
            "play": self._play(caseworker).pk,
            "assignment": Assignment.objects.active().filter(person=caseworker).earliest("pk").pk,
            "batch": uuid.uuid4(),
            "record": uuid.uuid4(),
            "sha256": "0" * 64,
            "reminder": self._reminder(caseworker).pk,
            "certificate": make_certificate(caseworker).pk,
            "note": self._note(lesson, caseworker).pk,
            "remark": self._remark(lesson, caseworker).pk,
            "module": lesson.get_parent().translation_key,
            "kind": "lektion",
            "code": make_certificate(caseworker).code,
            "competence": Competence.objects.get(framework__key="caseworker", key="receipt").pk,
            "person": caseworker.pk,
            "session": session.pk,
            "version": session.current_id,
            "pairing": pairing.pk,
            "member": member.pk,
            "export": self._export(caseworker).pk,
            "device": self._device(caseworker).pk,
            "notice": self._notice(caseworker).pk,
            "plan": self._plan(pairing).pk,
            "goal": self._goal(pairing, caseworker).pk,
            "view": self._view(people["coordinator of the own municipality"]).pk,
            "listing": "forloeb",
            "agreement": Agreement.objects.open().filter(pairing=pairing).earliest("due_on").pk,
            **self._handover(pairing, people["travelling"]),
            **self._round(pairing.place),
            **self._report(
                pairing.place.municipality, people["coordinator of the own municipality"], "round"
            ),
            "section": "sessions",
            "figure": "all",
            "column": "alle",
            **event_of(pairing.place, people["caseworker"], is_announced=True),
            "pk": 1,
        }
        # Chosen by what stays the same: ids are made anew each time, and what nothing else rests
        # on may be deleted where the rest may not.
        asked = LessonQuestion.objects.get(lesson=lesson.translation_key, position=1)
        under_acts = Rule.objects.filter(act__isnull=False)
        cited = under_acts.filter(pk__in=Question.objects.values("rule")).earliest("key")
        framework = Framework.objects.get(key="caseworker")
        snippets = {Question: asked.question, Rule: cited, Act: cited.act,
                    Topic: Topic.objects.earliest("key"),
                    GlossaryTerm: GlossaryTerm.objects.earliest("key"),
                    Checklist: Checklist.objects.earliest("title_da"),
                    ContactCard: ContactCard.objects.earliest("place__key"),
                    Framework: framework, FrameworkVersion: framework.versions.get(),
                    LearningPath: LearningPath.objects.earliest("key")}  # fmt: skip
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
            "admin/sider/": {"page": lesson.pk, "key": "tunge"},
            "admin/kompetencer/": {"version": framework.versions.get().pk},
            **{
                f"admin/snippets/{place}{model._meta.app_label}/{model._meta.model_name}/":
                {"pk": one.pk}
                for model, one in snippets.items() for place in ("", "choose/")
            },
            "admin/documents/chooser/chosen/": {"pk": document.pk},
            "admin/images/chooser/chosen/": {"pk": image.pk},
            "admin/bulk/": {"app_label": "wagtailcore", "model_name": "page"},
            "admin/documents/multiple/create_from": {"uploaded_file_id": waiting[document].pk},
            "admin/documents/multiple/delete_upload": {"uploaded_file_id": waiting[document].pk},
            "admin/images/multiple/create_from": {"uploaded_file_id": waiting[image].pk},
            "admin/images/multiple/delete_upload": {"uploaded_file_id": waiting[image].pk},
            "admin/editing-sessions/": {"session_id": presence.pk},
            "da/sidemand/sessioner/<uuid:session>/rettelse/": {
                "session": Amendment.objects.pending().get(session__pairing=pairing).session_id,
            },
            "da/sidemand/sessioner/<uuid:session>/saml/": {
                "session": joined.session_id, "version": joined.pk,
            },
            "da/sidemand/overdragelser/<uuid:handover>/": {
                "handover": Handover.objects.waiting().earliest("sent_at").pk,
                "asked": HandoverText.objects.filter(kind="question").earliest("written_at").pk,
            },
            "da/personer/invitation/": {"token": token},
            "api/v1/device/kit/": {"name": "log"},
            **begun_event(pairing.place, people["caseworker"]),
            "admin/localize/submit/snippet/": {"app_label": "rules", "model_name": "rule",
                                               "pk": cited.pk},
            "admin/localize/api/snippets/": {"app_label": "rules", "model_name": "rule",
                                             "pk": cited.pk},
            "admin/spoergsmaal/": {
                "question": asked.question_id,
                "version": asked.question.versions.get(is_current=True).pk,
            },
            "admin/tag-autocomplete/": {"app_name": "taggit", "model_name": "tag"},
            "da/samarbejde/": cooperate(
                pairing.place.municipality,
                pairing.place,
                member=people["caseworker"],
                chair=people["mentor"],
                owner=people["travelling"],
            ),
            "da/samarbejde/moeder/<uuid:meeting>/skridt/": {"step": "kald"},
            "da/samarbejde/beslutninger/opgaver/<uuid:action>/": {"step": "gjort"},
            "da/samarbejde/erfaringer/<uuid:practice>/skridt/": {"step": "tag-ned"},
            "da/personer/": {"pk": caseworker.pk},
            "da/personer/<uuid:pk>/sprog/": {"pk": self._still_to_come(pairing.place).pk},
            "da/personer/organisationer/": {"pk": Organisation.objects.get(key="udlaan-a").pk},
            "da/laering/overblik/person/": {"pk": caseworker.pk},
            "da/laering/gemt/": {"key": lesson.translation_key},
            "da/laering/noter/": {"key": lesson.translation_key},
            "da/laering/sig-det/": {"key": lesson.translation_key},
            "da/laering/overblik/regler/": {"pk": self._rule_of_path(pairing.place).pk},
            "kalender/": {"token": renew_address(caseworker, at=timezone.now())},
            "da/beskeder/stop/": {
                "key": "beskeder", "token": stopping.token_of(caseworker, "beskeder"),
            },
            "da/adgang/": {"page_id": restriction.page_id},
            "admin/oversaettelser/kursus/": {"page_key": Page.objects.get(
                pk=lesson.get_parent().get_parent().pk).translation_key},
            "media/images/": {"name": image.file.name.rpartition("/")[2]},
            "media/renditions/": {"name": rendition.file.name.rpartition("/")[2]},
            "media/media/": {"name": media.file.name.rpartition("/")[2]},
            "media/posters/": {"name": media.thumbnail.name.rpartition("/")[2]},
            "documents/": {"pk": document.pk, "name": document.filename},
        }  # fmt: skip
        compare = next(pattern for pattern in patterns() if "/revisions/compare/" in pattern)
        self.paths = {
            r"da/^((?:[\w\-]+/)*)$": lesson.url,
            "admin/^.*/$": "/admin/nothing/here/",
            "da/begge/<path:path>": lesson.url.replace("/da/", "/da/begge/", 1),
            compare: f"/admin/pages/{draft.pk}/revisions/compare/earliest...latest/",
        }
        others = self._of_others(lesson, people["coordinator of another municipality"])
        assert not set(map(str, others.values())) & set(map(str, self.by_name.values()))
        self.records = {OF_OTHERS: others, MISSING: dict.fromkeys(others, uuid.UUID(int=7))}
        block = draft.body.stream_block.child_blocks["heading"]
        self.queries: dict[str, dict[str, Any]] = {
            "da/sidemand/sessioner/bekraeftet/": {"version": session.current_id},
            "admin/bulk/<str:app_label>/<str:model_name>/<str:action>/": {"id": draft.pk},
            "admin/block-preview/": {"id": block.definition_prefix},
        }
        self.forms: dict[str, dict[str, Any]] = {
            "da/sidemand/sessioner/bekraeft/": {"version": session.current_id},
            "da/samarbejde/rapporter/begynd/": {"halvaar": "2019-2", "om": "country"},
            "da/samarbejde/rapporter/<uuid:report>/filer/": {"slags": "pdf", "sprog": "da"},
            "da/sidemand/maal/<uuid:goal>/tilstand/": {"til": "stopped"},
            "da/sidemand/maal/<uuid:goal>/svar/": {
                "svar": "tilbage",
                "forslag": Goal.objects.get(pk=self.by_name["goal"]).terms.get().pk,
            },
            "da/laering/sag/<uuid:case>/begynd/": {"play": uuid.uuid4()},
            "da/sidemand/forslag/<uuid:proposal>/fast/": {
                "stay": self.by_name["stay"],
                "need": self.by_name["need"],
            },
            "admin/oversaettelser/side/<uuid:page_key>/<slug:language>/goer/": {"do": "order"},
            "da/laering/sagsspil/<uuid:play>/valg/": {"turn": 0},
            "da/laering/sagsspil/<uuid:play>/tilbage/": {"turn": 0},
            "da/laering/sagsspil/<uuid:play>/forfra/": {"turn": 0},
        }

    def fields(self, pattern: str, method: str) -> dict[str, Any]:
        """What is asked along with the address: nothing, but where the answer depends on it."""
        return (self.queries if method == "GET" else self.forms).get(pattern, {})

    def fill(self, row: Row) -> str:
        """The address that the row stands for.

        Raises:
            LookupError: When a placeholder is not known: say here what it means.
        """
        pattern = row.pattern
        if pattern in self.paths:
            return str(self.paths[pattern])
        own: dict[str, Any] = {}
        for begin in sorted(self.by_place, key=len):
            if pattern.startswith(begin):
                own |= self.by_place[begin]
        known = self.by_name | own

        def value(found: re.Match[str]) -> str:
            name = found[1] or found[2]
            if row.of and RECORDS.fullmatch(found[0]):
                return str(self.records[row.of][name])
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
    def _changed_law() -> dict[str, Any]:
        """A new version of an act with a rule that waits, and a decision on another."""
        at, today = timezone.now(), timezone.localdate()
        waiting = Rule.objects.get(key="national-supervision")
        new = new_version(waiting.act, at=at, in_force_from=today)
        checked = decide_on(Rule.objects.get(key="section-18-repealed"), "unchanged", at=at)
        return {"act": new.pk, "rule": waiting.pk, "decision": checked.pk}

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
    def _closed_collection() -> CollectionViewRestriction:
        """A collection that a shared word opens."""
        collection = Collection.get_first_root_node().add_child(name="Lukket")
        return CollectionViewRestriction.objects.create(
            collection=collection,
            restriction_type=CollectionViewRestriction.PASSWORD,
            password="open",
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
            thumbnail=ContentFile(content.getvalue(), name="poster.png"),
        )
        for file in (image, document):  # known from the start: a look at it writes nothing
            file.get_file_size()
            file.get_file_hash()
        return Image.objects.get(pk=image.pk), document, media

    @staticmethod
    def _attempt(page: LessonPage, person: Person) -> QuizAttempt:
        asked = LessonQuestion.objects.filter(lesson=page.translation_key)
        answers = {}
        for row in asked.select_related("question", "lesson"):
            version = row.question.versions.get(is_current=True)
            answers[version.pk] = kind_of(version).solution(version)
        return submit_quiz(
            attempt_id=uuid.uuid4(),
            lesson=asked[0].lesson,
            person=person,
            answers=answers,
            language="da",
            at=timezone.now(),
        )

    @staticmethod
    def _note(page: LessonPage, person: Person) -> Note:
        lesson = Lesson.objects.get(pk=page.translation_key)
        written = write_note(lesson, person, "Husk tiden.", version=0, at=timezone.now())
        assert written.note is not None
        return written.note

    @staticmethod
    def _remark(page: LessonPage, person: Person) -> Remark:
        return tell_editors(
            Lesson.objects.get(pk=page.translation_key),
            person,
            remark_id=uuid.uuid4(),
            kind="unclear",
            text="Hvad er en kvittering?",
            language="da",
            at=timezone.now(),
        )

    @staticmethod
    def _play(person: Person) -> CasePlay:
        case = Case.objects.offered().earliest("pk")
        return begin_case(play_id=uuid.uuid4(), case=case, person=person, at=timezone.now())

    @staticmethod
    def _translation(page: LessonPage, kl: Locale) -> tuple[Any, Any, Any]:
        source, _created = TranslationSource.update_or_create_from_instance(page)
        translation, _new = Translation.objects.get_or_create(source=source, target_locale=kl)
        return source, translation, StringSegment.objects.filter(source=source).first()

    @staticmethod
    def _reminder(person: Person) -> Reminder:
        """Something that ``person`` was told about the path they walk."""
        return Reminder.objects.create(
            assignment=Assignment.objects.active().filter(person=person).earliest("pk"),
            kind="asked",
            about_on=timezone.localdate(),
            made_at=timezone.now(),
        )

    @staticmethod
    def _export(person: Person) -> DataExport:
        """A copy of one's data that can be fetched."""
        export = DataExport(person=person, asked_at=timezone.now(), ready_at=timezone.now())
        export.file.save("export.zip", ContentFile(b"PK"))
        return export

    @staticmethod
    def _device(person: Person) -> Device:
        """A browser on which ``person`` writes."""
        return register(
            person,
            device_id=uuid.uuid4(),
            name="Chrome, Android",
            is_shared=False,
            fingerprint="0" * 64,
            at=timezone.now(),
        )

    @staticmethod
    def _notice(person: Person) -> Notice:
        """Something that ``person`` was told."""
        return Notice.objects.create(
            person=person, kind="people.export_ready", url="people:own-data", made_at=timezone.now()
        )

    @staticmethod
    def _goal(pairing: Pairing, person: Person) -> Goal:
        """A goal that the person has agreed with a mentor."""
        goal = Goal.objects.create(
            pairing=pairing,
            person=person,
            competence=Competence.objects.get(framework__key="caseworker", key="support"),
            state="agreed",
            made_at=timezone.now(),
        )
        goal.terms.create(
            number=1,
            start="with_help",
            target="alone",
            due_on=timezone.localdate() + timedelta(days=30),
            proposed_by=person,
            is_by_person=True,
            proposed_at=timezone.now(),
            state="holds",
            answered_at=timezone.now(),
        )
        return goal

    @staticmethod
    def _plan(pairing: Pairing) -> PlannedSession:
        """A session that the pairing has planned."""
        member = pairing.members.filter(side="mentor", ends_on=None).first()
        member = member or pairing.members.filter(side="mentor").latest("starts_on")
        at = timezone.now()
        return PlannedSession.objects.create(
            pairing=pairing,
            starts_at=at + timedelta(days=9),
            held_on=timezone.localdate() + timedelta(days=9),
            minutes=60,
            made_by=member.person,
            made_at=at,
            changed_at=at,
        )

    @staticmethod
    def _rule_of_path(town: Place) -> PathRule:
        """A rule of assignment in that town."""
        return PathRule.objects.create(
            path=LearningPath.objects.earliest("key"),
            role_key="caseworker",
            scope="town",
            place=town,
            made_at=timezone.now(),
        )

    @staticmethod
    def _draft(lesson: LessonPage) -> LessonPage:
        """A lesson that nobody has published."""
        draft = LessonPage(title="Kladde", slug="kladde", live=False)
        lesson.get_parent().add_child(instance=draft)
        draft.save_revision()
        return draft

    def _of_others(self, lesson: LessonPage, coordinator: Person | None) -> dict[str, Any]:
        """Records of a pairing in the town of another coordinator."""
        assert coordinator is not None
        municipality = coordinator.roles.get().municipality
        there = Pairing.objects.filter(place__municipality=municipality)
        pairing = there.exclude(state=Pairing.State.CLOSED).latest("starts_on")
        closed = Handover.objects.filter(state=Handover.State.FROM_LOG).earliest("begun_at")
        member = pairing.members.get(side="caseworker")
        session = Session.objects.filter(pairing=pairing).latest("held_on")
        return {
            "session": session.pk,
            "version": session.current_id,
            "pairing": pairing.pk,
            "member": member.pk,
            "attempt": self._attempt(lesson, member.person).pk,
            "play": self._play(member.person).pk,
            "assignment": Assignment.objects.active().filter(person=member.person).get().pk,
            "reminder": self._reminder(member.person).pk,
            "certificate": make_certificate(member.person).pk,
            "note": self._note(lesson, member.person).pk,
            "remark": self._remark(lesson, member.person).pk,
            "person": member.person_id,
            "export": self._export(member.person).pk,
            "device": self._device(member.person).pk,
            "notice": self._notice(member.person).pk,
            "plan": self._plan(pairing).pk,
            "goal": self._goal(pairing, member.person).pk,
            "view": self._view(coordinator).pk,
            "agreement": self._agreement(session).pk,
            "handover": closed.pk,
            "asked": closed.texts.get(kind="reason").pk,
            "follow_up": FollowUp.objects.filter(owner__isnull=True).earliest("due_on").pk,
            "pk": member.person_id,
            "role_pk": member.person.roles.get().pk,
            **self._round(pairing.place),
            **cooperate(municipality, pairing.place),
            **self._report(municipality, coordinator, "draft"),
            **event_of(pairing.place, None, is_announced=False),
        }

    @staticmethod
    def _report(municipality: Organisation, asks: Person | None, state: str) -> dict[str, Any]:
        """A report of long ago, and a file of it that somebody has asked for."""
        assert asks is not None
        now = timezone.now()
        report = HalfYearReport.objects.create(
            kind="municipality",
            municipality=municipality,
            year=2019,
            half=1,
            state=state,
            begun_at=now,
        )
        file = ReportFile.objects.create(
            report=report, kind="xlsx", language="da", person=asks, asked_at=now, ready_at=now
        )
        file.file.save("report", ContentFile(b"PK"))
        return {"report": report.pk, "file": file.pk}

    @staticmethod
    def _view(person: Person | None) -> SavedView:
        """A view of a list that a coordinator keeps."""
        assert person is not None
        return save_view(
            person, "forloeb", name="Mine byer", query="", is_first=False, at=timezone.now()
        )

    @staticmethod
    def _handover(pairing: Pairing, receiver: Person | None) -> dict[str, Any]:
        """One that was sent of a mentor who has left, and a follow-up that is owned elsewhere."""
        handover = Handover.objects.create(
            member=pairing.members.get(side="mentor", ends_on__lt=timezone.localdate()),
            state=Handover.State.SENT,
            receiver=receiver,
            begun_at=timezone.now(),
            sent_at=timezone.now(),
        )
        asked = handover.texts.create(
            kind="question", author=receiver, text="Hvad nu?", written_at=timezone.now()
        )
        return {
            "handover": handover.pk,
            "asked": asked.pk,
            "follow_up": FollowUp.objects.open().filter(owner=receiver).earliest("due_on").pk,
        }

    @staticmethod
    def _agreement(session: Session) -> Agreement:
        """The next step of that session as an agreement of its author."""
        return Agreement.objects.create(
            pairing=session.pairing,
            session=session,
            version=session.current,
            owner=session.author,
            made_at=timezone.now(),
        )

    @staticmethod
    def _round(town: Place) -> dict[str, Any]:
        """A round in that town's municipality, with what it needs, who comes, and a proposal."""
        planned = make_round(town)
        need = make_need(planned, town)
        stay = make_stay(
            planned, Person.objects.get(name=f"Mentor Demo {2 + Round.objects.count()}")
        )
        return {
            "round": planned.pk,
            "need": need.pk,
            "stay": stay.pk,
            "proposal": propose(planned).pk,
            "item": need.items.get(kind="housing").pk,
        }

    @staticmethod
    def _with_rival(beside: Session) -> SessionVersion:
        """A version of another session of the pairing that waits to be joined with another."""
        session = Session.objects.filter(pairing=beside.pairing, author=beside.author)
        session = session.open().exclude(pk=beside.pk).latest("held_on")
        first = session.versions.get()
        for minutes in (45, 50):
            version_id = uuid.uuid4()
            with suppress(SessionConflict):  # the second is kept beside the first
                log_session(
                    session.author,
                    session.pairing,
                    session_id=session.pk,
                    version_id=version_id,
                    parent_id=first.pk,
                    content={**first.content, "minutes": minutes},
                    at=timezone.now(),
                )
        return SessionVersion.objects.get(pk=version_id)

    @staticmethod
    def _token() -> str:
        """The end of the address in a mail that invites somebody."""
        at = timezone.now()
        person = Person.objects.get(name="Erik Indbudt")
        return link_to(invite(person, command_line(at), at=at)).rstrip("/").rpartition("/")[2]

    @staticmethod
    def _waiting(editor: Person, *things: Any) -> dict[Any, UploadedFile]:
        """Files that an editor has dropped and not yet said anything about."""
        return {
            thing: UploadedFile.objects.create(
                for_content_type=ContentType.objects.get_for_model(thing),
                uploaded_by_user=editor.user,
                file=ContentFile(_content_of(thing), name="waits.bin"),
            )
            for thing in things
        }


def _content_of(thing: Any) -> bytes:
    with thing.file.open() as file:
        return bytes(file.read())
