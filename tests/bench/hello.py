"""What the server of a bench loads: the register, and a view that says hello, in one process.

`/hello` passes the middleware of the register, `/hello?bare` none.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.core.wsgi import get_wsgi_application
from django.http import HttpResponse
from django.test import override_settings
from django.urls import path

from tryout.management.commands.serve import THREADS, end_with_parent
from tryout.threads import OnThreads

end_with_parent()
register = get_wsgi_application()

from twinning import urls  # noqa: E402 - it needs the applications

urls.urlpatterns.insert(0, path("hello", lambda _request: HttpResponse("hello")))
with override_settings(MIDDLEWARE=[], ROOT_URLCONF=settings.ROOT_URLCONF):
    bare = WSGIHandler()


def either(environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
    return (bare if environ["QUERY_STRING"] == "bare" else register)(environ, start)


application = OnThreads(either, THREADS)
