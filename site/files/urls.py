"""Where stored files are read. The names of the last two are Wagtail's own."""

from django.urls import path
from wagtail.documents.views.serve import authenticate_with_password

from files import views

urlpatterns = [
    path("media/images/<str:name>", views.image, name="files_image"),
    path("media/renditions/<str:name>", views.rendition, name="files_rendition"),
    path("media/media/<str:name>", views.media, name="files_media"),
    path("media/posters/<str:name>", views.poster, name="files_poster"),
    path("documents/<int:pk>/<str:name>", views.document, name="wagtaildocs_serve"),
    path(
        "documents/adgang/<int:restriction_id>/",
        authenticate_with_password,
        name="wagtaildocs_authenticate_with_password",
    ),
]
