"""What Wagtail's menu does not offer: accounts and groups are looked after under ``/personer/``."""

from django.http import HttpRequest
from wagtail import hooks
from wagtail.admin.menu import MenuItem


@hooks.register("construct_settings_menu")
def hide_accounts(request: HttpRequest, items: list[MenuItem]) -> None:
    """Take out "Users" and "Groups" (their addresses are closed by ``people.middleware``)."""
    items[:] = [item for item in items if item.name not in {"users", "groups"}]
