"""What the pages keep about people."""

from django.utils.translation import gettext_lazy as _

from core.declarations import DataDeclaration

DECLARATIONS = [
    DataDeclaration(
        title=_("Wishes for translations"),
        purpose=_("So that translators begin with what is missed most."),
        fields=(_("which page"), _("who asked"), _("when")),
        access=_("Translators and editors see how many asked, not who."),
        retention=_("Until the account's person is deleted."),
        models=("pages.TranslationRequest",),
        position=60,
    ),
    DataDeclaration(
        title=_("Who wrote a page"),
        purpose=_("So that editors can ask one another."),
        fields=(_("the page and its versions"), _("who made or changed it"), _("when")),
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
            "pages.PrivacyPage",
        ),
        position=65,
    ),
]
