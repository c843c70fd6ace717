"""Faults of issue 14: people get in, mail arrives, nothing that was typed is lost."""

from __future__ import annotations

from tests.faults import Fault

ACCOUNTS = "tests/accounts/test_"
LETTERS, LIMITS = f"{ACCOUNTS}letters.py::test_", f"{ACCOUNTS}limits.py::test_"
ONE_PERSON, FACTOR = f"{ACCOUNTS}one_person.py::test_", f"{ACCOUNTS}second_factor.py::test_"
STRANGERS, KEPT = f"{ACCOUNTS}strangers.py::test_", f"{ACCOUNTS}keeping.py::test_"
CHECKS, TYPED = "tests/twinning/test_checks.py::test_", "tests/twinning/test_typed.py::test_"
LINKS = "tests/twinning/test_links.py::test_every_link_of_a_mail_a_feed_and_a_pack_carries_the_port"

IN = (
    Fault(
        "an address that the library counts as unverified keeps a second factor from being set up",
        "twinning/settings.py",
        "MFA_ALLOW_UNVERIFIED_EMAIL = True",
        "MFA_ALLOW_UNVERIFIED_EMAIL = False",
        (f"{STRANGERS}no_row_of_the_library_about_an_address_decides",),
    ),
    Fault(
        "whoever asks for a new password has the library enter an unverified address",
        "twinning/settings.py",
        "ACCOUNT_PASSWORD_RESET_TOKEN_GENERATOR = _TOKENS",
        "ACCOUNT_PASSWORD_RESET_TOKEN_GENERATOR = None",
        (f"{STRANGERS}a_member_does_afterwards_all_that_a_member_does",),
    ),
    Fault(
        "two names are twins only where their letters are the very same",
        "accounts/models.py",
        'folded("username"),',
        'models.F("username"),',
        (f"{ONE_PERSON}create_user_makes_no_twin",),
    ),
    Fault(
        "a log-in finds a name only in its own case and Unicode form",
        "accounts/access/backend.py",
        "User.objects.named(username).first()",
        "User.objects.filter(username=username).first()",
        (f"{ONE_PERSON}each_of_them_logs_in_and_chooses_a_password_however_it_is_typed",),
    ),
    Fault(
        "a reset finds an address only in its own case",
        "accounts/letters/invitations.py",
        "_locked().reached_at(email).filter(is_active=True)",
        "_locked().filter(email=email, is_active=True)",
        (f"{LETTERS}a_reset_finds_the_person_however_the_address_is_typed",),
    ),
    Fault(
        "check_data does not tell of twins that are there",
        "deliverables/findings.py",
        "for people in User.objects.twins(column):",
        "for people in ():",
        (f"{ONE_PERSON}twins_are_told_by_the_nightly_check_and_parted_by_the_command",),
    ),
    Fault(
        "a password typed in NFC and in NFD is two",
        "accounts/models.py",
        "super().set_password(raw_password and composed(raw_password))",
        "super().set_password(raw_password)",
        (f"{ONE_PERSON}a_password_is_the_same_from_every_keyboard",),
    ),
    Fault(
        "a code of the app is taken in its own step alone",
        "twinning/settings.py",
        "MFA_TOTP_TOLERANCE = 1",
        "MFA_TOTP_TOLERANCE = 0",
        (f"{FACTOR}a_code_of_the_step_before_and_after_is_taken_once",),
    ),
    Fault(
        "a code of the app is taken twice",
        "accounts/access/second_factor.py",
        "filter(user_id=app.user_id, step__lt=step)",
        "filter(user_id=app.user_id)",
        (f"{FACTOR}a_code_of_the_step_before_and_after_is_taken_once",),
    ),
    Fault(
        "the code that activated the factor opens a second log-in",
        "accounts/access/forms.py",
        "        second_factor.spend(self.user, self.secret, code)\n",
        "",
        (f"{FACTOR}the_code_that_set_up_the_app_opens_no_second_log_in",),
    ),
    Fault(
        "five wrong passwords from one address keep a named person out everywhere",
        "accounts/access/limits.py",
        "_key(what, fold(name), place or get_ip(request))",
        '_key(what, fold(name), "")',
        (f"{LIMITS}the_person_gets_in_from_elsewhere_meanwhile",),
    ),
    Fault(
        "a name that is tried from everywhere is not slowed down",
        "accounts/access/limits.py",
        "        if longest:\n            of_name.insert(0,",
        "        if longest == PAUSE_OF_CODES:\n            of_name.insert(0,",
        (f"{LIMITS}a_name_tried_from_everywhere_is_slowed_down_and_not_where_the_person_was",),
    ),
    Fault(
        "a right log-in leaves the count of the wrong ones",
        "accounts/access/adapter.py",
        "        if user:\n            self._try.right()\n",
        "",
        (f"{LIMITS}a_right_log_in_clears_the_count",),
    ),
    Fault(
        "the first buttons of the log-in page are those of the languages",
        "templates/admin/base_site.html",
        '{% block branding %}\n  <div id="site-name">',
        "{% block branding %}\n  {% if user.is_anonymous %}"
        '{% include "admin/parts/_language.html" %}{% endif %}<div id="site-name">',
        ("tests/browser/test_getting_in.py::test_from_the_invitation_to_a_lost_telephone",),
    ),
)

