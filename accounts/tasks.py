"""What the workers do with letters and drafts."""

from __future__ import annotations

from django.utils import timezone
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from accounts.letters import heads as mailing
from accounts.letters import letters
from accounts.typed import drafts


# What a mail server refuses is tried again by the letter itself; this is for faults of our own.
@app.task(name=letters.JOB, priority=-10, retry=RetryStrategy(max_attempts=5, exponential_wait=5))
def send_letter(letter: int) -> None:
    letters.send(letter)


@app.periodic(cron="20 * * * *")
@app.task(queueing_lock="tidy_letters")
def tidy_letters(timestamp: int) -> None:
    letters.take_up()
    letters.forget()


@app.periodic(cron="30 * * * *")
@app.task(queueing_lock="forget_drafts")
def forget_drafts(timestamp: int) -> None:
    drafts.purge()


@app.periodic(cron="50 * * * *")
@app.task(queueing_lock="mail_heads", lock="mail_heads")
def mail_heads(timestamp: int) -> None:
    """Each hour, so that a first of a month without a worker is made up; once a month each."""
    mailing.forget()
    mailing.enter(timezone.localdate())
