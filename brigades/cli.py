"""Commands for ``flask --app wsgi``: one line for each group; folders say what is in them."""

from flask import Flask

from brigades.accounts.commands import admin
from brigades.demo.commands import load_demo
from brigades.health.commands import check
from brigades.keeping.commands import keeping
from brigades.reminders.commands import reminders
from brigades.schedule.commands import zones
from brigades.worker import worker

GROUPS = (admin, load_demo, check, keeping, reminders, worker, zones)


def init_app(app: Flask) -> None:
    """Register every command."""
    for group in GROUPS:
        app.cli.add_command(group)
