"""Guessing is slow, an honest person still gets in, every session can be ended."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.db import IntegrityError, connection
from django.db.models import F

from rollout.clients import Client
from rollout.models import LoginAttempt, SignIn, User
from rollout.services.sign_in import (
    TRIES_PER_ACCOUNT,
    TRIES_PER_ADDRESS,
    WINDOW,
    TooManyAttempts,
    WrongCredentials,
    check_credentials,
    end_all_sessions,
    end_session,
    forget_old_sign_ins,
    record_sign_in,
)
from rollout.tasks import tidy
from tests.rollout.conftest import PASSWORD

HOME = Client("203.0.113.5", "")
OTHER = Client("198.51.100.7", "")
PHONE = Client("192.0.2.9", "phone")


def guess(email: str, client: Client, times: int) -> None:
    for _ in range(times):
        with pytest.raises(WrongCredentials):
            check_credentials(email=email, password="wrong", client=client)


def log_in(email: str, client: Client) -> User:
    return check_credentials(email=email, password=PASSWORD, client=client)


def let_time_pass(**span: float) -> None:
    LoginAttempt.objects.update(at=F("at") - timedelta(**span))


def test_check_credentials_gives_the_user_however_the_address_is_written(ana: User):
    assert log_in(" ANA@Example.org ".strip(), HOME) == ana


def test_check_credentials_refuses_wrong_unknown_and_inactive_alike(ana: User):
    User.objects.create_user("gone@example.org", PASSWORD, is_active=False)

    for email, password in [
        ("ana@example.org", "wrong"),
        ("nobody@example.org", PASSWORD),
        ("gone@example.org", PASSWORD),
    ]:
        with pytest.raises(WrongCredentials):
            check_credentials(email=email, password=password, client=HOME)


def test_eleventh_try_of_an_account_is_refused_from_every_new_address(ana: User):
    for number in range(TRIES_PER_ACCOUNT):
        guess("ana@example.org", Client(f"203.0.113.{number}", ""), 1)

    for client in (HOME, OTHER, PHONE):
        with pytest.raises(TooManyAttempts) as refused:
            log_in("ana@example.org", client)
        assert 0 < refused.value.retry_after <= WINDOW.total_seconds()


def test_unknown_account_is_refused_just_like_a_known_one(db: None):
    guess("nobody@example.org", HOME, TRIES_PER_ACCOUNT)

    with pytest.raises(TooManyAttempts):
        log_in("nobody@example.org", HOME)


def test_limit_counts_one_account_under_all_its_spellings(ana: User):
    for email in ("ana@example.org", "ANA@example.org", "Ana@Example.Org", "\uff41na@example.org", " ana@example.org"):
        guess(email, HOME, 2)

    with pytest.raises(TooManyAttempts):
        log_in("ana@example.org", HOME)


def test_refused_tries_leave_no_row_and_do_not_prolong_the_wait(ana: User):
    guess("ana@example.org", HOME, TRIES_PER_ACCOUNT)
    for _ in range(5):
        with pytest.raises(TooManyAttempts):
            log_in("ana@example.org", HOME)

    assert LoginAttempt.objects.count() == TRIES_PER_ACCOUNT
    let_time_pass(minutes=5, seconds=1)
    assert log_in("ana@example.org", HOME) == ana


def test_known_address_gets_in_while_others_guess(ana: User):
    log_in("ana@example.org", HOME)
    let_time_pass(days=30)
    guess("ana@example.org", OTHER, TRIES_PER_ACCOUNT)

    assert log_in("ana@example.org", HOME) == ana


def test_known_device_gets_in_from_a_new_address_while_others_guess(ana: User):
    log_in("ana@example.org", PHONE)
    guess("ana@example.org", OTHER, TRIES_PER_ACCOUNT)

    assert log_in("ana@example.org", Client("198.51.100.99", "phone")) == ana


def test_known_device_gets_in_while_its_own_address_guesses(ana: User):
    log_in("ana@example.org", PHONE)
    guess("ana@example.org", Client(PHONE.address, ""), TRIES_PER_ACCOUNT)

    assert log_in("ana@example.org", PHONE) == ana


def test_known_address_has_a_limit_too(ana: User):
    log_in("ana@example.org", HOME)
    guess("ana@example.org", HOME, TRIES_PER_ACCOUNT)

    with pytest.raises(TooManyAttempts):
        log_in("ana@example.org", HOME)


def test_device_of_somebody_else_is_not_trusted(ana: User):
    User.objects.create_user("ben@example.org", PASSWORD)
    check_credentials(email="ben@example.org", password=PASSWORD, client=PHONE)

    guess("ana@example.org", OTHER, TRIES_PER_ACCOUNT)

    with pytest.raises(TooManyAttempts):
        log_in("ana@example.org", PHONE)


def test_trust_ends_after_ninety_days(ana: User):
    log_in("ana@example.org", HOME)
    let_time_pass(days=91)
    guess("ana@example.org", OTHER, TRIES_PER_ACCOUNT)

    with pytest.raises(TooManyAttempts):
        log_in("ana@example.org", HOME)


def test_one_address_cannot_try_many_accounts_without_end(ana: User):
    for number in range(TRIES_PER_ADDRESS // TRIES_PER_ACCOUNT):
        guess(f"nobody{number}@example.org", OTHER, TRIES_PER_ACCOUNT)

    with pytest.raises(TooManyAttempts):
        log_in("ana@example.org", OTHER)
    assert log_in("ana@example.org", HOME) == ana


def test_successes_use_up_nothing(ana: User):
    for _ in range(TRIES_PER_ACCOUNT + 2):
        log_in("ana@example.org", HOME)

    assert LoginAttempt.objects.filter(succeeded=False).count() == 0


def test_attempts_hold_only_keyed_hashes(ana: User, settings):
    log_in("ana@example.org", PHONE)
    first = LoginAttempt.objects.values("account", "address", "device").get()
    settings.SECRET_KEY = "another key, as long as it takes to be one, really"
    log_in("ana@example.org", PHONE)
    second = LoginAttempt.objects.values("account", "address", "device").first()

    assert not any(plain in " ".join(first.values()) for plain in ("ana", "192.0.2.9", "phone"))
    assert not set(first.values()) & set(second.values())


@pytest.mark.parametrize("wrong", [{"account": "ana@example.org"}, {"address": "203.0.113.5"}, {"device": "phone"}])
def test_database_refuses_what_is_not_a_hash(db: None, wrong: dict[str, str]):
    good = {"account": "a" * 64, "address": "b" * 64, "device": ""}

    with pytest.raises(IntegrityError):
        LoginAttempt.objects.create(**good | wrong)


@pytest.mark.django_db(transaction=True)
def test_tries_sent_at_once_do_not_slip_through():
    def one_try(_number: int) -> str:
        try:
            check_credentials(email="ana@example.org", password="wrong", client=HOME)
        except (WrongCredentials, TooManyAttempts) as refused:
            return type(refused).__name__
        finally:
            connection.close()
        return "let in"

    with ThreadPoolExecutor(8) as pool:
        outcomes = sorted(pool.map(one_try, range(24)))

    assert outcomes == ["TooManyAttempts"] * (24 - TRIES_PER_ACCOUNT) + ["WrongCredentials"] * TRIES_PER_ACCOUNT


def test_attempt_costs_the_same_queries_whatever_was_tried_before(ana: User, django_assert_num_queries):
    guess("ana@example.org", HOME, 1)
    with django_assert_num_queries(8):
        guess("ana@example.org", HOME, 1)

    guess("ana@example.org", HOME, 5)
    with django_assert_num_queries(8):
        guess("ana@example.org", HOME, 1)


def open_session(user: User, *, shared: bool = False) -> str:
    store = SessionStore()
    store["who"] = user.pk
    store.create()
    record_sign_in(user=user, session_key=store.session_key, shared_device=shared)
    return store.session_key


def test_end_all_sessions_ends_every_other_of_this_person_only(ana: User):
    ben = User.objects.create_user("ben@example.org", PASSWORD)
    here, there, elsewhere = open_session(ana), open_session(ana, shared=True), open_session(ben)

    assert end_all_sessions(user=ana, but=here) == 1
    assert end_all_sessions(user=ana, but=here) == 0

    assert set(Session.objects.values_list("session_key", flat=True)) == {here, elsewhere}
    assert set(SignIn.objects.live().values_list("session_key", flat=True)) == {here, elsewhere}
    assert SignIn.objects.get(session_key=there).ended_at is not None


def test_end_session_twice_keeps_the_first_moment(ana: User):
    key = open_session(ana)
    end_session(session_key=key)
    first = SignIn.objects.get(session_key=key).ended_at
    end_session(session_key=key)

    assert SignIn.objects.get(session_key=key).ended_at == first


def test_sign_in_older_than_any_session_is_not_live(ana: User):
    key = open_session(ana)
    SignIn.objects.update(started_at=F("started_at") - timedelta(hours=12, minutes=1))

    assert not SignIn.objects.live().filter(session_key=key).exists()


def test_forget_old_sign_ins_keeps_what_rules_still_read(ana: User):
    log_in("ana@example.org", HOME)
    guess("ana@example.org", HOME, 2)
    let_time_pass(days=2)
    guess("ana@example.org", HOME, 1)

    assert forget_old_sign_ins() == 2
    assert sorted(LoginAttempt.objects.values_list("succeeded", flat=True)) == [False, True]
    let_time_pass(days=90)
    assert forget_old_sign_ins() == 2
    assert forget_old_sign_ins() == 0


def test_forget_old_sign_ins_takes_sessions_that_are_over(ana: User):
    over, open_one = open_session(ana), open_session(ana)
    Session.objects.filter(session_key=over).update(expire_date=F("expire_date") - timedelta(days=30))
    SignIn.objects.filter(session_key=over).update(
        started_at=F("started_at") - timedelta(days=91), ended_at=F("started_at")
    )

    tidy()

    assert set(Session.objects.values_list("session_key", flat=True)) == {open_one}
    assert set(SignIn.objects.values_list("session_key", flat=True)) == {open_one}


@pytest.mark.night
@pytest.mark.parametrize("addresses", [1, 500])
def test_ten_thousand_tries_come_to_ten(ana: User, addresses: int):
    log_in("ana@example.org", PHONE)
    for number in range(10_000):
        place = number % addresses
        with pytest.raises((WrongCredentials, TooManyAttempts)):
            check_credentials(
                email="ana@example.org", password=str(number), client=Client(f"203.0.{place // 250}.{place % 250}", "")
            )
    judged = list(LoginAttempt.objects.filter(succeeded=False).order_by("at").values_list("at", flat=True))

    assert len(judged) >= TRIES_PER_ACCOUNT
    too_close = [
        late - early for early, late in zip(judged, judged[TRIES_PER_ACCOUNT:], strict=False) if late - early < WINDOW
    ]
    assert too_close == []
    assert log_in("ana@example.org", PHONE) == ana
