"""What is said of files and events that are brought in, in the reader's language."""

from datetime import datetime

from flask_babel import gettext as _
from flask_babel import ngettext

from brigades.calendars.importing.kept import MOST, Kept
from brigades.calendars.importing.looking import Item
from brigades.calendars.reading.found import Left, NoCalendar, Remark, Whole, Why
from brigades.calendars.reading.reader import HORIZON
from brigades.clock import DAY
from brigades.schedule.series_words import oddities
from brigades.schedule.terms_form import doubt_words


def no_calendar(why: NoCalendar) -> str:
    """Why a file as a whole was not read, and what to do."""
    text: str = {
        NoCalendar.EMPTY: lambda: _("The file is empty. Export it again and choose it anew."),
        NoCalendar.LARGE: lambda: _(
            "The file is larger than 2 MB. Export a shorter time, or one calendar at a time."
        ),
        NoCalendar.PACKED: lambda: _(
            "This is a packed file or a spreadsheet. Unpack it and choose one of the files in it "
            "that end in .ics."
        ),
        NoCalendar.PAGE: lambda: _(
            "This is a web page and no calendar file. Download the calendar itself: "
            "it ends in .ics."
        ),
        NoCalendar.OTHER: lambda: _(
            "This is no calendar file. Choose one that ends in .ics, as calendar programs "
            "export it."
        ),
        NoCalendar.DEEP: lambda: _("The file is damaged and cannot be read. Export it again."),
        NoCalendar.NOTHING: lambda: _("There is no event in this file."),
    }[why]()
    return text


def left_words(left: Left) -> str:
    """Why one event cannot be brought in."""
    said = left.detail
    text: str = {
        Why.NO_START: lambda: _("It does not say when it starts."),
        Why.NO_DATE: lambda: _("“%(said)s” is no date that can be read.", said=said),
        Why.NO_END: lambda: _("It does not say when it ends."),
        Why.ENDS_FIRST: lambda: _("It ends before it starts."),
        Why.LONG: lambda: _("It lasts longer than 31 days."),
        Why.FAR: lambda: _("It is in the year %(said)s. Check the year.", said=said),
        Why.CANCELLED: lambda: _("It is marked as cancelled in the file."),
        Why.ZONE: lambda: _(
            "It names the time zone “%(said)s”, which is unknown, so its time is not sure.",
            said=said,
        ),
        Why.TOO_OFTEN: lambda: _("It repeats more often than every hour of a day."),
        Why.RULE: lambda: _("It repeats in a way that cannot be read."),
        Why.NEVER: lambda: _("No day is left of its series."),
        Why.ENDLESS: lambda: _("The file repeats more than can be read at once."),
    }[left.why]()
    return text


def remarks(item: Item, zone_name: str) -> list[str]:
    """What somebody should know before they choose it; ``zone_name``: the section's zone."""
    zone = zone_name.rsplit("/", 1)[-1].replace("_", " ")
    known = {
        Remark.FLOATING: lambda: _(
            "The file names no time zone: it is taken as the time in %(zone)s.", zone=zone
        ),
        Remark.OWN_ZONE: lambda: _(
            "Its time zone is known to the file alone: check that the time is right."
        ),
        Remark.PRIVATE: lambda: _("It is marked as private in the file."),
        Remark.FOLLOWING: lambda: _(
            "The file changes this one and those that follow: only this one was changed."
        ),
        Remark.NO_TITLE: lambda: _("It has no title."),
        Remark.CUT: lambda: _("Its title, place or description is too long and was cut."),
    }
    said = [known[one]() for one in item.one.remarks if one in known]
    if item.twin:
        said.append(_("There is one of this title and time already."))
    return said


def doubts(item: Item, now: datetime) -> list[str]:
    """What is odd about its time, as sentences."""
    at = item.one.at
    if at is None:
        return []
    return [*oddities(at), *doubt_words(at.starts_at, at.ends_at, now)]


def whole_words(kept: Kept) -> list[str]:
    """What there is to know about the file as a whole."""
    said = {
        Whole.LETTERS: lambda: _(
            "Some letters were guessed, because the file is not in UTF-8. Check the titles."
        ),
        Whole.BROKEN_OFF: lambda: _(
            "The file breaks off in the middle. Export it again if some are missing."
        ),
        Whole.OTHERS: lambda: _("Tasks and notes in the file were left out."),
    }
    found = [said[one]() for one in kept.whole]
    if any(Remark.HORIZON in one.remarks for one in kept.ones):
        found.append(
            _(
                "Series that go on without end were read for the next %(num)s days. Bring in the "
                "file again later for more.",
                num=HORIZON // DAY,
            )
        )
    if kept.cut:
        found.append(
            ngettext(
                "Only the next %(most)s are shown, %(num)s more is not.",
                "Only the next %(most)s are shown, %(num)s more are not.",
                kept.cut,
                most=MOST,
            )
        )
    return found
