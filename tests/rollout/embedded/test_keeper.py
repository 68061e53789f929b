"""The keeper of the embedded servers, with real processes that come, go and are killed."""

import os
import signal
import socket
import subprocess
import sys

import pytest
from django.conf import settings

from rollout.embedded.layout import APPLICATION_ROLE, Layout
from rollout.embedded.processes import is_alive
from rollout.embedded.valkey import answers
from tests.rollout.embedded.conftest import Joiners, query, wait_until

pytestmark = pytest.mark.faults


def test_several_at_once_share_one_keeper(layout: Layout, joiners: Joiners) -> None:
    processes = [joiners.launch() for _ in range(4)]

    assert all(joiners.is_ready(process) for process in processes)
    assert query(layout, "SELECT 1") == [(1,)]
    assert answers(layout.valkey_socket)
    log = layout.log("postgres").read_text()
    assert log.count("starting PostgreSQL") == 1


def test_servers_stay_until_the_last_has_gone(layout: Layout, joiners: Joiners) -> None:
    first, second = joiners.join(), joiners.join()
    keeper, postgres = joiners.keeper(), joiners.postgres()

    first.kill()
    first.wait()
    assert query(layout, "SELECT 1") == [(1,)]
    second.terminate()
    second.wait()

    wait_until(lambda: not is_alive(keeper), "the keeper ends")
    assert not is_alive(postgres)
    assert not answers(layout.valkey_socket)
    assert not (layout.cluster / "postmaster.pid").exists()
    assert "database system is shut down" in layout.log("postgres").read_text()


def test_killed_keeper_takes_its_servers_with_it_and_the_next_start_recovers(layout: Layout, joiners: Joiners) -> None:
    joiners.join()
    query(layout, "CREATE TABLE kept AS SELECT 42 AS answer")
    keeper, postgres = joiners.keeper(), joiners.postgres()

    os.kill(keeper, signal.SIGKILL)
    joiners.join()

    assert not is_alive(postgres)
    assert joiners.keeper() not in (0, keeper)
    assert query(layout, "SELECT answer FROM kept") == [(42,)]
    assert answers(layout.valkey_socket)


def test_everything_killed_at_once_recovers(layout: Layout, joiners: Joiners) -> None:
    client = joiners.join()
    query(layout, "CREATE TABLE kept AS SELECT 42 AS answer")
    keeper, postgres = joiners.keeper(), joiners.postgres()

    for process in (keeper, postgres, client.pid):
        os.kill(process, signal.SIGKILL)
    joiners.join()

    assert query(layout, "SELECT answer FROM kept") == [(42,)]


@pytest.mark.parametrize("order", [signal.SIGKILL, signal.SIGINT])
def test_server_that_stops_by_itself_is_started_again(layout: Layout, joiners: Joiners, order: signal.Signals) -> None:
    joiners.join()
    query(layout, "CREATE TABLE kept AS SELECT 42 AS answer")
    postgres = joiners.postgres()

    os.kill(postgres, order)

    wait_until(lambda: not is_alive(postgres), "PostgreSQL ends")
    joiners.join()

    assert joiners.postgres() != postgres
    assert query(layout, "SELECT answer FROM kept") == [(42,)]


def test_lock_file_of_a_number_that_went_to_another_program_is_no_obstacle(layout: Layout, joiners: Joiners) -> None:
    client = joiners.join()
    keeper = joiners.keeper()
    client.kill()
    client.wait()
    wait_until(lambda: not is_alive(keeper), "the keeper ends")
    (layout.cluster / "postmaster.pid").write_text(f"{os.getpid()}\n{layout.cluster}\n0\n5432\n\n\n\n\n")

    joiners.join()

    assert query(layout, "SELECT 1") == [(1,)]


def test_stale_sockets_are_no_obstacle(layout: Layout, joiners: Joiners) -> None:
    layout.sockets.mkdir(parents=True, mode=0o700)
    for path in (layout.keeper_socket, layout.valkey_socket):
        with socket.socket(socket.AF_UNIX) as line:
            line.bind(str(path))

    joiners.join()

    assert query(layout, "SELECT 1") == [(1,)]
    assert answers(layout.valkey_socket)


def test_half_made_cluster_is_made_again(layout: Layout, joiners: Joiners) -> None:
    (layout.data / "postgres-18.new" / "base").mkdir(parents=True)

    joiners.join()

    assert query(layout, "SELECT 1") == [(1,)]


def test_path_too_long_for_sockets_gets_a_short_folder(joiners: Joiners, layout: Layout) -> None:
    deep = Joiners(Layout(layout.data / ("deep-" * 30), fsync=False))

    deep.join()

    assert deep.layout.sockets.parent != deep.layout.data
    assert query(deep.layout, "SELECT 1") == [(1,)]
    deep.end()
    assert not deep.layout.sockets.exists()


def test_site_role_is_no_superuser_and_makes_no_tables(layout: Layout, joiners: Joiners) -> None:
    joiners.join()

    rows = query(
        layout,
        "SELECT rolname, rolsuper, rolcreatedb, has_schema_privilege(oid, 'public', 'CREATE') FROM pg_roles"
        " WHERE rolname LIKE 'rollout%' ORDER BY 1",
    )

    assert rows == [("rollout_app", False, False, False), ("rollout_owner", False, True, True)]
    assert query(layout, f"SELECT pg_has_role('{APPLICATION_ROLE}', 'USAGE')") == [(True,)]


def test_failed_start_says_why(layout: Layout) -> None:
    layout.data.mkdir(parents=True)
    layout.cluster.mkdir()
    (layout.cluster / "PG_VERSION").write_text("9\n")

    done = subprocess.run(
        [sys.executable, "manage.py", "showmigrations"],
        cwd=settings.BASE_DIR,
        env={**os.environ, "ROLLOUT_DATA": str(layout.data), "DJANGO_SETTINGS_MODULE": "rollout.settings"},
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 1
    assert f"PostgreSQL did not start: see {layout.log('postgres')}" in done.stderr
