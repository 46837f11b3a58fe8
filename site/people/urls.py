"""The addresses below ``/personer/``."""

from django.urls import path

from people.views import buttons, editing, organisations, own_data, people, profile, sign_in

app_name = "people"
urlpatterns = [
    path("", people.PeopleView.as_view(), name="people"),
    path("mig/", profile.ProfileView.as_view(), name="me"),
    path("mig/data/", own_data.OwnDataView.as_view(), name="own-data"),
    path("mig/data/kopi/", own_data.AskForExportView.as_view(), name="ask-for-export"),
    path("mig/data/kopi/<uuid:export>/", own_data.FetchExportView.as_view(), name="fetch-export"),
    path("mig/data/set/", own_data.SeenView.as_view(), name="seen"),
    path("mig/data/set/fil/", own_data.SeenFileView.as_view(), name="seen-file"),
    path("mig/data/slet/", own_data.WishView.as_view(), name="wish"),
    path("mig/data/slet/fortryd/", own_data.TakeBackView.as_view(), name="take-back"),
    path("sletning/", own_data.ErasuresView.as_view(), name="erasures"),
    path("totrin/", sign_in.SecondFactorView.as_view(), name="second_factor"),
    path("invitation/<str:token>/", sign_in.InvitationView.as_view(), name="invitation"),
    path("ny/", editing.NewPersonView.as_view(), name="new_person"),
    path("organisationer/", organisations.OrganisationsView.as_view(), name="organisations"),
    path(
        "organisationer/ny/", organisations.NewOrganisationView.as_view(), name="new_organisation"
    ),
    path(
        "organisationer/<uuid:pk>/",
        organisations.EditOrganisationView.as_view(),
        name="organisation",
    ),
    path(
        "organisationer/<uuid:pk>/aendring/",
        organisations.ChangeOrganisationView.as_view(),
        name="change_organisation",
    ),
    path("<uuid:pk>/", people.PersonView.as_view(), name="person"),
    path("<uuid:pk>/ret/", editing.EditPersonView.as_view(), name="edit_person"),
    path("<uuid:pk>/rolle/", editing.GiveRoleView.as_view(), name="give_role"),
    path("<uuid:pk>/rolle/<uuid:role_pk>/", editing.EndRoleView.as_view(), name="end_role"),
    path("<uuid:pk>/arbejde/", editing.AddAffiliationView.as_view(), name="add_affiliation"),
    path(
        "<uuid:pk>/arbejde/<int:affiliation_pk>/afslut/",
        buttons.EndAffiliationView.as_view(),
        name="end_affiliation",
    ),
    path("<uuid:pk>/sprog/", editing.LanguagesView.as_view(), name="languages"),
    path("<uuid:pk>/inviter/", buttons.InviteView.as_view(), name="invite"),
    path("<uuid:pk>/inviter/fortryd/", buttons.WithdrawView.as_view(), name="withdraw"),
    path("<uuid:pk>/luk/", buttons.CloseAccountView.as_view(), name="close_account"),
    path("<uuid:pk>/set/", own_data.OthersSeenView.as_view(), name="others-seen"),
    path("<uuid:pk>/set/fil/", own_data.OthersSeenFileView.as_view(), name="others-seen-file"),
    path("<uuid:pk>/slet/", own_data.EraseView.as_view(), name="erase"),
    path("<uuid:pk>/genaabn/", buttons.ReopenAccountView.as_view(), name="reopen_account"),
]
