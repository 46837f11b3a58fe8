"""What all pages share: their fields, and how they answer a request."""

from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar, Self

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.fields import StreamField
from wagtail.log_actions import log
from wagtail.models import Locale, Page, Revision
from wagtail_localize.fields import BaseTranslatableField

from core.data_saver import saves_data
from core.identity import refuse_cpr_like
from core.periods import local_day
from pages.blocks import BodyBlock, refuse_unaskable, rules_in
from pages.conditional import answer
from pages.editing.conditions import note
from pages.editing.forms import PageForm
from pages.editing.gate import why_not
from pages.editing.panels import CheckPanel
from pages.editing.weighing import weigh
from pages.models.translation import TranslationApproval
from pages.privacy import restrictions_on
from pages.rendering import Body, bodies, draw_body
from pages.translating import second_eyes
from rules.checks import refuse_unpublishable
from rules.models import RegisterStamp

if TYPE_CHECKING:
    from uuid import UUID

SCHEDULED = "wagtail.publish.scheduled"
CORRECTION = "pages.correction"
PHONE_WIDTH = 360


class BasePage(Page):
    """A title, an introduction and a body of blocks, in one language."""

    introduction = models.TextField(
        _("introduction"),
        max_length=300,
        blank=True,
        validators=[refuse_cpr_like],
        help_text=_("One or two sentences: what the reader gets from this page."),
    )
    body = StreamField(BodyBlock(), blank=True, verbose_name=_("content"))

    weight_reason = models.TextField(
        _("why it may weigh so much"),
        max_length=300,
        blank=True,
        validators=[refuse_cpr_like],
        help_text=_(
            "Only where the page is heavier than the aim. For example: Without the two drawings "
            "the way through the house cannot be followed."
        ),
    )
    #: What the page weighed, pictures included, when that reason was given.
    weight_explained = models.PositiveIntegerField(null=True, blank=True, editable=False)

    #: Grows when a record that the page shows (a contact card, a word) says something new.
    shared_stamp = models.PositiveIntegerField(default=0, editable=False)
    review_months = models.PositiveSmallIntegerField(
        _("to be read again after"),
        choices=[
            (3, _("3 months")), (6, _("6 months")), (12, _("12 months")), (24, _("24 months")),
        ],
        default=12,
        help_text=_("From when it was published after a review. Reviewers are reminded."),
    )  # fmt: skip

    opening_panels: ClassVar[list[Any]] = [*Page.content_panels, FieldPanel("introduction")]
    closing_panels: ClassVar[list[Any]] = [
        MultiFieldPanel(
            [CheckPanel(), FieldPanel("weight_reason"), FieldPanel("review_months")],
            heading=_("Check of the page"),
        ),
    ]
    content_panels: ClassVar[list[Any]] = [*opening_panels, FieldPanel("body"), *closing_panels]
    base_form_class = PageForm
    #: Under which kind a page like this is marked when one of its rules changes.
    cited_as: ClassVar[str] = "page"
    #: The reason is about one page in one language: nobody translates it, and none takes it over.
    override_translatable_fields: ClassVar[list[Any]] = [BaseTranslatableField("weight_reason")]
    promote_panels: ClassVar[list[Any]] = [FieldPanel("slug"), FieldPanel("search_description")]

    class Meta:
        abstract = True

    register_stamp: int | None

    # --- Publishing ---

    def publish(
        self, revision: Revision, *args: Any, log_action: Any = True, **kwargs: Any
    ) -> None:
        """Publish ``revision``, by whatever door.

        What is scheduled was checked when it was scheduled. A rule that has lost its state since
        then, or since the page went live, is left out where the page is drawn, and a question that
        was retired is not asked; a rule that has changed since marks the page (``pages.late``).

        Raises:
            PublishingRefused: When it cites a rule that is not verified, asks a question whose
                answer rests on one or that is retired, or is heavier than the budget and gives no
                reason for it (``pages.editing.gate``). Nothing is changed.
            TranslationRefused: When who publishes a translation wrote some of it.
        """
        at = timezone.now()
        draft = revision.as_object()
        weight = weigh(draft)
        if log_action != SCHEDULED:
            _refuse_unfit(draft)
            if why := why_not(draft, weight):
                raise PublishingRefused(why, page_pk=self.pk)
        user = kwargs.get("user") or revision.user
        with transaction.atomic():
            second_eyes.approve_revision(self, revision, user, is_checked=log_action == SCHEDULED)
            super().publish(revision, *args, log_action=log_action, **kwargs)
            if draft.go_live_at is None or draft.go_live_at <= at:
                person = getattr(user, "person", None)
                note(draft, weight, at=at, by=person, renews=log_action != CORRECTION)
            if weight.is_heavy:
                told = {
                    "reason": draft.weight_reason,
                    "kilobytes": weight.kilobytes,
                    "picture_kilobytes": weight.picture_kilobytes,
                }
                log(self, "pages.heavy", user=user, revision=revision, data=told)

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save the page. wagtail-localize does so with new words before it publishes them.

        Raises:
            TranslationRefused: When that would put unapproved words on a live page.
        """
        if kwargs.get("update_fields") is None:
            second_eyes.refuse_unapproved(self)
        super().save(*args, **kwargs)

    def cited_rules(self) -> "set[UUID]":
        """The rules that this page says of itself to rest on."""
        return {rule.pk for rule in rules_in(self.body)}

    # --- Language ---

    @property
    def language(self) -> str:
        """The language whose address this page has; its words may still be Danish."""
        return language_of(self.locale_id)

    @cached_property
    def source(self) -> "Self | None":
        """The Danish page that this one is a translation of; none for a Danish page."""
        if self.language == settings.LANGUAGE_CODE:
            return None
        return (
            type(self)
            .objects.filter(
                translation_key=self.translation_key,
                locale__language_code=settings.LANGUAGE_CODE,
            )
            .defer_streamfields()
            .first()
        )

    @property
    def is_behind_source(self) -> bool:
        """Whether the Danish page was published with other words after this translation.

        A translation from before its Danish words were kept is judged by the days alone.
        """
        source = self.source
        is_older = (
            source
            and not self.alias_of_id
            and self.last_published_at
            and source.last_published_at
            and self.last_published_at < source.last_published_at
        )
        if not is_older:
            return False
        approvals = TranslationApproval.objects.of(self.translation_key, self.language)
        newest = approvals.published().first()
        return newest is None or newest.outdated_at is not None

    # --- Who may read it ---

    def get_view_restrictions(self) -> "models.QuerySet[Any]":
        """Restrictions on this page or above it, in whatever language they were set."""
        return restrictions_on(self)

    # --- Drawing it ---

    def draw(self, *, saves_data: bool = False) -> Body:
        """The body as HTML, drawn anew."""
        return draw_body(self, self.source, saves_data=saves_data)

    def body_stamp_of(self, shown: dict[str, Any]) -> int | None:
        """Grows when something that the body shows of records has changed.

        A lesson knows it of its record. Any other page is drawn anew whenever the register of
        rules has changed: ``pages.views.find_page`` has read how often, else one query does.
        """
        if "body_stamp" in shown:
            stamp: int | None = shown["body_stamp"]
            return stamp
        if "register_stamp" not in self.__dict__:
            self.register_stamp = RegisterStamp.objects.values_list("value", flat=True).first()
        return self.register_stamp

    def kept_body(self, body_stamp: int | None = None, *, saves_data: bool = False) -> Body:
        """The body as HTML, drawn once per revision, ``body_stamp`` and day.

        The day counts because a rule that was fine yesterday may be overdue today. For whoever
        saves data it is another body.
        """
        key = (*self.revision_stamp, body_stamp, local_day(timezone.now()), saves_data)
        body = bodies.get(key)
        if body is None:
            body = self.draw(saves_data=saves_data)
            bodies.put(key, body)
        return body

    @property
    def revision_stamp(self) -> tuple[Any, ...]:
        """Changes when this page or its Danish source is published, or shows something new."""
        pages = [page for page in (self, self.source) if page is not None]
        return tuple(
            part
            for page in pages
            for part in (
                page.pk,
                page.live_revision_id,
                page.last_published_at,
                page.latest_revision_created_at,
                page.shared_stamp,
            )
        )

    def shown_to(self, request: HttpRequest) -> dict[str, Any]:
        """What this kind of page shows beside its own fields, for this reader.

        The key ``stamp`` stands for all of it: a page with the same stamp looks the same.
        """
        return {"stamp": ()}

    def alternate_urls(self) -> dict[str, str]:
        """The address of this page in each language."""
        pages = self.get_translations(inclusive=True).live().defer_streamfields()
        return {language_of(page.locale_id): page.url or "" for page in pages}

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """What the templates under ``pages/`` take; see ``pages/base_page.html``."""
        shown = kwargs.pop("shown", None) or self.shown_to(request)
        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        source = self.source
        is_draft = getattr(request, "is_preview", False)
        alternate_urls = shown.get("alternate_urls") or ({} if is_draft else self.alternate_urls())
        body = (
            self.draw()
            if is_draft
            else self.kept_body(self.body_stamp_of(shown), saves_data=saves_data(request))
        )
        return context | {
            "body": body,
            "title_is_danish": source is not None and self.title == source.title,
            "introduction_is_danish": bool(self.introduction)
            and source is not None
            and self.introduction == source.introduction,
            "is_behind_source": self.is_behind_source,
            # Wagtail has found the page where pages.views.serve left it to Wagtail.
            "is_restricted": hasattr(request, "_wagtail_route_for_request")
            and self.get_view_restrictions().exists(),
            "ask_url": reverse("ask_for_translation", args=[self.translation_key])
            if source is not None
            else "",
            **shown,
            "alternate_urls": alternate_urls,
        }

    @property
    def preview_sizes(self) -> list[dict[str, Any]]:
        """A phone first, as narrow as those in the field."""
        phone, *others = super().preview_sizes
        return [{**phone, "device_width": PHONE_WIDTH}, *others]

    def get_preview_context(self, request: HttpRequest, mode_name: str) -> dict[str, Any]:
        """Adds what the page weighs as it is written now; the address bar of the preview."""
        context: dict[str, Any] = super().get_preview_context(request, mode_name)
        return context | {"weight": weigh(self)}

    def serve(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The page, or "not modified" to whoever has it already (``docs/fast-lessons.md``)."""
        request.is_preview = False  # type: ignore[attr-defined]  # Wagtail's own marks
        shown = self.shown_to(request)
        body_stamp = self.body_stamp_of(shown)
        stamp = (self.revision_stamp, body_stamp, self.title, shown["stamp"])

        def draw() -> HttpResponse:
            context = self.get_context(request, shown=shown)
            return TemplateResponse(request, self.get_template(request), context)

        return answer(request, stamp, draw)


class PublishingRefused(ValidationError):
    """A page may not go live as it is. In the admin ``pages.editing.refusals`` says why."""

    def __init__(self, message: Any, *, page_pk: int | None = None) -> None:
        super().__init__(message)
        self.page_pk = page_pk


def _refuse_unfit(page: BasePage) -> None:
    quizzes = [child.value for child in page.body if child.block_type == "quiz"]
    asked = [question for quiz in quizzes for question in quiz["questions"] if question]
    try:
        refuse_unpublishable(rules_in(page.body))
        refuse_unaskable(asked)
    except ValidationError as refusal:
        raise PublishingRefused(refusal, page_pk=page.pk) from refusal


def language_of(locale_pk: int) -> str:
    """The language code of a locale; asked from the database once per process."""
    if locale_pk not in _languages:
        _languages.update(Locale.objects.values_list("pk", "language_code"))
    return _languages[locale_pk]


_languages: dict[int, str] = {}
