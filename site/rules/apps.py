from django.apps import AppConfig


class RulesConfig(AppConfig):
    """Acts, orders and the rules drawn from them, with source and state."""

    name = "rules"

    def ready(self) -> None:
        """Say who may do what with the register: reviewers write, the others read."""
        from people import groups
        from people.models import Role

        for name in ("rule", "act"):
            groups.allow(
                Role.Key.REVIEWER, f"rules.view_{name}", f"rules.add_{name}", f"rules.change_{name}"
            )
            groups.allow(Role.Key.EDITOR, f"rules.view_{name}")
            groups.allow(Role.Key.TRANSLATOR, f"rules.view_{name}")
