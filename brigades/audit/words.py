"""The trail said aloud: what was changed, and between which states, in the reader's language."""

from collections.abc import Callable
from dataclasses import dataclass

from flask_babel import gettext as _

from brigades.audit.models import Entry


@dataclass(frozen=True)
class Change:
    """An entry in words; what there is nothing to say on is empty."""

    what: str
    was: str
    became: str
    why: str


def say(entry: Entry) -> Change:
    """The entry in words; a value without a word of its own (a name, a day) as it was written."""
    what = _WHAT[entry.what]() if entry.what in _WHAT else entry.what
    if entry.what == "slot" and "slot" in names and names["slot"](entry.became):
        what = _("When and where")
    was, became = _value(entry.what, entry.was), _value(entry.what, entry.became)
    return Change(what, was, became, _why(entry.why))


Words = dict[str, Callable[[], str]]

# what -> words for values that a higher folder knows (a skill's code); face registers them.
names: dict[str, Callable[[str], str]] = {}


def _value(what: str, value: str) -> str:
    """Values may be lists, separated by ", ": a role and where, or which details changed."""
    if what in names and (said := names[what](value)):
        return said
    words = _STATES.get(what, {})
    parts = [words[part]() if part in words else part for part in value.split(", ")]
    return str(_(", ")).join(parts)


def _why(why: str) -> str:
    """A reason in words; one that the system gives about somebody ends in their name."""
    if why in _WHY:
        return _WHY[why]()
    if why.startswith(_SWAPPED):
        text: str = _("swapped with %(name)s", name=why.removeprefix(_SWAPPED))
        return text
    return why


_SWAPPED = "swapped with "

_WHAT: Words = {
    "participation": lambda: _("Taking part"),
    "slot": lambda: _("Shift or training"),
    "checked in": lambda: _("Checked in"),
    "checked out": lambda: _("Checked out"),
    "attendance": lambda: _("Times of being there"),
    "printed code": lambda: _("Printed code for checking in"),
    "swap": lambda: _("Swap"),
    "place in question": lambda: _("What stands against a place"),
    "course": lambda: _("Course"),
    "application": lambda: _("Application"),
    "application moved": lambda: _("Application handed on"),
    "letter": lambda: _("Letter"),
    "reminders": lambda: _("Reminders"),
    "kept long enough": lambda: _("Taken away, kept long enough"),
    "mailbox": lambda: _("Address that sent mail back"),
    "mailing": lambda: _("Mailing"),
    "password": lambda: _("Password"),
    "own address": lambda: _("Another address to sign in with"),
    "calendar address renewed": lambda: _("Calendar address renewed"),
    "section calendar": lambda: _("Address of a section's calendar"),
    "push device": lambda: _("Device for messages"),
    "mail wish": lambda: _("How mail is wanted"),
    "mail zone": lambda: _("Time zone for mail"),
    "membership": lambda: _("Membership"),
    "standing": lambda: _("Standing"),
    "person": lambda: _("Details changed"),
    "data given out": lambda: _("All that is kept was given out"),
    "person erased": lambda: _("Person erased"),
    "kept longer": lambda: _("Kept longer after having left"),
    "skill": lambda: _("Skill"),
    "skill removed": lambda: _("Skill removed"),
    "skill verified": lambda: _("Skill verified"),
    "language": lambda: _("Language"),
    "language removed": lambda: _("Language removed"),
    "away": lambda: _("Days away added"),
    "away removed": lambda: _("Days away removed"),
    "guardian": lambda: _("Guardian's consent recorded"),
    "guardian withdrawn": lambda: _("Guardian's consent withdrawn"),
    "qualification granted": lambda: _("Qualification earned"),
    "qualification taken back": lambda: _("Qualification taken back"),
    "qualification added": lambda: _("Qualification added"),
    "qualification verified": lambda: _("Qualification verified"),
    "qualification changed": lambda: _("Qualification changed"),
    "qualification removed": lambda: _("Qualification removed"),
    "kind created": lambda: _("Kind of qualification added"),
    "kind changed": lambda: _("Kind of qualification changed"),
    "section created": lambda: _("Section created"),
    "section changed": lambda: _("Section changed"),
    "section deleted": lambda: _("Section deleted"),
    "appointment": lambda: _("Appointment given"),
    "appointment ended": lambda: _("Appointment ended"),
}

