"""Where pages are served. The names are those Wagtail reverses."""

from django.urls import path, re_path
from django.utils.translation import gettext_lazy as _
from django.views.generic import RedirectView
from wagtail.urls import serve_pattern
from wagtail.views import authenticate_with_password

from devices.shell import shell_page
from pages.printing.views import (
    print_lesson,
    print_lesson_file,
    print_module,
    print_module_file,
)
from pages.reference import FindView, GlossaryView, RulesView
from pages.translating.side_by_side import both_languages
from pages.travelling.views import (
    CourseContentsView,
    PathContentsView,
    TakeCourseView,
    TakePathView,
)
from pages.travelling.words import words
from pages.views import CATALOGUE, ask_for_translation, catalogue, serve

urlpatterns = [
    path(CATALOGUE, catalogue, name="catalogue"),
    path("soeg/", FindView.as_view(), name="find"),
    path("regler/", RulesView.as_view(), name="rules"),
    path("ordliste/", GlossaryView.as_view(), name="glossary"),
    path("udskriv/lektion/<uuid:lesson>/", print_lesson, name="print_lesson"),
    path("udskriv/lektion/<uuid:lesson>/pdf/", print_lesson_file, name="print_lesson_file"),
    path("udskriv/modul/<uuid:module>/", print_module, name="print_module"),
    path("udskriv/modul/<uuid:module>/pdf/", print_module_file, name="print_module_file"),
    path(
        "enhed/kurser/",
        shell_page(
            "courses_here",
            "pages/travelling/list.html",
            label=_("Courses"),
            hint=_("Read and learn what you have taken along."),
            position=40,
            context=words,
        ),
        name="courses_here",
    ),
    path(
        "enhed/kurser/laes/",
        shell_page("courses_here_read", "pages/travelling/read.html", context=words),
        name="courses_here_read",
    ),
    path("tag-med/kursus/<uuid:course>/", TakeCourseView.as_view(), name="take_course"),
    path(
        "tag-med/kursus/<uuid:course>/indhold.json",
        CourseContentsView.as_view(),
        name="course_contents",
    ),
    path("tag-med/forloeb/<slug:path>/", TakePathView.as_view(), name="take_path"),
    path(
        "tag-med/forloeb/<slug:path>/indhold.json",
        PathContentsView.as_view(),
        name="path_contents",
    ),
    path("begge/<path:path>", both_languages, name="both_languages"),
    path("oversaettelse/<uuid:page_key>/", ask_for_translation, name="ask_for_translation"),
    path(
        "adgang/<int:page_view_restriction_id>/<int:page_id>/",
        authenticate_with_password,
        name="wagtailcore_authenticate_with_password",
    ),
    path(
        "adgang/",
        RedirectView.as_view(pattern_name="account_login", query_string=True),
        name="wagtailcore_login",
    ),
    re_path(serve_pattern, serve, name="wagtail_serve"),
]
