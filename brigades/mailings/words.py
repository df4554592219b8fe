"""Mailings said aloud: stages, who is left out and why, what is still missing."""

from collections.abc import Callable

from flask_babel import gettext as _
from flask_babel import ngettext
from markupsafe import Markup

from brigades.mailings.models import Stage
from brigades.mailings.progress import DONE
from brigades.mailings.recipients import LeftOut
from brigades.mailings.rules import Fault, Part, Placeholder, Wrong, pieces
from brigades.mailings.sending import Missing
from brigades.mailings.trail import Act
from brigades.schedule.models import Slot
from brigades.texts import short_day, time_words

_STAGES: dict[str, tuple[str, str, Callable[[], str]]] = {
    Stage.DRAFT: ("is-off", "pencil", lambda: _("Draft")),
    Stage.SENDING: ("is-wait", "send", lambda: _("Under way")),
    DONE: ("is-ok", "check-circle-fill", lambda: _("Done")),
    Stage.PAUSED: ("is-call", "hourglass-split", lambda: _("Paused")),
    Stage.STOPPED: ("is-gap", "slash-circle", lambda: _("Stopped")),
}

_LEFT_OUT: dict[LeftOut, Callable[[], str]] = {
    LeftOut.LEFT: lambda: _("has left"),
    LeftOut.NOT_ACTIVE: lambda: _("is on leave"),
    LeftOut.TAKEN_OUT: lambda: _("taken out by hand"),
    LeftOut.NO_ADDRESS: lambda: _("has no address"),
    LeftOut.BOUNCING: lambda: _("mail to their address comes back"),
    LeftOut.NOT_WANTED: lambda: _("does not want such letters"),
    LeftOut.GOT_IT: lambda: _("has got it already"),
    LeftOut.MAY_HAVE_IT: lambda: _("may have got it already"),
}

_MISSING: dict[Missing, Callable[[], str]] = {
    Missing.TEXT: lambda: _("It has no subject and text yet."),
    Missing.FAULTS: lambda: _("The text has placeholders that cannot be filled in."),
    Missing.SLOT: lambda: _("The shift or training it is about is not there any more."),
    Missing.ABOUT_PLACE: lambda: _(
        "It cannot go out as a letter about their place: that asks for a shift or training that"
        " is not over, and for people who are coming, offered a place, asking or waiting."
    ),
    Missing.NOBODY: lambda: _("Nobody would get it."),
}

_PLACEHOLDERS: dict[Placeholder, Callable[[], str]] = {
    Placeholder.GIVEN_NAME: lambda: _("given name"),
    Placeholder.NAME: lambda: _("whole name"),
    Placeholder.SECTION: lambda: _("their section"),
    Placeholder.SLOT: lambda: _("title of the shift or training"),
    Placeholder.WHEN: lambda: _("when it is, with the time zone"),
    Placeholder.WHERE: lambda: _("where it is"),
    Placeholder.LINK: lambda: _("address of its page"),
}


def stage_badge(stage: str) -> tuple[str, str, str]:
    """Tone, icon and words of where a mailing stands, for the macro ``badge``."""
    tone, icon, words = _STAGES[stage]
    return tone, icon, words()


def stages() -> list[tuple[str, str]]:
    """Every stage with its words, to filter by."""
    return [(stage, words()) for stage, (_tone, _icon, words) in _STAGES.items()]


def left_out_words(why: LeftOut) -> str:
    """Why somebody gets no letter."""
    return _LEFT_OUT[why]()


def missing_words(missing: Missing) -> str:
    """What a mailing still needs."""
    return _MISSING[missing]()


def placeholders() -> list[tuple[str, str]]:
    """Every placeholder as it is typed, and what it says."""
    return [(f"{{{name.value}}}", words()) for name, words in _PLACEHOLDERS.items()]


def in_words(text: str) -> str:
    """A line as it was typed, with what each placeholder says in place of its code."""
    return "".join(
        f"[{_PLACEHOLDERS[Placeholder(piece.text)]()}]"
        if piece.part is Part.PLACEHOLDER
        else piece.text
        for piece in pieces(text)
    )


def with_blanks(text: str) -> Markup:
    """The same for a page: a placeholder is a quiet blank that says what will stand there."""
    return Markup("").join(
        Markup('<span class="br-blank">{}</span>').format(_PLACEHOLDERS[Placeholder(piece.text)]())
        if piece.part is Part.PLACEHOLDER
        else piece.text
        for piece in pieces(text)
    )


def fault_words(fault: Fault) -> str:
    """What is wrong with a placeholder, and how to mend it."""
    if fault.wrong is Wrong.NEEDS_SLOT:
        text = _(
            "%(words)s says something only where the people were chosen by a shift or training.",
            words=fault.words,
        )
    elif fault.wrong is Wrong.UNKNOWN:
        text = _(
            "%(words)s is no placeholder. For a brace as such, write it twice.", words=fault.words
        )
    else:
        text = _(
            "There is a single %(words)s. For a brace as such, write it twice.", words=fault.words
        )
    return str(text)


def slot_words(slot: Slot) -> str:
    """A slot in a list to choose from: when it starts, what it is, whose."""
    day, time = short_day(slot.starts.local.date()), time_words(slot.starts)
    return f"{day} {time} · {slot.title} · {slot.section.name}"


def state_names() -> list[tuple[str, str]]:
    """How somebody stands in a slot, to choose by."""
    return [
        ("coming", _("Coming")),
        ("offered", _("Offered a place")),
        ("requested", _("Asking for a place")),
        ("waitlisted", _("On the waiting list")),
        ("attended", _("Came")),
        ("absent", _("Did not come")),
    ]


def trail_words(value: str) -> str:
    """What the trail keeps: a stage or what was done to a draft, how many letters, the subject."""
    stage, _bar, rest = value.partition("|")
    counted, _bar, subject = rest.partition("|")
    if stage in _ACTS:
        said = _ACTS[stage]()
    else:
        said = _STAGES[stage][2]() if stage in _STAGES else stage
        if counted.isdigit():
            said = ngettext(
                "%(stage)s, %(num)s letter", "%(stage)s, %(num)s letters", int(counted), stage=said
            )
    return f"{said}: {in_words(subject)}" if subject else str(said)


_ACTS: dict[str, Callable[[], str]] = {
    Act.CREATED: lambda: _("Draft begun"),
    Act.COPIED: lambda: _("Draft made as a copy"),
    Act.CHOSEN: lambda: _("Draft, its readers changed"),
    Act.WRITTEN: lambda: _("Draft, its text changed"),
    Act.DISCARDED: lambda: _("Draft thrown away"),
}
