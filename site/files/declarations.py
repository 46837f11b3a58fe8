"""What the files keep about people."""

from django.utils.translation import gettext_lazy as _

from core.declarations import DataDeclaration, Records

DECLARATIONS = [
    DataDeclaration(
        title=_("Who uploaded a file"),
        purpose=_("So that editors can ask one another."),
        fields=(_("the file"), _("who uploaded it"), _("when")),
        access=_("Editors, translators and reviewers."),
        retention=_("As long as the file is kept."),
        models=("files.Image", "files.Document", "files.Media"),
        position=70,
    ),
]

RECORDS = [
    Records(f"files.{name}", acted=("uploaded_by_user",)) for name in ("Image", "Document", "Media")
]
