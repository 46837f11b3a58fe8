"""What Django does not know about Kalaallisut, and how our two languages date, count and sort."""

from django.conf import locale


def register_kalaallisut() -> None:
    """Make ``kl`` a language Django knows; called once, by the settings."""
    locale.LANG_INFO["kl"] = {
        "bidi": False,
        "code": "kl",
        "name": "Greenlandic",
        "name_local": "kalaallisut",
        "fallback": ["da"],
    }
