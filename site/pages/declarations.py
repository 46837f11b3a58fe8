"""What the pages keep about people."""

from django.utils.translation import gettext_lazy as _

from core.declarations import DataDeclaration, Fate, Records

DECLARATIONS = [
    DataDeclaration(
        title=_("Wishes for translations"),
        purpose=_("So that translators begin with what is missed most."),
        fields=(_("which page"), _("who asked"), _("when"), _("when it was answered")),
        access=_("Translators and editors see how many asked, not who."),
        retention=_("Until the account's person is deleted."),
        models=("pages.TranslationRequest",),
        position=60,
    ),
    DataDeclaration(
        title=_("Who translates a page, and who looked at it"),
        purpose=_("So that somebody other than the translator sees a text before readers do."),
        fields=(
            _("which page"),
            _("who ordered, translated, approved or closed it, and when"),
            _("who took in a framework of competences from a file"),
            _("when it is to be ready"),
            _("a note and a remark about the text"),
        ),
        access=_("Editors, translators and reviewers."),
        retention=_("As long as the page is kept; without the name once a person is deleted."),
        models=(
            "pages.TranslationOrder",
            "pages.TranslationApproval",
            "pages.TranslationApproval_translated_by",
            "pages.Wording",
            "competences.FrameworkVersion",
            "pages.Wording_written_by",
        ),
        position=62,
    ),
    DataDeclaration(
        title=_("Who wrote a page"),
        purpose=_("So that editors can ask one another."),
        fields=(
            _("the page and its versions"),
            _("who made or changed it, and who read it through last"),
            _("when"),
        ),
        access=_("Editors, translators and reviewers."),
        retention=_("As long as the page is kept."),
        models=(
            "pages.CasePage",
            "pages.CataloguePage",
            "pages.CoursePage",
            "pages.HomePage",
            "pages.InformationPage",
            "pages.LessonPage",
            "pages.ModulePage",
            "pages.PageCondition",
            "pages.PrivacyPage",
            "wagtailcore.Page",
            "wagtailcore.Revision",
            "wagtailcore.PageLogEntry",
            "wagtailcore.ModelLogEntry",
            "wagtailcore.WorkflowState",
            "wagtail_localize.StringTranslation",
            "wagtail_localize.SegmentOverride",
            "wagtailimages.Image",
            "wagtaildocs.Document",
            "wagtailmedia.Media",
        ),
        position=65,
    ),
    DataDeclaration(
        title=_("What you write while you edit"),
        purpose=_("So that editors can talk about a page where it is edited."),
        fields=(
            _("comments and answers on a page, and remarks when it is approved"),
            _("which page you are editing, and a form you have not sent"),
            _("pages you follow, and how you want the editor to look"),
        ),
        access=_("Editors, translators and reviewers."),
        retention=_("As long as your name is kept."),
        models=(
            "wagtailcore.TaskState",
            "wagtailcore.Comment",
            "wagtailcore.CommentReply",
            "wagtailcore.PageSubscription",
            "wagtailcore.UploadedFile",
            "wagtailadmin.EditingSession",
            "wagtailadmin.FormState",
            "wagtailusers.UserProfile",
        ),
        position=66,
    ),
]

_OWNED = (
    "wagtailcore.Page",
    *(
        f"pages.{name}Page"
        for name in (
            "Case",
            "Catalogue",
            "Course",
            "Home",
            "Information",
            "Lesson",
            "Module",
            "Privacy",
        )
    ),
)

RECORDS = [
    Records("pages.TranslationRequest", mine=("asked_by",), fate=Fate.ERASED),
    *(Records(model, acted=("owner", "locked_by")) for model in _OWNED),
    Records("pages.TranslationOrder", acted=("owner", "ordered_by", "submitted_by", "closed_by")),
    Records("pages.TranslationApproval", acted=("approved_by",)),
    Records("pages.TranslationApproval_translated_by", acted=("person",)),
    Records("pages.Wording", acted=("released_by",)),
    Records("pages.Wording_written_by", acted=("person",)),
    Records("pages.PageCondition", acted=("reviewed_by",)),
    Records("wagtailcore.Revision", acted=("user",)),
    Records("wagtailcore.PageLogEntry", acted=("user",)),
    Records("wagtailcore.ModelLogEntry", acted=("user",)),
    Records("wagtailcore.WorkflowState", acted=("requested_by",)),
    Records(
        "wagtailcore.TaskState", mine=("finished_by",), fate=Fate.BLANKED, blank={"comment": ""}
    ),
    Records("wagtailcore.Comment", mine=("user",), acted=("resolved_by",), fate=Fate.ERASED),
    Records("wagtailcore.CommentReply", mine=("user",), fate=Fate.ERASED),
    Records("wagtailcore.PageSubscription", mine=("user",), fate=Fate.ERASED),
    Records("wagtailcore.UploadedFile", mine=("uploaded_by_user",), fate=Fate.ERASED),
    Records("wagtailadmin.EditingSession", mine=("user",), fate=Fate.ERASED),
    Records("wagtailadmin.FormState", mine=("user",), fate=Fate.ERASED),
    Records("wagtailusers.UserProfile", mine=("user",), fate=Fate.ERASED),
    Records("wagtail_localize.StringTranslation", acted=("last_translated_by",)),
    Records("wagtail_localize.SegmentOverride", acted=("last_translated_by",)),
    *(
        Records(model, acted=("uploaded_by_user",))
        for model in ("wagtailimages.Image", "wagtaildocs.Document", "wagtailmedia.Media")
    ),
]
