"""``flask --app wsgi reminders due``: what would be sent; sends nothing."""

from datetime import UTC, datetime

import click
from flask.cli import AppGroup

from brigades import clock
from brigades.db import session
from brigades.outbox.render import write
from brigades.reminders import service
from brigades.reminders.posting import Because

reminders = AppGroup("reminders", help="Reminders, which are derived and never scheduled.")


@reminders.command("due")
@click.option("--at", "at", help="An instant such as 2026-09-30T06:00:00Z; now if not given.")
def due(at: str | None) -> None:
    """Print the reminders and daily mails that would be sent; nothing is posted or sent.

    A line for each: its name, the address, the subject, and why it goes out.
    """
    now = _instant(at) if at else clock.now()
    letters = 0
    for posting in service.due(now):
        letter = posting.letter(now)
        try:
            written = write(letter, now)
        except Exception as error:
            click.echo(f"{letter.name}\t{letter.to_address}\tcannot be written: {error}", err=True)
            continue
        if written is not None:
            why = because(posting.because)
            click.echo(f"{letter.name}\t{letter.to_address}\t{written.subject}\t{why}")
            letters += 1
    session.rollback()
    click.echo(f"{letters} due at {now.isoformat(timespec='seconds')}, nothing was sent.")


def because(why: Because | None) -> str:
    """Why a letter goes out, for whoever reads a log: plain English, times on the slot's wall."""
    if why is None:
        return "every morning"
    if why.to is None:
        return f"holder, {why.hours // 24} days before {why.starts.local:%Y-%m-%d}: {why.title}"
    what = f"{why.title!r} {why.starts.local:%Y-%m-%d %H:%M} {why.starts.zone}"
    plan = f"{why.source} {why.named}".strip()
    return f"{why.to}, {why.hours} h before {what}, plan: {plan}"


def _instant(text: str) -> datetime:
    try:
        instant = datetime.fromisoformat(text)
    except ValueError as error:
        raise click.BadParameter(f"not an instant: {text!r}", param_hint="--at") from error
    if not 1900 <= instant.year <= 9000:  # beyond, days before and after it cannot be said
        raise click.BadParameter("must lie between the years 1900 and 9000", param_hint="--at")
    if instant.tzinfo is None:
        raise click.BadParameter("an instant needs its zone, such as Z", param_hint="--at")
    return instant.astimezone(UTC)