MAIL = (
    Fault(
        "nothing says that the sender or the address of the register is not set",
        "twinning/checks.py",
        "[sentence for name, sentence in MISSING.items() if not getattr(settings, name)]",
        "list[str]()",
        (f"{CHECKS}each_setting_that_is_missing_or_wrong_has_a_sentence",),
    ),
    Fault(
        "with PORT= given, links lead to the port that is usual",
        "twinning/settings.py",
        "{env.str('PORT', default='') or 8000}",
        "{8000}",
        (f"{CHECKS}in_the_try_out_links_carry_the_port_and_in_operation_nothing_is_guessed",),
    ),
    Fault(
        "the link of an invitation has no port",
        "accounts/letters/invitations.py",
        "link = settings.SITE_URL + reverse(",
        'link = settings.SITE_URL.rpartition(":")[0] + reverse(',
        (LINKS,),
    ),
    Fault(
        "a feed leads to the host of the request",
        "audit/views.py",
        "site = settings.SITE_URL",
        'site = f"{request.scheme}://{request.get_host()}"',
        (LINKS,),
    ),
    Fault(
        "a mail is sent within the request, and not entered as a task with its cause",
        "accounts/letters/letters.py",
        "**_new(to, kind))\n    _enter_job(letter)",
        "**_new(to, kind))\n    send(letter.pk)",
        (f"{LETTERS}a_letter_goes_with_its_cause_or_not_at_all",),
    ),
    Fault(
        "a mail server that cannot be reached is an error of the register",
        "accounts/letters/posting.py",
        "except (OSError, smtplib.SMTPException, UnicodeError) as error:",
        "except (smtplib.SMTPException, UnicodeError) as error:",
        (
            f"{LETTERS}with_the_mail_server_down_a_person_is_invited_and_the_page_says_that_the_mail"
            "_waits",
        ),
    ),
    Fault(
        "a mail is tried again each minute, and given up in a quarter of an hour",
        "accounts/letters/letters.py",
        "PAUSES = (1, 5, 15, 60, 3 * 60, 6 * 60, *[12 * 60] * 6)",
        "PAUSES = (1,) * 12",
        (f"{LETTERS}a_letter_is_tried_thirteen_times_in_growing_pauses_and_then_given_up",),
    ),
    Fault(
        "two workers that have one letter send it twice",
        "accounts/letters/letters.py",
        "noted = bool(as_read.update(**columns))",
        "noted = bool(Letter.objects.filter(pk=letter.pk).update(**columns))",
        (f"{LETTERS}of_two_workers_that_have_the_same_letter_one_sends_it",),
    ),
    Fault(
        "what may have arrived is sent again",
        "accounts/letters/letters.py",
        "_note(letter, reason=_without_address(letter, silence))",
        "_not_taken(letter, posting.LetterRefused(str(silence)))",
        (f"{LETTERS}where_nobody_knows_whether_it_arrived_it_is_not_sent_again_by_itself",),
    ),
    Fault(
        "one refused address stops all that is sent after it",
        "accounts/letters/letters.py",
        "        _not_taken(letter, refusal)\n",
        "        _not_taken(letter, refusal)\n        raise\n",
        (f"{LETTERS}one_refused_address_never_stops_the_others",),
    ),
    Fault(
        "a Monday without a worker has no digest",
        "deliverables/ladder/reminders.py",
        "digest = DIGEST_ON in {day.weekday() for day in days}",
        "digest = today.weekday() == DIGEST_ON",
        (
            "tests/deliverables/test_reminders.py::"
            "test_a_missed_monday_is_made_up_on_the_next_day_once",
        ),
    ),
    Fault(
        "mails are in the language of the server, not in that of the person",
        "accounts/letters/letters.py",
        "translation.override(reader.language)",
        "translation.override(settings.LANGUAGE_CODE)",
        (f"{LETTERS}a_reset_is_ours_in_the_persons_language",),
    ),
    Fault(
        "people are invited in English, whatever the office speaks",
        "accounts/admin.py",
        'self.fields["language"].initial = settings.DEFAULT_LANGUAGE',
        'self.fields["language"].initial = "en"',
        (f"{ACCOUNTS}login.py::test_people_are_invited_in_the_language_of_the_office",),
    ),
    Fault(
        "a reset takes longer for an address that somebody has",
        "accounts/letters/invitations.py",
        "letters.ask(Kind.RESET, _locked().reached_at(email).filter(is_active=True).first())",
        "if user := _locked().reached_at(email).filter(is_active=True).first():\n"
        "            letters.ask(Kind.RESET, user)",
        (f"{LETTERS}a_reset_answers_and_asks_the_same_for_known_and_unknown_addresses",),
    ),
    Fault(
        "a mail server that says nothing is awaited for ever",
        "twinning/settings.py",
        "EMAIL_TIMEOUT = 10",
        "EMAIL_TIMEOUT = None",
        (f"{CHECKS}in_the_try_out_links_carry_the_port_and_in_operation_nothing_is_guessed",),
    ),
)

