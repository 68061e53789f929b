"""Root of the addresses: our own pages, then those of the packages above us, named as strings."""

from django.urls import URLPattern, URLResolver, include, path

from rollout import admin
from rollout.views import account, audit, calendars, closing, first_password, password, people, phones, places, sign_in

pages: list[URLPattern | URLResolver] = [
    path("log-in/", sign_in.log_in, name="sign-in"),
    path("log-out/", sign_in.log_out, name="sign-out"),
    path("admin/audit/", audit.audit, name="audit"),
    path("admin/people/", people.person_list, name="person-list"),
    path("admin/people/new/", people.person_new, name="person-new"),
    path("admin/people/<id:user_id>/", people.person_detail, name="person-detail"),
    path("admin/people/<id:user_id>/edit/", people.person_edit, name="person-edit"),
    path("admin/people/<id:user_id>/roles/new/", people.role_new, name="role-new"),
    path("admin/organisations/", places.organisation_list, name="organisation-list"),
    path("admin/organisations/new/", places.organisation_new, name="organisation-new"),
    path("admin/organisations/<id:organisation>/", places.organisation_detail, name="organisation-detail"),
    path("admin/organisations/<id:organisation>/sites/new/", places.site_new, name="site-new"),
    path("admin/sites/<id:place>/", places.site_detail, name="site-detail"),
    path("admin/organisations/<id:organisation>/close/", closing.organisation_close, name="organisation-close"),
    path("admin/sites/<id:place>/close/", closing.site_close, name="site-close"),
    path("admin/wards/<id:ward>/close/", closing.ward_close, name="ward-close"),
    path("admin/sites/<id:place>/wards/new/", places.ward_new, name="ward-new"),
    path("admin/wards/<id:ward>/", places.ward_detail, name="ward-detail"),
    path("account/", account.account, name="account"),
    path("account/first-password/", first_password.first_password, name="first-password"),
    path("account/password/", password.password, name="account-password"),
    path("account/session/", account.session, name="session"),
    path("account/messages/", account.own_messages, name="account-messages"),
    path("account/calendar/new/", calendars.calendar_new, name="calendar-new"),
    path("account/calendar/stop/", calendars.calendar_stop, name="calendar-stop"),
    path("account/device/", account.own_device, name="account-device"),
    path("log/phones/", phones.phone_list, name="phone-list"),
    path("log/phones/<id:phone>/revoke/", phones.phone_revoke, name="phone-revoke"),
    path("account/log-out-elsewhere/", account.log_out_elsewhere, name="account-log-out-elsewhere"),
]

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include((pages, "rollout"))),
    path("", include("training.urls")),
    path("", include("readiness.urls")),
    path("django-admin/", admin.site.urls),
]

handler400 = "rollout.views.errors.bad_request"
handler403 = "rollout.views.errors.forbidden"
handler404 = "rollout.views.errors.not_found"
handler500 = "rollout.views.errors.server_error"
