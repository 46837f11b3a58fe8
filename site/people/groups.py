"""Wagtail's groups: what each role of ``/admin/`` may do there.

Members come and go with roles (:func:`people.actions.sync_groups`), by nothing else. Other apps
add what their snippets need in ``AppConfig.ready``::

    groups.allow(Role.Key.REVIEWER, "rules.change_rule")
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping

from django.contrib.auth.models import Group, Permission
from django.db.models import Q
from wagtail.models import Collection, GroupCollectionPermission, GroupPagePermission, Page

from people.models import Role

NAMES: Mapping[str, str] = {
    Role.Key.EDITOR: "Redaktører",
    Role.Key.TRANSLATOR: "Oversættere",
    Role.Key.REVIEWER: "Faglige godkendere",
}
#: What they may do with every page. Publishing is the subject review's, so editors submit.
ON_PAGES: Mapping[str, tuple[str, ...]] = {
    Role.Key.EDITOR: ("add_page", "change_page"),
    Role.Key.TRANSLATOR: ("change_page",),
    Role.Key.REVIEWER: ("change_page", "publish_page", "lock_page", "unlock_page"),
}
#: What they may do with every file.
ON_FILES: Mapping[str, tuple[str, ...]] = {
    Role.Key.EDITOR: (
        "files.add_image",
        "files.change_image",
        "files.choose_image",
        "files.add_document",
        "files.change_document",
        "files.choose_document",
        "files.add_media",
        "files.change_media",
    ),
    Role.Key.TRANSLATOR: ("files.choose_image", "files.choose_document"),
    Role.Key.REVIEWER: ("files.choose_image", "files.choose_document"),
}
_allowed: defaultdict[str, set[str]] = defaultdict(set)


def allow(key: str, *permissions: str) -> None:
    """Let the group of the role ``key`` do this, named ``app.codename``, anywhere."""
    _allowed[key].update(permissions)


for _key in NAMES:
    allow(_key, "wagtailadmin.access_admin")
for _key in (Role.Key.EDITOR, Role.Key.TRANSLATOR):
    allow(_key, "wagtail_localize.submit_translation")


def ensure() -> dict[str, Group]:
    """Create the groups and what they may do where it is missing; the groups by role key.

    Nothing is taken away that somebody added by hand: that is for the command line to find.
    """
    groups = {key: Group.objects.get_or_create(name=name)[0] for key, name in NAMES.items()}
    root = Page.get_first_root_node()
    files = Collection.get_first_root_node()
    for key, group in groups.items():
        group.permissions.add(*_find(_allowed[key]))
        if root is not None:
            for permission in _find(f"wagtailcore.{name}" for name in ON_PAGES[key]):
                GroupPagePermission.objects.get_or_create(
                    group=group, page=root, permission=permission
                )
        if files is not None:
            for permission in _find(ON_FILES[key]):
                GroupCollectionPermission.objects.get_or_create(
                    group=group, collection=files, permission=permission
                )
    return groups


def missing() -> set[str]:
    """Permissions that groups should hold and that do not exist; empty once all is migrated."""
    asked = {name for names in _allowed.values() for name in names}
    asked |= {name for names in ON_FILES.values() for name in names}
    return asked - {f"{found.content_type.app_label}.{found.codename}" for found in _find(asked)}


def _find(names: Iterable[str]) -> list[Permission]:
    """The permissions named ``app.codename``; one that does not exist opens nothing."""
    wanted = Q(pk__in=[])
    for name in names:
        app, _, codename = name.partition(".")
        wanted |= Q(content_type__app_label=app, codename=codename)
    return list(Permission.objects.filter(wanted).select_related("content_type"))