LOST = (
    Fault(
        "a form that comes after the session ended is lost",
        "accounts/typed/keeping.py",
        "if request.user.is_authenticated and _is_done(",
        "if not request.user.is_authenticated or _is_done(",
        (f"{KEPT}what_comes_when_the_session_is_over_is_there_after_the_log_in",),
    ),
    Fault(
        "a form with the CSRF token of an earlier log-in is lost",
        "accounts/typed/keeping.py",
        "    if form is None:\n",
        "    if form is None or response.status_code == 403:\n",
        (f"{KEPT}a_log_in_in_another_tab_shows_the_form_as_it_was_typed",),
    ),
    Fault(
        "a plan of a few hundred rows has more fields than are read",
        "twinning/settings.py",
        "DATA_UPLOAD_MAX_NUMBER_FIELDS = limits.FIELDS",
        "DATA_UPLOAD_MAX_NUMBER_FIELDS = 1000",
        (f"{TYPED}the_form_of_a_work_plan_is_saved_however_many_rows_it_has[310]",),
    ),
    Fault(
        "of a form with too many fields nothing is kept",
        "accounts/typed/keeping.py",
        '    return _if_ours(body.decode(errors="replace"), request.path)\n',
        "    return QueryDict()\n",
        (f"{TYPED}a_form_with_more_fields_than_are_read_is_refused_in_a_sentence_and_kept",),
    ),
    Fault(
        "too many fields are answered without a sentence that says so",
        "twinning/views.py",
        "        return refuse(request, 400, _too_many_fields(request))\n",
        "        return error_pages.bad_request(request, exception)\n",
        (f"{TYPED}a_form_with_more_fields_than_are_read_is_refused_in_a_sentence_and_kept",),
    ),
    Fault(
        "the choice of the other language empties the form",
        "accounts/typed/keeping.py",
        'return request.path_info != reverse("language") and (status < 400 or status == 409)',
        "return status < 400 or status == 409",
        (f"{KEPT}the_choice_of_the_other_language_takes_what_was_typed_along",),
    ),
    Fault(
        "what is kept of a person lies open in the database",
        "accounts/typed/drafts.py",
        "return _key().encrypt(zlib.compress(text)) if len(text) <= SIZE else None",
        "return text if len(text) <= SIZE else None",
        (f"{ACCOUNTS}drafts.py::test_on_the_disk_it_is_sealed_and_bound_to_its_row",),
    ),
    Fault(
        "a draft opens to whoever knows its number",
        "accounts/typed/keeping.py",
        "row = Draft.objects.of(request.user).filter(pk=draft).first()",
        "row = Draft.objects.filter(pk=draft).first()",
        (f"{ACCOUNTS}drafts.py::test_somebody_elses_draft_answers_as_one_that_is_not_there",),
    ),
    Fault(
        "nothing at the top of a page says which fields are wrong",
        "templates/admin/base_site.html",
        "{% error_summary %}",
        "",
        (
            "tests/audit/test_error_summary.py::"
            "test_each_wrong_field_is_named_and_linked_and_nothing_else_says_so",
        ),
    ),
    Fault(
        "the summary of errors cannot have the focus",
        "templates/admin/parts/_errors.html",
        ' role="alert" tabindex="-1"',
        "",
        (
            "tests/audit/test_error_summary.py::"
            "test_each_wrong_field_is_named_and_linked_and_nothing_else_says_so",
        ),
    ),
    Fault(
        "a conflict with one's own other tab is told as somebody else's",
        "audit/rows/conflicts.py",
        "own_change(event, self.person)",
        '""',
        ("tests/audit/test_conflicts.py::test_ones_own_other_window_is_not_told_as_somebody_else",),
    ),
    Fault(
        "a changed form is left without a question",
        "static/twinning/typed.js",
        "if (!leaves && forms.some(isChanged)) event.preventDefault();",
        "",
        (
            "tests/browser/test_typed.py::"
            "test_leaving_a_changed_form_asks_and_an_unchanged_one_does_not",
        ),
    ),
)
GETTING_IN: tuple[Fault, ...] = (*IN, *MAIL, *LOST)
