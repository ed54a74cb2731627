"""A template and who is asking -> an HTML page; all text is escaped."""

from __future__ import annotations

from functools import cache

from fastapi import Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, PackageLoader

from annotator.review import auth
from annotator.review.answers import Me


def page(
    request: Request, template: str, title: str, me: Me | None = None, error: str = ""
) -> HTMLResponse:
    """Fill a template in; a visitor without a cookie is given one."""
    cookie = auth.cookie_of(request)
    text = (
        _templates()
        .get_template(template)
        .render(csrf=auth.csrf_of(cookie), me=me, title=title, error=error)
    )
    response = HTMLResponse(text)
    options = auth.bench_of(request).options
    if auth.cookie_name(options) not in request.cookies:
        auth.set_cookie(response, options, cookie)
    return response


@cache
def _templates() -> Environment:
    return Environment(loader=PackageLoader("annotator.review"), autoescape=True)
