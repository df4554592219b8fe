"""The letter that tries out a person's devices: pushed to all, mailed where none takes it."""

from flask_babel import gettext as _

from brigades.db import session
from brigades.outbox.kinds import Kind
from brigades.outbox.letters import Content, letter
from brigades.outbox.models import Letter
from brigades.people.models import Person
from brigades.push.service import TEST
from brigades.web import link


@letter(TEST, Kind.ACCOUNT)
def push_test(to: Letter) -> Content | None:
    """With the page where devices are added and removed."""
    person = session.get(Person, to.about["person"])
    if person is None or person.erased_on is not None:
        return None
    return Content(
        why=_("You get this because you asked for a test."),
        context={"person": person, "page": link("push.settings")},
    )
