"""The page with the reader's calendar addresses: their own, and those of sections they run."""

from flask import render_template

from brigades.access import Can, Scope, acting
from brigades.calendars import feeds, service
from brigades.calendars.forms import SectionCalendarForm
from brigades.web import link


def render(scope: Scope, form: SectionCalendarForm | None = None) -> str:
    """The page; ``form`` is one that was refused, with what was chosen."""
    secret = service.secret_of(acting(scope))
    sections = feeds.of_person(scope)
    choices = feeds.to_choose(scope, sections) if scope.may(Can.RUN_SHIFTS) else []
    return render_template(
        "calendars/settings.html",
        address=address_of(secret) if secret else "",
        webcal=to_subscribe(address_of(secret)) if secret else "",
        sections=[(one, address_of(one.secret)) for one in sections],
        to_subscribe=to_subscribe,
        form=(form or SectionCalendarForm()).offer(choices) if choices or form else None,
    )


def address_of(secret: str) -> str:
    """The full address of the calendar that a secret opens."""
    return link("calendars.feed", token=secret)


def to_subscribe(address: str) -> str:
    """The same for programs that subscribe to what they are told to open so."""
    return "webcal:" + address.partition(":")[2]
