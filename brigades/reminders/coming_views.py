"""The page of letters that will be sent, before they are."""

from flask import render_template, request
from flask_babel import ngettext
from flask_login import current_user

from brigades import clock
from brigades.access import Can, Scope
from brigades.outbox.words import name_words
from brigades.paging import Page, page_number
from brigades.reminders import coming, papers
from brigades.reminders.blueprint import bp
from brigades.reminders.coming import MOST_DAYS, Ask
from brigades.reminders.walk import LETTERS, OFFER_ENDS, Ahead
from brigades.reminders.words import because_words
from brigades.web import needs

PER_PAGE = 50
NAMES = (*dict.fromkeys(LETTERS.values()), OFFER_ENDS, papers.NAME)


@bp.get("/letters/coming")
@needs(Can.SEE_LETTERS)
def index(scope: Scope) -> str:
    """Reminders of the coming days, soonest first: when, to whom, what and why."""
    ask = _asked()
    found = coming.letters(scope, ask, clock.now(), reader_id=current_user.person.id)
    page = _page(found.letters)
    return render_template(
        "reminders/coming.html",
        page=page,
        ask=ask,
        all=found.all,
        zone=found.zone,  # one list has one clock
        names=sorted(((name, name_words(name)) for name in NAMES), key=lambda pair: pair[1]),
        spans=[(str(days), _span(days)) for days in (7, 14, MOST_DAYS)],
        name_words=name_words,
        because=because_words,
    )


def _span(days: int) -> str:
    text: str = ngettext("%(num)s day", "%(num)s days", days)
    return text


def _asked() -> Ask:
    """What the address asks for; anything odd asks for a week."""
    days, name = request.args.get("days", ""), request.args.get("name", "")
    fits = days.isascii() and days.isdigit() and len(days) < 4 and 0 < int(days) <= MOST_DAYS
    return Ask(
        q=request.args.get("q", "").strip()[:200],
        name=name if name in NAMES else "",
        days=int(days) if fits else Ask.days,
    )


def _page(found: list[Ahead]) -> Page[Ahead]:
    number = min(page_number(), max(1, -(-len(found) // PER_PAGE)))
    return Page(found[(number - 1) * PER_PAGE : number * PER_PAGE], number, PER_PAGE, len(found))
