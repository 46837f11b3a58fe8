"""The addresses of a reader's messages to the editors, below those of learning."""

from django.urls import URLPattern, path

from courses.remarks import views

urlpatterns: list[URLPattern] = [
    path("beskeder/", views.RemarksView.as_view(), name="remarks"),
    path("beskeder/<uuid:remark>/", views.RemarkView.as_view(), name="remark"),
    path("beskeder/<uuid:remark>/set/", views.SeenAnswerView.as_view(), name="see-answer"),
    path("sig-det/<slug:kind>/<uuid:key>/", views.SayView.as_view(), name="say"),
]
