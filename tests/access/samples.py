"""What the placeholders of a pattern are filled with: one real thing of each kind."""

import re
import uuid
from collections.abc import Mapping
from typing import Any

from django.utils import timezone
from wagtail.admin.models import EditingSession
from wagtail.models import Collection, Locale, Page, Revision, Site, Task, Workflow

from competences.models import Competence, Framework, FrameworkVersion, Topic
from courses.models import Assignment, Case, LearningPath, LessonQuestion, Question
from mentoring.models import (
    Agreement,
    Amendment,
    FollowUp,
    Goal,
    Handover,
    HandoverText,
    Pairing,
    Session,
)
from mentoring.planning.actions import renew_address
from notices import stopping
from pages.models import Checklist, ContactCard, GlossaryTerm, LessonPage
from people.models import Organisation, Person
from rules.models import Act, Rule
from tests.access.cooperating import begun_correction, cooperate, frozen_report, report_of
from tests.access.editing import (
    closed_collection,
    draft_beside,
    dropped_files,
    restricted_beside,
    some_files,
    submitted,
    translation_into,
)
from tests.access.events import begun_event, event_of
from tests.access.learning import (
    attempt_of,
    changed_law,
    lesson_with_quiz,
    note_of,
    play_of,
    remark_of,
    reminder_of,
    rule_of_path,
)
from tests.access.matrix import MISSING, OF_OTHERS, PUT, RECORDS, SHARED, Row, patterns
from tests.access.mentoring import (
    agreement_after,
    goal_of,
    handover_of,
    plan_of,
    round_in,
    version_of_who_left,
    version_with_rival,
    view_of,
)
from tests.access.personal import device_of, export_of, invitation_token, mentor_to_come, notice_of
from tests.access.sending import letters
from tests.factories.certificates import make_certificate

PLACEHOLDER = re.compile(r"<(?:[^:>]+:)?(\w+)>|\(\?P<(\w+)>(?:[^()]|\([^()]*\))*\)")


