"""``flask --app wsgi reminders due``: what would be sent; sends nothing."""

from datetime import UTC, datetime

import click
from flask.cli import AppGroup

from brigades import clock
from brigades.db import session
from brigades.outbox.render import write
from brigades.reminders import service

reminders = AppGroup("reminders", help="Reminders, which are derived and never scheduled.")


@reminders.command("due")
@click.option("--at", "at", help="An instant such as 2026-09-30T06:00:00Z; now if not given.")
def due(at: str | None) -> None:
    """Print the reminders and daily mails that would be sent; nothing is posted or sent."""
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
            click.echo(f"{letter.name}\t{letter.to_address}\t{written.subject}")
            letters += 1
    session.rollback()
    click.echo(f"{letters} due at {now.isoformat(timespec='seconds')}, nothing was sent.")


def _instant(text: str) -> datetime:
    try:
        instant = datetime.fromisoformat(text)
    except ValueError as error:
        raise click.BadParameter(f"not an instant: {text!r}", param_hint="--at") from error
    if instant.tzinfo is None:
        raise click.BadParameter("an instant needs its zone, such as Z", param_hint="--at")
    return instant.astimezone(UTC)
