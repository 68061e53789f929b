"""The project package and the base domain: where and when a digital system goes live."""

from .celery import app as celery_app

__all__ = ["celery_app"]
