"""Root of the addresses: our own pages, then those of the packages above us, named as strings."""

from django.urls import URLPattern, URLResolver, include, path

from rollout import admin
from rollout.views import account, audit, password, sign_in

pages: list[URLPattern | URLResolver] = [
    path("log-in/", sign_in.log_in, name="sign-in"),
    path("log-out/", sign_in.log_out, name="sign-out"),
    path("admin/audit/", audit.audit, name="audit"),
    path("account/", account.account, name="account"),
    path("account/password/", password.password, name="account-password"),
    path("account/session/", account.session, name="session"),
    path("account/device/", account.own_device, name="account-device"),
    path("account/log-out-elsewhere/", account.log_out_elsewhere, name="account-log-out-elsewhere"),
]

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include((pages, "rollout"))),
    path("", include("readiness.urls")),
    path("django-admin/", admin.site.urls),
]

handler400 = "rollout.views.errors.bad_request"
handler403 = "rollout.views.errors.forbidden"
handler404 = "rollout.views.errors.not_found"
handler500 = "rollout.views.errors.server_error"
