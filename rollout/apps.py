"""Django's entry for this package."""

from django.apps import AppConfig
from django.core.checks import Tags, register
from django.db.models.signals import post_migrate
from django.urls import register_converter

from rollout.converters import Code, RowId


class RolloutConfig(AppConfig):
    name = "rollout"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        # Not at the top: these look at the models, which are loaded by now and were not before.
        from rollout.checks import check_application_role, check_real_installation
        from rollout.grants import grant_application_role

        register(check_real_installation, Tags.security, deploy=True)
        register(check_application_role, Tags.database)
        register_converter(Code, "code")
        register_converter(RowId, "id")
        post_migrate.connect(grant_application_role, sender=self)
