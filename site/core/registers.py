"""Registers that editors keep in the Wagtail admin: rules, questions, topics, paths."""

from wagtail.snippets.views.snippets import SnippetViewSet


class RegisterViewSet(SnippetViewSet):
    """A list of rows that others rest on: found by any part of a word, looked at, never copied."""

    search_backend_name = None  # parts of words are found, and no character is special
    inspect_view_enabled = True
    copy_view_enabled = False
