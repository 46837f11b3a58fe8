"""The product's addresses, and beside them the smallest views that could answer."""

from django.urls import path

from bench.bare import views
from config.urls import urlpatterns as product

urlpatterns = [
    path("bare/", views.bare),
    path("bare/auth/", views.bare_auth),
    path("bare/insert/", views.bare_insert),
    *product,
]
