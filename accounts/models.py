from __future__ import annotations

from typing import ClassVar

from allauth.mfa.models import Authenticator
from django.contrib.auth.models import AbstractUser
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.folding import composed, folded
from accounts.querysets import DraftQuerySet, PeopleManager
from audit.events.triggers import Audited, key
from audit.rows.checked import Checked, Typed
from audit.rows.versions import Counted, version


class Language(models.TextChoices):
    LV = "lv", "Latviešu"
    EN = "en", "English"


class User(Typed, AbstractUser):
    """Someone who may open the back office. Experts are not users."""

    language = models.CharField(
        _("language"),
        max_length=2,
        choices=Language.choices,
        default=Language.EN,
        help_text=_("The language of the back office for this person."),
    )

    reminders_wanted = models.BooleanField(
        _("reminders by e-mail"),
        default=True,
        help_text=_("Of what waits for the person: on Mondays, and when a date comes near."),
    )
    audit_key = key()
    version = version()

    _has_second_factor: bool | None = None  # once a request has read it
    _access: object = None  # of deliverables.projects.access, once a request has read it

    objects: ClassVar[PeopleManager] = PeopleManager()

    class Meta(AbstractUser.Meta):
        triggers: ClassVar = [
            Counted("last_login"),
            Audited(
                personal=("username", "first_name", "last_name", "email"),
                secret=("password",),
                left_out=("last_login",),
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(language__in=Language.values),
                name="user_language_is_one_we_speak",
                violation_error_message=_("The language is Latvian (lv) or English (en)."),
            ),
            models.UniqueConstraint(
                folded("username"),
                name="user_name_is_one_persons",
                violation_error_message=_(
                    "Somebody has this user name already: capital and small letters count as the "
                    "same. Choose another one."
                ),
            ),
            models.UniqueConstraint(
                folded("email"),
                condition=~models.Q(email=""),
                name="user_email_is_one_persons",
                violation_error_message=_(
                    "Somebody has this e-mail address already, and mails must reach one person. "
                    "Enter another one."
                ),
            ),
        ]

    @property
    def code(self) -> str:
        """How the audit trail calls the person: U-0001."""
        return f"U-{self.pk:04}"

    def set_password(self, raw_password: str | None) -> None:
        super().set_password(raw_password and composed(raw_password))

    def check_password(self, raw_password: str | None) -> bool:
        """In one form, as it is set; one that was set before that, as it is typed."""
        forms = dict.fromkeys((raw_password and composed(raw_password), raw_password))
        return any(super(User, self).check_password(form) for form in forms)


class SecondFactor(Authenticator):
    """The library's table under our own audit: that a factor was added or removed, no secret."""

    class Meta:
        proxy = True
        triggers: ClassVar = [
            Audited(
                {"accounts_user": "{row}.user_id"}, secret=("data",), left_out=("last_used_at",)
            )
        ]


class LastCode(models.Model):
    """The time step of the newest code of an app that a person used: it and all before are spent.

    A step is 30 seconds; they are counted from 1970 (RFC 6238).
    """

    user = models.OneToOneField(User, models.CASCADE, primary_key=True, related_name="last_code")
    step = models.BigIntegerField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(step__gte=0), name="lastcode_step_is_not_before_1970"
            )
        ]

    def __str__(self) -> str:
        return f"{self.user_id} · {self.step}"


class Subscriber(Typed):
    """Somebody outside who keeps heads: mailed each month, once the address is confirmed.

    `month`: the first day of the month whose letter was entered last.
    """

    email = models.EmailField(_("e-mail address"))
    language = models.CharField(
        _("language"),
        max_length=2,
        choices=Language.choices,
        help_text=_("The language of the letters."),
    )
    entered_at = models.DateTimeField(_("entered"), default=timezone.now, editable=False)
    confirmed_at = models.DateTimeField(_("confirmed"), null=True, editable=False)
    month = models.DateField(_("month of the last letter"), null=True, editable=False)
    audit_key = key()
    is_active = True  # as of a person: who leaves is deleted

    class Meta:
        verbose_name = _("address for heads")
        verbose_name_plural = _("addresses for heads")
        ordering: ClassVar = ["pk"]
        triggers: ClassVar = [Audited(personal=("email",), left_out=("month",))]
        constraints: ClassVar = [
            models.UniqueConstraint(
                folded("email"),
                name="subscriber_address_is_entered_once",
                violation_error_message=_("This address is in the list already."),
            ),
            models.CheckConstraint(
                condition=models.Q(language__in=Language.values),
                name="subscriber_language_is_one_we_speak",
                violation_error_message=_("The language is Latvian (lv) or English (en)."),
            ),
            models.CheckConstraint(
                condition=models.Q(month=None) | models.Q(confirmed_at__isnull=False),
                name="subscriber_confirms_before_the_first_letter",
                violation_error_message=_("An address that is not confirmed gets no heads."),
            ),
        ]

    def __str__(self) -> str:
        """Without the address: what is called so stands in the trail, and stays there."""
        return f"H-{self.pk:04}"


