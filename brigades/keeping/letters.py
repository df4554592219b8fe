"""The letter to people who left, 30 days before they are erased."""

from flask_babel import gettext as _

from brigades.keeping import service, staying
from brigades.keeping.leaving import LETTER
from brigades.keeping.rules import KEPT_LONGER
from brigades.outbox.kinds import Kind
from brigades.outbox.letters import Content, letter, now
from brigades.outbox.models import Letter
from brigades.web import link


@letter(LETTER, Kind.ACCOUNT)
def membership_over(to: Letter) -> Content | None:
    """Dropped where they came back, are kept longer by now, or are erased on another day."""
    found = staying.leaving(to.about["person"], now())
    if found is None or found.goes_on is None:
        return None
    planned = found.facts.planned(service.keep())
    if planned is None or planned.isoformat() != to.about["day"]:
        return None
    section = found.person.section
    return Content(
        why=_("You get this because you were a member of %(section)s.", section=section.name),
        context={
            "person": found.person,
            "section": section.name,
            "left_on": found.facts.left_on,
            "goes_on": found.goes_on,
            "days": KEPT_LONGER,
            "page": link("keeping.ask_stay", token=staying.token_of(found.person)),
        },
        reply_to=section.contact,
        settings=False,
    )
