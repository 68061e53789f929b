"""`manage.py create_administrator EMAIL`: the first user of an installation, who may do everything."""

import getpass
import os
import sys
from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.core.validators import validate_email
from django.db import transaction

from rollout.models import User
from rollout.services.people import AddressTaken, create_user, make_administrator


class Command(BaseCommand):
    help = (
        "Make an administrator. The password is asked for at a terminal; elsewhere ADMINISTRATOR_PASSWORD gives it. "
        "Somebody who already logs in with the address becomes an administrator and keeps the password."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email", help="the address to log in with")
        parser.add_argument("--name", default="", help="the name shown")

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        email, name = options["email"], options["name"]
        try:
            validate_email(email)
        except ValidationError:
            raise CommandError(f"{email} is not an email address.") from None
        user = User.objects.filter(email__iexact=email).first()
        if user is None:
            password = self._password(User(email=email, name=name))
            try:
                user = create_user(email=email, name=name, password=password)
            except AddressTaken:
                raise CommandError("Somebody made this user just now. Run the command again.") from None
        make_administrator(user=user)
        self.stdout.write(f"{user.email} is an administrator.")

    def _password(self, user: User) -> str:
        if sys.stdin.isatty():
            password = getpass.getpass("Password: ")
            if password != getpass.getpass("The same again: "):
                raise CommandError("The two passwords differ.")
        else:
            password = os.environ.get("ADMINISTRATOR_PASSWORD", "")
        try:
            validate_password(password, user)
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from None
        return password
