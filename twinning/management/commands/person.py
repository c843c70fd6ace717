from __future__ import annotations

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.actions import rename
from accounts.models import User
from audit.events.acting import SYSTEM
from audit.rows.refused import Refused
from experts.people import privacy


class Command(BaseCommand):
    help = (
        "What is held about a person, erasing the person, or another name for somebody of the back "
        "office. The person is an expert (LV-E01), the holder of a function (project/A7) or "
        "somebody of the back office (U-0004)."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("what", choices=("export", "erase", "rename"))
        parser.add_argument("person")
        parser.add_argument("--csv", action="store_true", help="export as CSV instead of JSON")
        parser.add_argument("--username", default="", help="the user name that rename gives")
        parser.add_argument("--email", default="", help="the e-mail address that rename gives")

    def handle(
        self,
        *args: object,
        what: str,
        person: str,
        csv: bool,
        username: str,
        email: str,
        **options: object,
    ) -> None:
        whom = privacy.person_of(person)
        if whom is None:
            raise CommandError(
                f"Nobody is known as {person!r}. Write the code of an expert (LV-E01), "
                "a project and the code of a function (ks-14-jb-jh-04/A7), or a person of the "
                "back office (U-0004)."
            )
        if what == "export":
            export = privacy.as_csv(whom) if csv else privacy.as_json(whom)
            self.stdout.write(export, ending="")
            return
        if what == "rename":
            self._rename(whom, username, email)
            return
        try:
            code = privacy.erase(whom, by=SYSTEM)
        except Refused as refused:
            raise CommandError(f"Nobody was erased. {refused}") from None
        self.stdout.write(f"Erased; the person is {code} now. Erase backups by their own rule.")

    def _rename(self, person: privacy.Person, username: str, email: str) -> None:
        if not isinstance(person, User) or not (username or email):
            raise CommandError(
                "Nothing was changed. Write who of the back office gets which name, for instance: "
                "person rename U-0004 --username ana --email ana@example.org"
            )
        try:
            rename(person, by=SYSTEM, username=username, email=email)
        except ValidationError as error:
            raise CommandError(f"Nothing was changed. {' '.join(error.messages)}") from None
        self.stdout.write(f"{person.code} is changed.")