class Letter(Checked):
    """One mail to one reader, a person or a subscriber: from what causes it to what came of it.
    Holds no text and no link.

    Who asks for a password of nobody enters a letter to nobody, so that both cost the same.
    """

    class Kind(models.TextChoices):
        INVITATION = "invitation", _("invitation")
        RESET = "reset", _("new password")
        REMINDER = "reminder", _("reminder")
        CONFIRM = "confirm", _("question to confirm the address")
        HEADS = "heads", _("heads of a month")

    class State(models.TextChoices):
        WAITING = "waiting", _("waits to be sent")
        HANDED = "handed", _("may have arrived: the mail server never answered")
        SENT = "sent", _("sent: the mail server took it")
        REFUSED = "refused", _("not sent: refused")
        DROPPED = "dropped", _("not sent: not needed any more")

    user = models.ForeignKey(
        User, verbose_name=_("person"), on_delete=models.CASCADE, null=True, related_name="letters"
    )
    subscriber = models.ForeignKey(
        Subscriber,
        verbose_name=_("address for heads"),
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="letters",
    )
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices)
    key = models.CharField(_("cause"), max_length=80, unique=True)
    since = models.DateField(_("tells of days from"), null=True, blank=True)
    on = models.DateField(_("day"), null=True, blank=True)
    state = models.CharField(
        _("state"), max_length=10, choices=State.choices, default=State.WAITING
    )
    entered_at = models.DateTimeField(_("entered"))
    next_try_at = models.DateTimeField(_("next try"), null=True, blank=True)
    tries = models.PositiveSmallIntegerField(_("failed tries"), default=0)
    handed_at = models.DateTimeField(_("handed over"), null=True, blank=True)
    sent_at = models.DateTimeField(_("sent"), null=True, blank=True)
    reason = models.TextField(_("reason"), blank=True)

    class Meta:
        verbose_name = _("letter")
        verbose_name_plural = _("letters")
        ordering: ClassVar = ["-pk"]
        default_permissions = ()
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(
                    kind__in=["invitation", "reset", "reminder", "confirm", "heads"]
                ),
                name="letter_kind_is_one_we_write",
                violation_error_message=_("We write no letters of this kind."),
            ),
            models.CheckConstraint(
                condition=models.Q(user=None) | models.Q(subscriber=None),
                name="letter_has_one_reader",
                violation_error_message=_("A letter goes to a person or to a subscriber."),
            ),
            models.CheckConstraint(
                condition=models.Q(state="waiting", next_try_at__isnull=False)
                | models.Q(state__in=["handed", "sent", "refused", "dropped"], next_try_at=None),
                name="letter_waits_for_its_next_try",
                violation_error_message=_("A letter that waits, and no other, has a next try."),
            ),
            models.CheckConstraint(
                condition=models.Q(state="sent", sent_at__isnull=False)
                | (~models.Q(state="sent") & models.Q(sent_at=None)),
                name="letter_that_is_sent_says_when",
                violation_error_message=_("A letter that is sent, and no other, says when."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.pk}"

    @property
    def reader(self) -> User | Subscriber | None:
        return self.user or self.subscriber


class Draft(models.Model):
    """What somebody typed into a form that could not be saved, sealed: accounts/typed/drafts.py."""

    owner = models.ForeignKey(
        User, verbose_name=_("person"), on_delete=models.CASCADE, related_name="+"
    )
    address = models.CharField(_("address"), max_length=2000)
    digest = models.CharField(_("digest"), max_length=64)  # of what was typed, by a secret key
    sealed = models.BinaryField(_("what was typed, sealed"))
    kept_at = models.DateTimeField(_("kept at"))

    objects = DraftQuerySet.as_manager()

    class Meta:
        verbose_name = _("draft")
        verbose_name_plural = _("drafts")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["owner", "address", "digest"],
                name="draft_is_kept_once",
                violation_error_message=_("This draft is kept already."),
            )
        ]

    def __str__(self) -> str:
        return self.address
