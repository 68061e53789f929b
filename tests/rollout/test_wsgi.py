"""The web server's process, as it stands before the first request."""

import gc
import runpy
import sys

import pytest


def test_what_the_server_loads_is_left_alone_by_the_collector(monkeypatch: pytest.MonkeyPatch):
    frozen: list[bool] = []
    monkeypatch.setattr(gc, "freeze", lambda: frozen.append("readiness.views.sites" in sys.modules))

    module = runpy.run_module("rollout.wsgi")

    assert callable(module["application"])
    assert frozen == [True]