class Samples:
    """Looks up a value by placeholder and pattern; a pattern may want its own."""

    def __init__(self, people: Mapping[str, Person | None]) -> None:
        caseworker = people["caseworker"]
        assert caseworker is not None
        lesson = lesson_with_quiz()
        draft = draft_beside(lesson)
        law = changed_law()
        state = submitted(draft, people["editor"])
        task_state = state.current_task_state
        restriction = restricted_beside(lesson)
        image, document, media = some_files()
        editor = people["editor"]
        assert editor is not None
        waiting = dropped_files(editor, image, document)
        presence = EditingSession.objects.create(
            user=editor.user, content_object=draft, last_seen_at=timezone.now()
        )
        token = invitation_token()
        session = Session.objects.awaiting(caseworker).order_by("held_on").first()
        assert session is not None
        joined = version_with_rival(session)
        of_who_left = version_of_who_left(session, people["a mentor whose stay has ended"])
        pairing = session.pairing
        member = pairing.members.filter(side="caseworker").exclude(person=caseworker).get()
        user = caseworker.user
        role, affiliation = caseworker.roles.get(), caseworker.affiliations.get()
        assert user is not None
        assert task_state is not None
        rendition = image.get_rendition("width-320")
        group = editor.user.groups.get()
        attempt = attempt_of(lesson, caseworker)
        kl = Locale.objects.get(language_code="kl")
        source, translation, segment = translation_into(lesson, kl)
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
            "restriction_id": closed_collection().pk,
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
            "play": play_of(caseworker).pk,
            "assignment": Assignment.objects.active().filter(person=caseworker).earliest("pk").pk,
            "batch": uuid.uuid4(),
            "record": uuid.uuid4(),
            "sha256": "0" * 64,
            "reminder": reminder_of(caseworker).pk,
            "certificate": make_certificate(caseworker).pk,
            "note": note_of(lesson, caseworker).pk,
            "remark": remark_of(lesson, caseworker).pk,
            "module": lesson.get_parent().translation_key,
            "kind": "lektion",
            "code": make_certificate(caseworker).code,
            "competence": Competence.objects.get(framework__key="caseworker", key="receipt").pk,
            "person": caseworker.pk,
            "session": session.pk,
            "version": session.current_id,
            "pairing": pairing.pk,
            "member": member.pk,
            "export": export_of(caseworker).pk,
            "device": device_of(caseworker).pk,
            "notice": notice_of(caseworker).pk,
            "plan": plan_of(pairing).pk,
            "goal": goal_of(pairing, caseworker).pk,
            "view": view_of(people["coordinator of the own municipality"]).pk,
            "listing": "forloeb",
            "agreement": Agreement.objects.open().filter(pairing=pairing).earliest("due_on").pk,
            **handover_of(pairing, people["travelling"]),
            **round_in(pairing.place),
            **report_of(
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
            "da/sidemand/sessioner/<uuid:session>/vaelg/": {
                "session": of_who_left.session_id, "version": of_who_left.pk,
            },
            "da/sidemand/overdragelser/<uuid:handover>/": {
                "handover": Handover.objects.waiting().earliest("sent_at").pk,
                "asked": HandoverText.objects.filter(kind="question").earliest("written_at").pk,
            },
            "da/personer/invitation/": {"token": token},
            "api/v1/device/kit/": {"name": "log"},
            **begun_event(pairing.place, people["caseworker"]),
            "da/samarbejde/rapporter/<uuid:report>/ret/": {
                "report": frozen_report(pairing.place.municipality).pk
            },
            "da/samarbejde/rapporter/<uuid:report>/ret/kasser/": {
                "report": begun_correction(pairing.place.municipality).pk
            },
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
            "da/personer/<uuid:pk>/sprog/": {"pk": mentor_to_come(pairing.place).pk},
            "da/personer/organisationer/": {"pk": Organisation.objects.get(key="udlaan-a").pk},
            "da/laering/overblik/person/": {"pk": caseworker.pk},
            "da/laering/gemt/": {"key": lesson.translation_key},
            "da/laering/noter/": {"key": lesson.translation_key},
            "da/laering/sig-det/": {"key": lesson.translation_key},
            "da/laering/overblik/regler/": {"pk": rule_of_path(pairing.place).pk},
            "kalender/": {"token": renew_address(caseworker, at=timezone.now())},
            "da/beskeder/stop/": {
                "key": "beskeder", "token": stopping.token_of(caseworker, "beskeder"),
            },
            "da/adgang/": {"page_id": restriction.page_id},
            "admin/oversaettelser/kursus/": {"page_key": Page.objects.get(
                pk=lesson.get_parent().get_parent().pk).translation_key},
            "admin/oversaettelser/tekst/": {"kind": "regler", "record": cited.pk},
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
        self.records = {
            OF_OTHERS: others,
            MISSING: dict.fromkeys(others, uuid.UUID(int=7)),
            SHARED: round_in(pairing.place, Pairing.objects.get(pk=others["pairing"]).place),
        }
        self.letters = letters(session, Session.objects.get(pk=others["session"]))
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
            "da/sidemand/runder/<uuid:round>/fast/": {
                "stay": self.by_name["stay"],
                "need": self.by_name["need"],
            },
            "da/sidemand/forslag/<uuid:proposal>/fast/": {
                "stay": self.by_name["stay"],
                "need": self.by_name["need"],
            },
            "admin/oversaettelser/side/<uuid:page_key>/<slug:language>/goer/": {"do": "order"},
            "admin/oversaettelser/tekst/<slug:kind>/<uuid:record>/<slug:language>/goer/": {
                "do": "order",
            },
            "da/laering/sagsspil/<uuid:play>/valg/": {"turn": 0},
            "da/laering/sagsspil/<uuid:play>/tilbage/": {"turn": 0},
            "da/laering/sagsspil/<uuid:play>/forfra/": {"turn": 0},
        }

    def fields(self, row: Row, method: str) -> dict[str, Any]:
        """What is asked along with the address: nothing, but where the answer depends on it."""
        if method == PUT:
            return self.letters[str(row)]
        return (self.queries if method == "GET" else self.forms).get(row.pattern, {})

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
            "record": uuid.uuid4(),
            "version": session.current_id,
            "pairing": pairing.pk,
            "member": member.pk,
            "attempt": attempt_of(lesson, member.person).pk,
            "play": play_of(member.person).pk,
            "assignment": Assignment.objects.active().filter(person=member.person).get().pk,
            "reminder": reminder_of(member.person).pk,
            "certificate": make_certificate(member.person).pk,
            "note": note_of(lesson, member.person).pk,
            "remark": remark_of(lesson, member.person).pk,
            "person": member.person_id,
            "export": export_of(member.person).pk,
            "device": device_of(member.person).pk,
            "notice": notice_of(member.person).pk,
            "plan": plan_of(pairing).pk,
            "goal": goal_of(pairing, member.person).pk,
            "view": view_of(coordinator).pk,
            "agreement": agreement_after(session).pk,
            "handover": closed.pk,
            "asked": closed.texts.get(kind="reason").pk,
            "follow_up": FollowUp.objects.filter(owner__isnull=True).earliest("due_on").pk,
            "pk": member.person_id,
            "role_pk": member.person.roles.get().pk,
            **round_in(pairing.place),
            **cooperate(municipality, pairing.place),
            **report_of(municipality, coordinator, "draft"),
            **event_of(pairing.place, None, is_announced=False),
        }
