"""What notices keep about people."""

from django.utils.translation import gettext_lazy as _

from core.declarations import DataDeclaration, Fate, Keep, Records

DECLARATIONS = [
    DataDeclaration(
        title=_("Messages to you"),
        purpose=_("So that you learn what concerns you, as often as you want."),
        fields=(
            _("what you were told, and when you read it"),
            _("how often you want mail"),
        ),
        access=_("You alone."),
        retention=_("One year. How often you want mail: as long as your name is kept."),
        models=("notices.Notice", "notices.MailChoice"),
        position=16,
    ),
]

RECORDS = [
    Records("notices.Notice", mine=("person",), fate=Fate.ERASED, keep=(Keep(365, "made_at"),)),
    Records("notices.MailChoice", mine=("person",), fate=Fate.ERASED),
]
