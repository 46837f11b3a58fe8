"""What the register of rules keeps about people."""

from django.utils.translation import gettext_lazy as _

from core.declarations import DataDeclaration, Fate, Records

DECLARATIONS = [
    DataDeclaration(
        title=_("Who checked a rule"),
        purpose=_("So that it can be asked who read the source, and when."),
        fields=(
            _("the rule"),
            _("who checked or changed it"),
            _("who looked through what cites it"),
            _("when"),
        ),
        access=_("Editors, translators and reviewers."),
        retention=_("As long as the rule's history is kept."),
        models=(
            "rules.Rule",
            "rules.RuleVersion",
            "rules.Replacement",
            "rules.Decision",
            "rules.ReviewItem",
        ),
        position=55,
    ),
    DataDeclaration(
        title=_("Weekly mail to reviewers"),
        purpose=_("So that whoever has stopped it gets it no more."),
        fields=(_("that you have stopped it"), _("when")),
        access=_("You alone."),
        retention=_("Until you start it again."),
        models=("rules.DigestStop",),
        position=56,
    ),
]

RECORDS = [
    Records("rules.Rule", acted=("checked_by",)),
    Records("rules.RuleVersion", acted=("recorded_by",)),
    Records("rules.Replacement", acted=("entered_by",)),
    Records("rules.Decision", acted=("decided_by", "undone_by")),
    Records("rules.ReviewItem", acted=("closed_by",)),
    Records("rules.DigestStop", mine=("person",), fate=Fate.ERASED),
]
