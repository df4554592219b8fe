"""The one shape of the pages behind links in mails: no sign-in, no cookie, nothing that leaks.

Each is asked for by a token alone. What the token opens is handed to the view; where it opens
nothing a page says so. Looking changes nothing, since scanners of mail look first.
"""

import functools
from collections.abc import Callable
from datetime import datetime
from typing import Any, TypeVar

from flask import Response, make_response, render_template

from brigades import clock
from brigades.access import Scope
from brigades.locales import read_as_mailed
from brigades.people.models import Person

T = TypeVar("T")
View = Callable[..., Any]


def behind_link(
    open_: Callable[[str, datetime], T | None], whose: Callable[[T], Person]
) -> Callable[[View], View]:
    """The view gets what ``open_`` finds under the token, and the token; nobody keeps its page.

    ``whose``: to whom the mail went, whose language the page speaks.
    """

    def wrap(view: View) -> View:
        @functools.wraps(view)
        def opened(_scope: Scope, token: str) -> Response:
            found = open_(token, clock.now())
            if found is None:
                page = make_response(render_template("schedule/no_link.html"), 404)
            else:
                read_as_mailed(whose(found).locale)
                page = make_response(view(found, token))
            page.headers["Cache-Control"] = "no-store"
            return page

        return opened

    return wrap
