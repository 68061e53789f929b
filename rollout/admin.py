"""Django's own admin, for administrators to look at any record. Nothing is written here: writes go through services."""

from typing import Any

from django.apps import apps
from django.contrib import admin
from django.db import models
from django.http import HttpRequest
from django.urls import URLPattern, URLResolver, path
from django.views.decorators.http import require_safe

from rollout.permissions import read_technical_admin
from rollout.views.access import permitted

# Columns that nobody needs to read: what they hold opens a door.
SECRET = frozenset({"password", "token_hash", "session_key"})
# Kinds of columns short enough for a row of a list.
SHORT = (models.CharField, models.DateField, models.IntegerField, models.BooleanField, models.DecimalField)
COLUMNS = 8


class ReadOnlySite(admin.AdminSite):
    """The technical admin. Who may not enter is refused like on any other page; the log-in page is the frame's."""

    final_catch_all_view = False
    enable_nav_sidebar = False

    def has_permission(self, request: HttpRequest) -> bool:
        """Administrators."""
        return read_technical_admin(request.user)

    def admin_view(self, view: Any, cacheable: bool = False) -> Any:
        """Put the permission before a page, which may only be read."""
        return require_safe(permitted(read_technical_admin)(view))

    def get_urls(self) -> list[URLPattern | URLResolver]:
        """Return the pages that show something: no log-in, log-out or change of password, which the frame has."""
        unwanted = {"login", "logout", "password_change", "password_change_done", "autocomplete", "view_on_site"}
        return [each for each in super().get_urls() if getattr(each, "name", None) not in unwanted]


class ReadOnlyAdmin(admin.ModelAdmin):
    """A model as a list and a page a row; nothing can be added, changed or deleted."""

    actions = None
    list_per_page = 50
    ordering = ("-pk",)  # the newest first, and by an index however long the table is
    show_full_result_count = False
    view_on_site = False
    change_form_template = "admin/record.html"

    list_display_links = ("__str__",)

    def get_list_display(self, request: HttpRequest) -> list[Any]:
        """The row's name and its first short columns."""
        return ["__str__", *[field.name for field in self.columns if self.is_short(field)][:COLUMNS]]

    def get_list_select_related(self, request: HttpRequest) -> list[str]:
        """Everything a row names: its own name may stand there."""
        return [field.name for field in self.columns if field.is_relation]

    def get_queryset(self, request: HttpRequest) -> Any:
        """The rows without the bytes of files, which no page shows."""
        heavy = [field.name for field in self.columns if isinstance(field, models.BinaryField)]
        return super().get_queryset(request).defer(*heavy)

    def get_exclude(self, request: HttpRequest, obj: models.Model | None = None) -> list[str]:
        """What nobody needs to read."""
        return [field.name for field in self.columns if field.name in SECRET]

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest) -> bool:
        """What nobody needs to read is no filter either: letter by letter, a list would give it away."""
        return SECRET.isdisjoint(lookup.split("__")) and super().lookup_allowed(lookup, value, request)

    @property
    def columns(self) -> list[models.Field]:
        """The model's own columns."""
        return list(self.opts.concrete_fields)

    @staticmethod
    def is_short(field: models.Field) -> bool:
        """Whether a column fits into a list: short, and no relation, so that a list needs no other table."""
        return isinstance(field, SHORT) and not field.primary_key and field.name not in SECRET

    def get_urls(self) -> list[URLPattern]:
        """Return the list and the row."""
        info = self.opts.app_label, self.opts.model_name
        wrap = self.admin_site.admin_view
        return [
            path("", wrap(self.changelist_view), name="{}_{}_changelist".format(*info)),
            path("<path:object_id>/change/", wrap(self.change_view), name="{}_{}_change".format(*info)),
        ]

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Nobody."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        """Nobody."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        """Nobody."""
        return False

    def has_view_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        """Administrators."""
        return read_technical_admin(request.user)

    def has_module_permission(self, request: HttpRequest) -> bool:
        """Administrators."""
        return read_technical_admin(request.user)


site = ReadOnlySite(name="admin")


def register_models(app_label: str) -> None:
    """Show every model of a package."""
    site.register(list(apps.get_app_config(app_label).get_models()), ReadOnlyAdmin)


register_models("rollout")
