"""``flask --app wsgi keeping due``: what and who would go, when and why; takes nothing."""

import click
from flask.cli import AppGroup
from flask_babel import force_locale
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from brigades import clock
from brigades.db import session
from brigades.keeping import listing, service
from brigades.keeping.leavers import ids, last_day
from brigades.keeping.words import against_words, ended_words, left_words, told_words
from brigades.people.models import Person

keeping = AppGroup("keeping", help="How long what names people is kept.")
CHUNK = 200


@keeping.command("due")
@click.option("--days", default=30, show_default=True, help="Who is erased within so many days.")
def due(days: int) -> None:
    """Print what was kept long enough, and who goes when and why; nothing is taken away."""
    now, kept = clock.now(), service.keep()
    lengths = {kind.name: kind.days(kept) for kind in service.KINDS}
    lengths |= {"members who left": kept.members, "members who were with children": kept.children}
    for name, length in lengths.items():
        click.echo(f"{name}: {f'kept for {length} days' if length else 'kept for ever'}")
    for name, number in service.due(now).items():
        click.echo(f"{name}\t{number}")
    with force_locale("en"):
        for line in [*_members(days), *_applications(days)]:
            click.echo("\t".join(line))
    session.rollback()
    click.echo("Nothing was taken away; the worker does it once a day.")


def _members(days: int) -> list[list[str]]:
    """Who left so long ago, where they belonged, when they go, and why then."""
    now, keep = clock.now(), service.keep()
    last = last_day(keep, now.date(), days)
    found = ids(last) if last is not None else []
    lines = []
    for start in range(0, len(found), CHUNK):
        some = select(Person).where(Person.id.in_(found[start : start + CHUNK]))
        people = session.scalars(some.options(joinedload(Person.section)).order_by(Person.id)).all()
        for row in listing.rows(people, now):
            ground = row.farewell.ground if row.farewell else None
            told = told_words(row.facts, keep, bool(row.person.email))
            said = against_words(row.facts, keep, ground, now.date())
            why = " ".join([left_words(row.facts), *said, *([told] if told else [])])
            day = row.goes_on.isoformat() if row.goes_on else "not yet"
            lines.append([day, "member", row.person.name, row.person.section.name, why])
    return sorted(lines)


def _applications(days: int) -> list[list[str]]:
    now = clock.now()
    found = session.scalars(listing.applications_within(days, now)).all()
    return [
        [
            listing.application_goes_on(one).isoformat(),
            "application",
            one.name,
            one.section.name,
            ended_words(one),
        ]
        for one in found
    ]
