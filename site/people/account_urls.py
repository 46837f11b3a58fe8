"""Allauth's pages, those that we use and no others, under Danish addresses."""

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as recovery_codes
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as webauthn
from allauth.socialaccount import views as socialaccount
from allauth.socialaccount.providers.openid_connect import views as openid_connect
from allauth.usersessions import views as usersessions
from django.conf import settings
from django.urls import URLPattern, URLResolver, path, re_path

from people.views import sign_in

urlpatterns: list[URLPattern | URLResolver] = [
    path("log-ind/", sign_in.login, name="account_login"),
    path("log-ind/totrin/", mfa.authenticate, name="mfa_authenticate"),
    path("log-ud/", sign_in.logout, name="account_logout"),
    path("lukket/", account.account_inactive, name="account_inactive"),
    path("opret/", account.signup, name="account_signup"),
    path("bekraeft/", account.reauthenticate, name="account_reauthenticate"),
    path("bekraeft/kode/", mfa.reauthenticate, name="mfa_reauthenticate"),
    path("bekraeft/noegle/", webauthn.reauthenticate_webauthn, name="mfa_reauthenticate_webauthn"),
    # The address
    path("e-mail/", account.email, name="account_email"),
    path("e-mail/sendt/", account.email_verification_sent, name="account_email_verification_sent"),
    path("e-mail/bekraeft/<str:key>/", sign_in.confirm_email, name="account_confirm_email"),
    # The password
    path("adgangskode/", account.password_change, name="account_change_password"),
    path("adgangskode/vaelg/", account.password_set, name="account_set_password"),
    path("adgangskode/glemt/", account.password_reset, name="account_reset_password"),
    path(
        "adgangskode/glemt/sendt/", account.password_reset_done, name="account_reset_password_done"
    ),
    re_path(
        r"^adgangskode/ny/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        account.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    path(
        "adgangskode/ny/",
        account.password_reset_from_key_done,
        name="account_reset_password_from_key_done",
    ),
    # The second step
    path("totrin/", mfa.index, name="mfa_index"),
    path("totrin/app/", totp.activate_totp, name="mfa_activate_totp"),
    path("totrin/app/fjern/", totp.deactivate_totp, name="mfa_deactivate_totp"),
    path("totrin/noegler/", webauthn.list_webauthn, name="mfa_list_webauthn"),
    path("totrin/noegler/ny/", webauthn.add_webauthn, name="mfa_add_webauthn"),
    path("totrin/noegler/<int:pk>/", webauthn.edit_webauthn, name="mfa_edit_webauthn"),
    path("totrin/noegler/<int:pk>/fjern/", webauthn.remove_webauthn, name="mfa_remove_webauthn"),
    path("totrin/koder/", recovery_codes.view_recovery_codes, name="mfa_view_recovery_codes"),
    path(
        "totrin/koder/nye/",
        recovery_codes.generate_recovery_codes,
        name="mfa_generate_recovery_codes",
    ),
    path(
        "totrin/koder/hent/",
        recovery_codes.download_recovery_codes,
        name="mfa_download_recovery_codes",
    ),
    # Where one is signed in
    path("enheder/", usersessions.list_usersessions, name="usersessions_list"),
]

if settings.SIDEMAND_OIDC_SERVER:
    urlpatterns += [
        path("oidc/<str:provider_id>/", sign_in.openid_connect, name="openid_connect_login"),
        path(
            "oidc/<str:provider_id>/svar/",
            openid_connect.callback,
            name="openid_connect_callback",
        ),
        path("oidc-fejl/", socialaccount.login_error, name="socialaccount_login_error"),
        path("oidc-fortrudt/", socialaccount.login_cancelled, name="socialaccount_login_cancelled"),
        path("oidc-konti/", socialaccount.connections, name="socialaccount_connections"),
    ]
