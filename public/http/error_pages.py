"""Pages that say why there is nothing to show: 400, 404, 500, and what a view refuses."""

from __future__ import annotations

from django.conf import settings
from django.http import (
    HttpRequest,
    HttpResponse,
    HttpResponsePermanentRedirect,
    HttpResponseRedirect,
    HttpResponseServerError,
)
from django.template.loader import render_to_string
from django.utils.cache import patch_vary_headers
from django.utils.encoding import escape_uri_path
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from public.frame import frame
from public.http.leading import lead
from public.http.refusals import quoted


def refuse(request: HttpRequest, status: int, sentence: str, **more: object) -> HttpResponse:
    """A page that says what was asked, why not, and what would work; or the way there, where an
    address is only written otherwise."""
    lang = get_language() or "en"
    reads = status == 404 and request.method in ("GET", "HEAD")
    if reads and (where := lead(request.path, dict(settings.LANGUAGES), lang)):
        return _led(request, where)
    context = frame(request, lang, refused=True) | {"sentence": sentence, **more}
    content = render_to_string(f"{status}.html", context)
    response = HttpResponse(content, status=status, headers={"Cache-Control": "no-store"})
    vars(response)["sentence"] = sentence  # for who shows more than this page
    return response


def _led(request: HttpRequest, where: str) -> HttpResponse:
    """For good, but where the language is the reader's."""
    _path, asks, query = request.get_full_path().partition("?")
    to = f"{escape_uri_path(where)}{asks}{query}"
    if request.path.lower().startswith("/projects"):
        response: HttpResponse = HttpResponseRedirect(to)
        patch_vary_headers(response, ["Accept-Language"])
        return response
    return HttpResponsePermanentRedirect(to)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404 for an address that no view has; in the back office, also for what is somebody else's."""
    if request.path_info.startswith("/admin/"):
        sentence = _(
            "There is nothing at this address, or nothing that you may see. Begin at the front "
            "page of the back office."
        )
        return refuse(request, 404, sentence)
    sentence = _(
        "There is no page at the address “%(path)s”. It may be mistyped, or never have been here."
    )
    return refuse(request, 404, sentence % {"path": quoted(request.path)})


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400 for what Django itself refuses. It is not repeated: it may be an attack."""
    sentence = _("The request could not be understood. Begin at the list of all projects.")
    return refuse(request, 400, sentence)


def server_error(request: HttpRequest) -> HttpResponse:
    """500, from a template that needs neither database nor translations."""
    content = render_to_string("500.html", {"lang": get_language() or "en"})
    return HttpResponseServerError(content, headers={"Cache-Control": "no-store"})