_ROLES: Words = {
    "trainer": lambda: _("trainer"),
    "coordinator": lambda: _("coordinator"),
    "organizer": lambda: _("organizer"),
    "administrator": lambda: _("administrator"),
    "deputy": lambda: _("deputy"),
}

_STATES: dict[str, Words] = {
    "participation": {
        "requested": lambda: _("requested"),
        "waitlisted": lambda: _("on the waiting list"),
        "offered": lambda: _("offered"),
        "confirmed": lambda: _("confirmed"),
        "seeking cover": lambda: _("looking for cover"),
        "attended": lambda: _("came"),
        "absent": lambda: _("did not come"),
        "declined": lambda: _("declined"),
        "lapsed": lambda: _("not answered in time"),
        "withdrawn": lambda: _("withdrawn"),
        "cancelled": lambda: _("cancelled"),
    },
    "slot": {
        "draft": lambda: _("draft"),
        "published": lambda: _("published"),
        "cancelled": lambda: _("cancelled"),
        "edited": lambda: _("details changed"),
    },
    "swap": {
        "asked": lambda: _("asked"),
        "agreed": lambda: _("agreed to, waits for the coordinator"),
        "done": lambda: _("done"),
        "declined": lambda: _("declined"),
        "withdrawn": lambda: _("taken back"),
    },
    "application": {
        "sent": lambda: _("sent"),
        "confirmed": lambda: _("address confirmed"),
        "in review": lambda: _("in review"),
        "accepted": lambda: _("accepted"),
        "declined": lambda: _("declined"),
        "withdrawn": lambda: _("withdrawn"),
    },
    "letter": {
        "failed": lambda: _("failed"),
        "waiting": lambda: _("tried again"),
    },
    "mailbox": {
        "bouncing": lambda: _("mail came back"),
        "tried again": lambda: _("tried again"),
    },
    "course": {
        "archived": lambda: _("archived"),
        "in use": lambda: _("in use"),
    },
    "password": {
        "set": lambda: _("set"),
        "changed": lambda: _("changed"),
    },
    "own address": {
        "asked": lambda: _("asked for"),
    },
    "section calendar": {
        "made": lambda: _("made"),
        "renewed": lambda: _("renewed"),
        "removed": lambda: _("removed"),
    },
    "person": {
        "names": lambda: _("names"),
        "email": lambda: _("email"),
        "phone": lambda: _("phone"),
        "country": lambda: _("country"),
        "locale": lambda: _("language of letters"),
        "availability": lambda: _("availability"),
        "born": lambda: _("date of birth"),
    },
    "appointment": _ROLES,
    "appointment ended": _ROLES,
    "standing": {
        "active": lambda: _("active"),
        "on leave": lambda: _("on leave"),
        "left": lambda: _("left"),
        "archived": lambda: _("archived"),
    },
}

# Reasons that the system itself gives; those that people write are shown as written.
_WHY: Words = {
    "came after all, when the place was given away": lambda: _(
        "came after all, when the place was given away"
    ),
    "a place became free": lambda: _("a place became free"),
    "somebody else took it over": lambda: _("somebody else took it over"),
    "no answer until the deadline": lambda: _("no answer until the deadline"),
    "on their behalf": lambda: _("on their behalf"),
    "the new time conflicts": lambda: _("the new time conflicts with something else"),
    "the new time fits again": lambda: _("the new time fits again"),
    "the zone's rules changed": lambda: _("the rules of the time zone changed"),
    "copied from another one": lambda: _("copied from another one"),
    "repeated as a series": lambda: _("repeated as a series"),
    "brought in from a calendar file": lambda: _("brought in from a calendar file"),
    "made as part of a series": lambda: _("made as part of a series"),
    "together with others of the series": lambda: _("together with others of the series"),
    "together with an earlier one of the series": lambda: _(
        "together with an earlier one of the series"
    ),
    "who led it has left": lambda: _("who led it has left"),
    "left by themselves": lambda: _("left by themselves"),
    "kept long enough": lambda: _("their membership ended long enough ago"),
    "admin create": lambda: _("set up by the administrator of the server"),
}
