"""A person's calendar: the feed by its secret, the page with its address, a single event."""

from flask import Response, flash, redirect, render_template, request, url_for
from flask_babel import force_locale
from flask_babel import gettext as _

from brigades import clock
from brigades.access import Can, Scope, acting
from brigades.calendars import feeds, ical, of_section, page, section_views, service
from brigades.calendars.blueprint import bp
from brigades.calendars.importing import views as importing_views
from brigades.reader import locale_of
from brigades.web import get_or_404, needs

__all__ = ["bp", "importing_views", "section_views"]

LARGEST_ID = 2**31 - 1  # what the database's column holds; beyond it nothing can be there


@bp.get("/calendar/<token>.ics")
@needs(Can.ANYONE)
def feed(scope: Scope, token: str) -> Response:
    """What the secret opens, for calendar programs that come back every hour.

    All that a person has, or the slots of a section that its owner runs.
    """
    now = clock.now()
    if person := service.owner_of(token):
        places = service.places_of(person.id, now=now)
        with force_locale(locale_of(person.locale)):
            return _calendar(ical.feed(places, person), "inline; filename=brigades.ics")
    person, section = get_or_404(feeds.opened(token, now))
    slots = feeds.slots_of(section.id, now)
    with force_locale(locale_of(person.locale)):
        return _calendar(of_section.feed(section, slots), "inline; filename=section.ics")


@bp.get(f"/calendar/place/<int(max={LARGEST_ID}):place_id>.ics")
@needs(Can.SIGNED_IN)
def place(scope: Scope, place_id: int) -> Response:
    """One event as a file, for the person whose place it is."""
    mine = get_or_404(service.place_of(place_id, acting(scope)))
    body = ical.single(mine, mine.slot, mine.person)
    return _calendar(body, f"attachment; filename=place-{place_id}.ics")


@bp.get("/calendar")
@needs(Can.SIGNED_IN)
def settings(scope: Scope) -> str:
    """The addresses of the reader's feeds, and how to subscribe to them."""
    return page.render(scope)


@bp.get("/calendar/renew")
@needs(Can.SIGNED_IN)
def ask_renew(scope: Scope) -> str:
    """What renewing the address does, before it is done."""
    return render_template("calendars/renew.html")


@bp.post("/calendar/renew")
@needs(Can.SIGNED_IN)
def renew(scope: Scope) -> Response:
    """A new address; the old one stops at once."""
    service.renew(acting(scope), now=clock.now())
    flash(_("This is the new address of your calendar."), "success")
    return redirect(url_for(".settings"), 303)  # type: ignore[return-value]


def _calendar(body: bytes, disposition: str) -> Response:
    """Private to whoever asked, and asked for again only in as far as it has changed."""
    response = Response(body, content_type="text/calendar; charset=utf-8")
    response.headers["Content-Disposition"] = disposition
    response.headers["Cache-Control"] = "private, no-cache"
    response.headers["X-Robots-Tag"] = "noindex"
    response.add_etag()
    response.make_conditional(request)
    return response
