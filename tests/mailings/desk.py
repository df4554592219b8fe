"""A coordinator who writes to the people of a section."""

from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select

from brigades.access import Role
from brigades.db import session
from brigades.mailings.models import Mailing
from brigades.outbox.models import Letter
from brigades.people.models import Person
from brigades.sections.models import Section
from tests import builders as b

ENGLISH = {"subject_en": "Boots for {given_name}", "body_en": "Dear {name},\n\nbring boots."}
GERMAN = {"subject_de": "Stiefel für {given_name}", "body_de": "Liebe(r) {name},\n\nStiefel!"}
ARABIC = {"subject_ar": "أحذية يا {given_name}", "body_ar": "مرحبًا {name}\n\nأحضروا الأحذية."}


@dataclass
class Desk:
    """The section, its coordinator with a browser, and the section that is not theirs."""

    app: Any
    top: Section
    section: Section
    other: Section
    cora: Person
    browser: Any
    others: dict[int, Any] = field(default_factory=dict)

    def as_(self, person: Person) -> Any:
        """A browser in which somebody else is signed in."""
        if person.id not in self.others:
            self.others[person.id] = b.signed_in(self.app, person)
        return self.others[person.id]

    def after(self, answer: Any) -> str:
        """The page that an answer leads to."""
        assert answer.status_code in (302, 303), answer.text
        text: str = self.browser.get(answer.location).text
        return text

    def draft(self, browser: Any = None, **chosen: Any) -> int:
        """Begin a mailing to whoever the filters find; returns its id."""
        answer = (browser or self.browser).post("/mailings/new", data={"go": "show"} | chosen)
        assert answer.status_code == 303, answer.text
        return int(answer.location.split("/")[2])

    def written(self, *texts: dict[str, str], main: str = "en", **chosen: Any) -> int:
        """A draft with its text; in English unless told."""
        mailing_id = self.draft(**chosen)
        typed = {"main": main, "section": str(self.section.id), "go": "look"}
        for text in texts or (ENGLISH,):
            typed |= text
        answer = self.browser.post(f"/mailings/{mailing_id}/text", data=typed)
        assert answer.status_code == 303, answer.text
        return mailing_id

    def sent(self, *texts: dict[str, str], main: str = "en", **chosen: Any) -> int:
        """One that was let go."""
        mailing_id = self.written(*texts, main=main, **chosen)
        answer = self.browser.post(f"/mailings/{mailing_id}/send")
        assert answer.status_code == 303, answer.text
        return mailing_id


def a_desk(app: Any) -> Desk:
    """Everybody, with names that a page can be searched for."""
    top = b.a_section(name="Everybody", country=None)
    section = b.a_section(top, name="Harbour", contact="harbour@example.org")
    other = b.a_section(top, name="Elsewhere")
    cora = b.a_person(section, given_name="Cora", family_name="Writer", email="cora@example.org")
    b.an_appointment(cora, section, Role.COORDINATOR)
    return Desk(app, top, section, other, cora, b.signed_in(app, cora))


def a_reader(section: Section, given_name: str, *skills: str, **given: Any) -> Person:
    """Somebody whose address is their given name."""
    address = f"{given_name.lower()}@example.org"
    values = {"given_name": given_name, "family_name": "Reader", "email": address}
    return b.a_person(section, *skills, **values | given)


def letters(mailing_id: int) -> list[Letter]:
    """The letters of a mailing, by address."""
    session.expire_all()
    query = select(Letter).where(Letter.mailing_id == mailing_id).order_by(Letter.to_address)
    return list(session.scalars(query))


def addresses(mailing_id: int) -> list[str]:
    """To whom it goes, without the coordinator."""
    found = [letter.to_address for letter in letters(mailing_id)]
    return [address for address in found if address != "cora@example.org"]


def kept(mailing_id: int) -> Mailing:
    """The mailing as it is kept now."""
    session.expire_all()
    return session.get_one(Mailing, mailing_id)
