"""Root of the addresses: our own pages, then those of the packages above us, named as strings."""

from django.contrib import admin
from django.urls import URLPattern, URLResolver, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("django-admin/", admin.site.urls),
]
