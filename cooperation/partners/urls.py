"""Addresses of partners, below ``/samarbejde/partnere/``."""

from django.urls import path

from cooperation.partners.views import PartnerFormView, PartnersView, RemovePartnerView

urlpatterns = [
    path("", PartnersView.as_view(), name="partners"),
    path("ny/", PartnerFormView.as_view(), name="create-partner"),
    path("<uuid:partner>/", PartnerFormView.as_view(), name="edit-partner"),
    path("<uuid:partner>/fjern/", RemovePartnerView.as_view(), name="remove-partner"),
]
