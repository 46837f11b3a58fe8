"""What competences keep about people."""

from django.utils.translation import gettext_lazy as _

from core.declarations import DataDeclaration, Fate, Records

DECLARATIONS = [
    DataDeclaration(
        title=_("Your own rating of what you can do"),
        purpose=_("So that you and your mentor can see what to practise next."),
        fields=(_("which of four steps you chose for a competence"), _("when")),
        access=_(
            "You and your present mentor. Leaders and coordinators see counts of at least five "
            "people, without names."
        ),
        retention=_("Until the municipality no longer needs it."),
        models=("competences.Rating",),
        position=34,
    ),
]

RECORDS = [
    Records("competences.Rating", mine=("person",), fate=Fate.ERASED),
    Records("competences.FrameworkVersion", acted=("brought_by",)),
]
