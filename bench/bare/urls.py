"""The addresses of the bare views."""

from django.urls import path

from bench.bare import views

urlpatterns = [
    path("bare/", views.bare),
    path("bare/auth/", views.bare_auth),
    path("bare/insert/", views.bare_insert),
    path("healthz", views.healthz),
]
