"""``flask --app wsgi keeping due``: what would be taken away; takes nothing."""

import click
from flask.cli import AppGroup

from brigades import clock
from brigades.db import session
from brigades.keeping import service

keeping = AppGroup("keeping", help="How long what names people is kept.")


@keeping.command("due")
def due() -> None:
    """Print how many of each kind were kept long enough; nothing is taken away."""
    kept = service.keep()
    for kind in service.KINDS:
        days = kind.days(kept)
        click.echo(f"{kind.name}: {f'kept for {days} days' if days else 'kept for ever'}")
    for name, number in service.due(clock.now()).items():
        click.echo(f"{name}\t{number}")
    session.rollback()
    click.echo("Nothing was taken away; the worker does it once a day.")
