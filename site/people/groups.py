"""Wagtail's groups: what each role of ``/admin/`` may do there.

Members come and go with roles (:func:`people.actions.sync_groups`), by nothing else. Other apps
add what their snippets need in ``AppConfig.ready``::

    groups.allow(Role.Key.REVIEWER, "rules.change_rule")
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from django.contrib.auth.models import Group, Permission
from wagtail.models import Collection, GroupCollectionPermission, GroupPagePermission, Page

from people.models import Role

NAMES: Mapping[str, str] = {
    Role.Key.EDITOR: "Redaktører",
    Role.Key.TRANSLATOR: "Oversættere",
    Role.Key.REVIEWER: "Faglige godkendere",
}
#: What they may do with every page. Publishing is the subject review's, so editors submit.
ON_PAGES: Mapping[str, tuple[str, ...]] = {
    Role.Key.EDITOR: ("wagtailcore.add_page", "wagtailcore.change_page"),
    Role.Key.TRANSLATOR: ("wagtailcore.change_page",),
    Role.Key.REVIEWER: (
        "wagtailcore.change_page",
        "wagtailcore.publish_page",
        "wagtailcore.lock_page",
        "wagtailcore.unlock_page",
    ),
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
    kept = {group.name: group for group in Group.objects.filter(name__in=NAMES.values())}
    groups = {
        key: kept.get(name) or Group.objects.get_or_create(name=name)[0]
        for key, name in NAMES.items()
    }
    found = _find()
    _ensure(Group.permissions.through, groups, found, _allowed)
    if root := Page.get_first_root_node():
        _ensure(GroupPagePermission, groups, found, ON_PAGES, page=root)
    if files := Collection.get_first_root_node():
        _ensure(GroupCollectionPermission, groups, found, ON_FILES, collection=files)
    return groups


def _ensure(
    through: Any,
    groups: Mapping[str, Group],
    found: Mapping[str, Permission],
    asked: Mapping[str, Iterable[str]],
    **place: Any,
) -> None:
    """Add the rows of ``through`` that are missing: one question where none is."""
    rows = through.objects.filter(group__in=groups.values(), **place)
    held = set(rows.values_list("group", "permission"))
    wanted = [
        (group, found[name])
        for key, group in groups.items()
        for name in asked[key]
        if name in found
    ]
    through.objects.bulk_create(
        [
            through(group=group, permission=permission, **place)
            for group, permission in wanted
            if (group.pk, permission.pk) not in held
        ],
        ignore_conflicts=True,
    )


def missing() -> set[str]:
    """Permissions that groups should hold and that do not exist; empty once all is migrated."""
    return _asked() - _find().keys()


def _asked() -> set[str]:
    """Every permission that a group should hold, named ``app.codename``."""
    of_groups = (_allowed, ON_PAGES, ON_FILES)
    return {name for asked in of_groups for names in asked.values() for name in names}


def _find() -> dict[str, Permission]:
    """The permissions that groups should hold, by name; one that does not exist opens nothing."""
    asked = _asked()
    codenames = {name.partition(".")[2] for name in asked}
    alike = Permission.objects.filter(codename__in=codenames).select_related("content_type")
    named = {f"{one.content_type.app_label}.{one.codename}": one for one in alike}
    return {name: named[name] for name in asked & named.keys()}
