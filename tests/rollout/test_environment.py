"""What the environment says, and what stops start-up."""

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings

from rollout import environment
from rollout.environment import SettingError

PRODUCTION = {
    "DATABASE_URL": "postgresql://site:secret@db.example/rollout?sslmode=require",
    "MIGRATE_DATABASE_URL": "postgresql://owner:secret@db.example/rollout",
    "REDIS_URL": "redis://broker.example/3",
    "SECRET_KEY": "k3y-" * 15 + "Zq81",
    "ALLOWED_HOSTS": "ready.example",
}
# Of ours and of the test run: the last is set beside a browser, and no deployment has it.
OURS = (*PRODUCTION, "ROLLOUT_LOCAL", "ROLLOUT_DATA", "DEBUG", "PORT", "DJANGO_ALLOW_ASYNC_UNSAFE")


def manage(*arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run manage.py with nothing of ours in the environment but these variables."""
    kept = {name: value for name, value in os.environ.items() if name not in OURS}
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=settings.BASE_DIR,
        env={**kept, "DJANGO_SETTINGS_MODULE": "rollout.settings", **variables},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize("missing", ["SECRET_KEY", "REDIS_URL", "ALLOWED_HOSTS"])
def test_production_without_a_secret_does_not_start(missing: str, tmp_path: Path) -> None:
    given = {name: value for name, value in PRODUCTION.items() if name != missing}

    done = manage("check", **given, ROLLOUT_DATA=str(tmp_path))

    assert done.returncode == 1
    assert f"{missing} is missing" in done.stderr
    assert not list(tmp_path.iterdir())  # no key was invented


def test_production_settings_pass_every_check() -> None:
    done = manage("check", "--deploy", "--fail-level", "WARNING", **PRODUCTION)

    assert (done.returncode, done.stdout) == (0, "System check identified no issues (0 silenced).\n"), done.stderr


@pytest.mark.parametrize(
    ("change", "warning"),
    [
        ({"SECRET_KEY": "short"}, "rollout.W004"),
        ({"ALLOWED_HOSTS": "*"}, "rollout.W003"),
        ({"ROLLOUT_LOCAL": "1"}, "rollout.W001"),
    ],
)
def test_weak_production_settings_are_named(change: dict[str, str], warning: str, tmp_path: Path) -> None:
    done = manage(
        "check", "--deploy", "--fail-level", "WARNING", **{**PRODUCTION, **change}, ROLLOUT_DATA=str(tmp_path)
    )

    assert done.returncode == 1
    assert warning in done.stderr


def test_debug_in_production_does_not_start() -> None:
    done = manage("check", **PRODUCTION, DEBUG="1")

    assert done.returncode == 1
    assert "DEBUG shows settings and data" in done.stderr


def test_check_starts_no_servers(tmp_path: Path) -> None:
    done = manage("check", ROLLOUT_DATA=str(tmp_path))

    assert done.returncode == 0, done.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["secret-key"]


def test_migrations_run_as_the_owner_and_pages_as_the_site() -> None:
    shown = "from django.conf import settings as s; d = s.DATABASES['default']; print(d['USER'], d['OPTIONS'])"

    as_site = manage("shell", "--no-imports", "-c", shown, **PRODUCTION)

    assert as_site.stdout.startswith("site {"), as_site.stderr
    assert "'sslmode': 'require'" in as_site.stdout
    assert "lock_timeout=3000" in as_site.stdout


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        (["/x/manage.py", "migrate"], "owner"),
        (["/x/manage.py", "import_pack", "p"], "command"),
        (["/x/manage.py", "runserver"], "web"),
        (["/x/bin/gunicorn", "rollout.wsgi"], "web"),
        (["/x/gunicorn/__main__.py", "rollout.wsgi"], "web"),
        (["/x/bin/celery", "-A", "rollout", "worker"], "worker"),
        (["/x/celery/__main__.py", "-A", "rollout", "beat"], "worker"),
        (["-c"], "command"),
        (["/x/pytest/__main__.py", "migrate"], "command"),
    ],
)
def test_process_kind_follows_the_command_line(words: list[str], kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "argv", words)

    assert environment.process_kind() == kind


@pytest.mark.parametrize("kind", ["web", "worker"])
def test_nobody_holds_a_page_or_a_lock_for_long(kind: str) -> None:
    limits = environment.TIMEOUTS[kind]

    assert (limits["lock"], limits["idle_in_transaction_session"]) == (3_000, 30_000)
    assert limits["statement"] == {"web": 15_000, "worker": 300_000}[kind]


def test_database_address_is_read_whole() -> None:
    read = environment.database("DATABASE_URL", "postgresql://me%40x:p%3Aw@db:6432/my%20db?sslmode=require")

    assert read == {
        "NAME": "my db",
        "USER": "me@x",
        "PASSWORD": "p:w",
        "HOST": "db",
        "PORT": "6432",
        "OPTIONS": {"sslmode": "require"},
    }


def test_database_address_may_name_a_socket_folder() -> None:
    read = environment.database("DATABASE_URL", "postgresql://me@/db?host=%2Frun%2Fpostgresql")

    assert (read["HOST"], read["PORT"], read["OPTIONS"]) == ("/run/postgresql", "", {})


@pytest.mark.parametrize(
    "address",
    ["mysql://a:pw@b/c", "postgresql://a:pw@b", "postgresql://a:pw@b:port/c", "a:pw@b", "postgresql://a:pw@b/"],
)
def test_bad_database_address_is_refused_without_its_password(address: str) -> None:
    with pytest.raises(SettingError, match="DATABASE_URL") as refused:
        environment.database("DATABASE_URL", address)

    assert "pw@" not in str(refused.value)


@pytest.mark.parametrize(("word", "meaning"), [("1", True), ("Yes", True), ("0", False), ("off", False), ("", False)])
def test_flag_reads_yes_and_no(word: str, meaning: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DEBUG", word)

    assert environment.flag("DEBUG", default=not meaning) is meaning


def test_flag_refuses_other_words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DEBUG", "maybe")

    with pytest.raises(SettingError, match="DEBUG is 'maybe'"):
        environment.flag("DEBUG", default=False)


def test_kept_secret_lasts_and_is_closed_to_others(tmp_path: Path) -> None:
    path = tmp_path / "data" / "secret-key"

    first, second = environment.kept_secret(path), environment.kept_secret(path)

    assert first == second
    assert len(first) >= 50
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_empty_kept_secret_is_refused(tmp_path: Path) -> None:
    (tmp_path / "secret-key").touch()

    with pytest.raises(SettingError, match="is empty"):
        environment.kept_secret(tmp_path / "secret-key")


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("", {}),
        (
            "smtp://mail.example.org",
            {"EMAIL_HOST": "mail.example.org", "EMAIL_PORT": 25, "EMAIL_HOST_USER": "", "EMAIL_HOST_PASSWORD": ""},
        ),
        (
            "smtp+tls://me%40x:p%3Aw@mail:2525",
            {
                "EMAIL_HOST": "mail",
                "EMAIL_PORT": 2525,
                "EMAIL_HOST_USER": "me@x",
                "EMAIL_HOST_PASSWORD": "p:w",
                "EMAIL_USE_TLS": True,
            },
        ),
        (
            "smtps://mail",
            {
                "EMAIL_HOST": "mail",
                "EMAIL_PORT": 465,
                "EMAIL_HOST_USER": "",
                "EMAIL_HOST_PASSWORD": "",
                "EMAIL_USE_SSL": True,
            },
        ),
    ],
)
def test_mail_server_is_read_from_an_address(url: str, expected: dict[str, object]):
    assert environment.mail("EMAIL_URL", url) == expected


@pytest.mark.parametrize("url", ["mail.example.org", "https://mail", "smtp://", "smtp://me:secret@mail:port"])
def test_mail_server_that_cannot_be_read_is_refused_without_its_password(url: str):
    with pytest.raises(SettingError, match="EMAIL_URL") as refused:
        environment.mail("EMAIL_URL", url)

    assert "secret" not in str(refused.value)
