"""Language by address or person, headers of every answer, and releases after each write."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from allauth.account.middleware import AccountMiddleware
from allauth.core.exceptions import ImmediateHttpResponse, ReauthenticationRequired
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import translation
from django.utils.translation import gettext as _

from accounts.access.second_factor import has_second_factor
from accounts.models import User
from accounts.roles import Right
from audit.events.acting import acting
from audit.models import Through
from deliverables.projects.access import access_of
from releases import actions

GetResponse = Callable[[HttpRequest], HttpResponse]
LANGUAGES = dict(settings.LANGUAGES)
COOKIE = "language"  # of the login page: what was clicked there, or spoken until the log-out


# What is public has nothing of who asks, so that pages of any site may read it.
FOR_ALL = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": "ETag, Last-Modified, Repr-Digest, Release-Number,"
    " Release-Made-At, X-Content-SHA256",
    "Cross-Origin-Resource-Policy": "cross-origin",
}


def headers(get_response: GetResponse) -> GetResponse:
    """What no page of ours needs is switched off; back-office pages are never kept by a cache, and
    read by no other site."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        response.setdefault("Permissions-Policy", "camera=(), geolocation=(), microphone=()")
        if request.path_info.startswith(("/admin/", "/desk/")):
            response.headers["Cache-Control"] = "no-store"
        elif request.method in ("GET", "HEAD"):
            for name, value in FOR_ALL.items():
                response.setdefault(name, value)
        response.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        return response

    return middleware


DEMANDED = (Right.PUBLISH, Right.SIGN_MS, Right.SIGN_BC, Right.PEOPLE)


def lacks_second_factor(user: User | AnonymousUser) -> bool:
    """Whether this person may publish, sign or administer with a password alone."""
    if not user.is_authenticated or has_second_factor(user):
        return False
    access = access_of(user)
    return any(access.somewhere(right) for right in DEMANDED) or bool(user.is_superuser)


class LanguageMiddleware:
    """/lv/… and /en/… say it; in the back office the person's own choice; else the browser."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.LANGUAGE_CODE = language = self._language(request)
        was_inside = request.path_info.startswith("/admin/") and request.user.is_authenticated
        with translation.override(language):
            response = self.get_response(request)
            response.setdefault("Content-Language", translation.get_language() or "en")
        if was_inside and not request.user.is_authenticated:
            speak(response, language)  # the login page says in it why the session has ended
        return response

    def process_view(
        self, request: HttpRequest, view: object, args: object, kwargs: dict[str, str]
    ) -> None:
        if kwargs.get("lang") in LANGUAGES:
            translation.activate(kwargs["lang"])
            request.LANGUAGE_CODE = kwargs["lang"]

    def _language(self, request: HttpRequest) -> str:
        if request.path_info.startswith("/admin/") and request.user.is_authenticated:
            return str(request.user.language)
        return asked_language(request)


def speak(response: HttpResponse, language: str) -> None:
    """Have the login page of this browser speak it."""
    response.set_cookie(
        COOKIE,
        language,
        path="/admin/",
        httponly=True,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )


def asked_language(request: HttpRequest) -> str:
    """What address, cookie of the login page or browser ask for, whoever it is."""
    first = request.path_info.split("/")[1]
    if first in LANGUAGES:
        return first
    if first == "admin" and request.COOKIES.get(COOKIE) in LANGUAGES:
        return request.COOKIES[COOKIE]
    return translation.get_language_from_request(request)


def second_factor(get_response: GetResponse) -> GetResponse:
    """Who has to have a second factor and has none sees only the pages that set it up."""

    def middleware(request: HttpRequest) -> HttpResponse:
        open_to_all = ("/admin/account/", "/admin/language/", "/admin/login/", "/admin/logout/")
        path = request.path_info
        guarded = path.startswith("/admin/") and not path.startswith(open_to_all)
        if guarded and settings.SECOND_FACTOR_REQUIRED and lacks_second_factor(request.user):
            messages.warning(
                request,
                _(
                    "Who may publish, sign or administer needs a second factor. Set one up here; "
                    "then everything else opens."
                ),
            )
            return redirect("mfa_index")
        return get_response(request)

    return middleware


class Acting:
    """Each write of the back office is one transaction that says who is behind it (audit.events).

    A failure or a refusal that raises takes all of it back. What happens before somebody is known,
    the login for one, keeps its own transactions.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response
        self.accounts = AccountMiddleware(get_response)

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self,
        request: HttpRequest,
        view: Callable[..., HttpResponse],
        args: Sequence[str],
        kwargs: dict[str, str],
    ) -> HttpResponse | None:
        if not request.path_info.startswith("/admin/") or not request.user.is_authenticated:
            return None
        if request.method in ("GET", "HEAD", "OPTIONS"):
            return None
        if getattr(view, "own_transactions", False):
            return None
        try:
            with acting(request.user.code, Through.FORM):
                response: HttpResponse = view(request, *args, **kwargs)
        except (ImmediateHttpResponse, ReauthenticationRequired) as asks:
            # A view called here is out of reach of the middleware that answers these.
            response = self.accounts.process_exception(request, asks)
        return response


def release_at_once(get_response: GetResponse) -> GetResponse:
    """After a write in the back office, whose data is committed, have what publishes at once
    released by a worker."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        written = request.method == "POST" and response.status_code < 400
        if written and request.user.is_authenticated:
            actions.enter_waiting(by=request.user)
        return response

    return middleware
