"""`python -m tests.bench [--sizes 1000,10000]`: sets Django up, then measures."""

import os
from importlib import import_module

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
django.setup()
import_module("tests.bench.measure").main()
