"""Brigades: recruits, trains and schedules the brigades of a volunteer organisation."""

from collections.abc import Mapping
from importlib import import_module
from pathlib import Path
from typing import Any

from flask import Flask

import config
from brigades import cli, db, extensions, face, faults, web

ROOT = Path(__file__).resolve().parent.parent

# Each folder with a blueprint ``bp`` in its ``views``.
PAGES = (
    "home",
    "accounts",
    "recruiting",
    "sections",
    "people",
    "qualifications",
    "schedule",
    "trainings",
    "shifts",
    "swaps",
    "rechecks",
    "mailings",
    "attendance",
    "timetable",
    "outbox",
    "reminders",
    "push",
    "calendars",
    "keeping",
    "health",
)

# Folders that keep something: their tables must be known before the database is used.
KEPT = (
    "sections",
    "people",
    "accounts",
    "recruiting",
    "qualifications",
    "schedule",
    "trainings",
    "shifts",
    "outbox",
    "audit",
    "reminders",
    "mailings",
    "push",
    "calendars",
    "keeping",
)

# Modules that register what letters say; they are written without any page being asked for.
LETTERS = (
    "accounts.letters",
    "keeping.letters",
    "mailings.letters",
    "outbox.wishes.daily",
    "push.letters",
    "recruiting.letters",
    "reminders.cover_letters",
    "reminders.duties.countdown",
    "reminders.duties.digest",
    "reminders.duties.papers_letter",
    "reminders.duties.stood_still",
    "reminders.given_up",
    "reminders.lead_letter",
    "reminders.letters",
    "reminders.moved_letter",
    "reminders.paper_letter",
    "reminders.question_letter",
    "reminders.reminder_letters",
    "reminders.swap_letters",
    "reminders.waiting_letters",
)


def create_app(overrides: Mapping[str, Any] | None = None) -> Flask:
    """The application: a table of contents."""
    app = Flask(
        __name__,
        root_path=str(ROOT / "brigades"),
        template_folder=str(ROOT / "templates"),
        static_folder=str(ROOT / "brigades" / "static"),
    )
    app.config.from_mapping({**config.settings(), **(overrides or {})})
    app.instance_path = app.config["INSTANCE_PATH"]
    for name in KEPT:
        import_module(f"brigades.{name}.models")
    db.db.init_app(app)
    extensions.init_app(app)
    for name in LETTERS:
        import_module(f"brigades.{name}")
    for name in PAGES:
        app.register_blueprint(import_module(f"brigades.{name}.views").bp)
    listen()
    lend()
    keep_to(app.config["LIMITS"])
    keep_for(app.config["KEEP"])
    face.init_app(app)
    web.init_app(app)
    faults.init_app(app)
    cli.init_app(app)
    return app


def listen() -> None:
    """What happens in a higher folder when a lower one announces something."""
    from brigades.accounts import addresses, confirm
    from brigades.accounts import service as accounts
    from brigades.calendars import feeds
    from brigades.calendars.importing import service as calendar_files
    from brigades.keeping import holding
    from brigades.mailings import erasing as mailings
    from brigades.outbox.delivery import aside
    from brigades.people import details, erasing
    from brigades.people import service as people
    from brigades.push import cookie as push_cookie
    from brigades.push import service as push
    from brigades.push.step import push as push_first
    from brigades.qualifications import erasing as qualifications
    from brigades.recruiting import erasing as recruiting
    from brigades.reminders import copying as reminders_copying
    from brigades.reminders import given_up
    from brigades.schedule import attendance, copying, leads, leaving
    from brigades.schedule import erasing as places
    from brigades.schedule import service as schedule
    from brigades.sections import tree
    from brigades.shifts.models import Shift
    from brigades.trainings import earned
    from brigades.trainings.models import Session

    web.login.user_loader(accounts.load_from_cookie)
    web.login.unauthorized_handler(confirm.sign_in_first)
    web.load_scope = accounts.scope_of
    web.ask_again = confirm.ask_again
    leading = [leads.let_go(Shift.lead_id), leads.let_go(Session.trainer_id)]
    people.leaving[:] = [schedule.free_places, *leading, accounts.close, push.forget]
    people.returning[:] = [accounts.reopen]
    details.readdressed[:] = [addresses.follow]
    details.corrected[:] = [push.forget_all, feeds.forget]
    erasing.listeners[:] = [
        accounts.forget,
        recruiting.forget,
        qualifications.forget,
        places.forget,
        mailings.forget,
        feeds.forget,
        calendar_files.forget,
        holding.forget,
    ]
    erasing.addresses[:] = [recruiting.addresses_of]
    tree.along["section_feed"] = feeds.forget_section
    tree.along["calendar_file"] = calendar_files.forget_section
    attendance.listeners[:] = [earned.grant]
    leaving.listeners[:] = [given_up.confirm]
    copying.listeners[:] = [reminders_copying.take_along]
    push_cookie.listen()
    if push_first not in aside.STEPS:
        aside.STEPS.append(push_first)


def keep_to(text: str) -> None:
    """Judge by the limits that the setting names; ValueError where it cannot be read."""
    from brigades.schedule import limits
    from brigades.schedule.rules import limits_from

    limits.use(limits_from(text))


def keep_for(text: str) -> None:
    """Keep things for as long as the setting says; ValueError where it cannot be read."""
    from brigades.keeping import service
    from brigades.keeping.rules import keep_from

    service.use(keep_from(text))


def lend() -> None:
    """What a page of a lower folder shows of a higher one."""
    from brigades.audit import words as audit_words
    from brigades.keeping import words as keeping_words
    from brigades.mailings import words as mailing_words
    from brigades.outbox.wishes import words as wish_words
    from brigades.people import appointments, choices, listing
    from brigades.people import parts as of_people
    from brigades.people import words as people_words
    from brigades.qualifications import kinds
    from brigades.qualifications import service as qualifications
    from brigades.qualifications import words as qualification_words
    from brigades.rechecks import words as recheck_words
    from brigades.reminders import words as reminder_words
    from brigades.schedule import history, moved_trail
    from brigades.sections import parts as of_sections

    of_sections.loaders.update(appointments=appointments.of_section, people=listing.of_section)
    of_sections.choices.update(countries=choices.countries, skills=choices.skills)
    of_people.loaders.update(
        qualifications=qualification_words.of_person, history=history.of_person
    )
    of_people.filters["qualification"] = qualifications.holding
    of_people.choices["qualification"] = kinds.choices
    of_people.hours[:] = [history.hours]
    audit_words.names.update(people_words.TRAIL)
    audit_words.names["mail wish"] = wish_words.trail_words
    audit_words.names["place in question"] = recheck_words.trail_words
    audit_words.names["reminders"] = reminder_words.trail_words
    audit_words.names["kept long enough"] = keeping_words.trail_words
    audit_words.names["kept longer"] = keeping_words.kept_trail
    audit_words.names["slot"] = moved_trail.trail_words
    audit_words.names["mailing"] = mailing_words.trail_words
