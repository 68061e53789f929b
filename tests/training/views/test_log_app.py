"""The log as an app: what a phone keeps says nothing of anybody, and a new version of anything is a new worker."""

import json
from datetime import time

import pytest
from django.contrib.staticfiles import finders
from django.test import Client

from rollout.choices import Role
from rollout.models import Programme, User, Ward
from rollout.services.phones import enrol_phone, revoke_phone
from tests import factories as make
from training.models import Champion, ShiftPattern
from training.views import log_app

pytestmark = pytest.mark.django_db


@pytest.fixture
def ward() -> Ward:
    ward = make.make_ward(name="Ward 7")
    programme = make.make_programme(code="EPR")
    make.make_deployment(programme=programme, site=ward.site)
    ShiftPattern.objects.create(programme=programme, name="Early", starts=time(7), ends=time(15))
    return ward


@pytest.fixture
def manager(ward: Ward) -> User:
    return make.make_member(Role.WARD_MANAGER, ward=ward, user=make.make_user(name="Ana Whitlock"))


def test_shell_is_the_same_for_everybody_and_holds_no_token(manager: User):
    client = Client()
    signed_out = client.get("/log/shell/")
    client.force_login(manager)
    signed_in = client.get("/log/shell/")

    assert signed_in.content == signed_out.content == client.get("/log/outbox/").content
    assert not any(word in signed_in.text for word in ("Ana", "csrf", "nonce", "Printed on"))
    assert "nonce" not in signed_in.headers["Content-Security-Policy"]
    assert signed_in.headers["X-Log-Version"] == signed_out.headers["X-Log-Version"]


def test_worker_names_what_it_keeps_and_all_of_it_is_served():
    client = Client()
    worker = client.get("/log/sw.js")
    known = json.loads(worker.text.split("\n")[0].removeprefix("self.LOG = ").removesuffix(";"))
    shell = client.get(known["shell"])

    assert worker.headers["Content-Type"] == "text/javascript; charset=utf-8"
    assert known["version"] == shell.headers["X-Log-Version"]
    assert {address for address in known["assets"] if address not in shell.text} == set()
    assert [name for name in log_app.ASSETS if not finders.find(name)] == []
    assert known["outbox"] in known["assets"]


def test_version_changes_with_shell_worker_and_assets(monkeypatch: pytest.MonkeyPatch):
    versions = [log_app.version_of("a", "b"), log_app.version_of("A", "b"), log_app.version_of("a", "B")]
    monkeypatch.setattr(log_app, "ASSETS", ("js/log/outbox.js",))
    versions.append(log_app.version_of("a", "b"))

    assert len(set(versions)) == 4


def test_manifest_leads_to_the_log_and_its_icons_are_served():
    answer = Client().get("/log/app.webmanifest")
    known = json.loads(answer.content)

    assert answer.headers["Content-Type"] == "application/manifest+json"
    assert (known["start_url"], known["scope"], known["display"]) == ("/log/", "/", "standalone")
    assert [icon["sizes"] for icon in known["icons"]] == ["192x192", "512x512"]
    assert [name for name, _sizes, _purpose in log_app.ICONS if not finders.find(name)] == []


def test_phone_of_a_ward_knows_its_ward_and_no_name(manager: User, ward: Ward):
    person = make.make_staff(ward, name="Ben Ash")
    Champion.objects.create(programme=Programme.objects.get(), staff=person, from_on=make.DAY)
    phone = enrol_phone(ward=ward, name="Ward 7 phone", secret="s", by=manager)
    client = Client()
    before = client.get("/log/phone/").json()
    client.cookies["ward-phone"] = "s"
    answer = client.get("/log/phone/")
    known = answer.json()["phone"]
    client.force_login(manager)
    state = client.get("/log/state/").json()
    revoke_phone(phone=phone, by=manager)
    after = client.get("/log/phone/").json()

    assert before == after == {"phone": None}
    assert (known["name"], [each["name"] for each in known["wards"]]) == ("Ward 7 phone", ["Ward 7"])
    assert [(each["name"], each["starts"], each["ends"]) for each in known["patterns"]] == [("Early", "07:00", "15:00")]
    assert "Ben" not in answer.text
    assert (state["phone"], state["person"]) == (known, "Ana Whitlock")
