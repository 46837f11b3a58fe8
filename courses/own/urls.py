"""The addresses of what one keeps for oneself, below those of learning."""

from django.urls import URLPattern, path

from courses.own import views

urlpatterns: list[URLPattern] = [
    path("gemt/", views.BookmarksView.as_view(), name="bookmarks"),
    path("gemt/<slug:kind>/<uuid:key>/gem/", views.SaveView.as_view(), name="save"),
    path("gemt/<slug:kind>/<uuid:key>/fjern/", views.UnsaveView.as_view(), name="unsave"),
    path("noter/", views.NotesView.as_view(), name="notes"),
    path("noter/hent/", views.NotesFileView.as_view(), name="notes-file"),
    path("noter/<slug:kind>/<uuid:key>/", views.NoteView.as_view(), name="note"),
    path("noter/<uuid:note>/slet/", views.DeleteNoteView.as_view(), name="delete-note"),
    path("noter/<uuid:note>/hent-tilbage/", views.RestoreNoteView.as_view(), name="restore-note"),
]
