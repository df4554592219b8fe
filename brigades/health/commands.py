"""``flask --app wsgi check``: says what is fit and what is not."""

from pathlib import Path

import click
from flask import current_app
from flask.cli import with_appcontext

from brigades import clock
from brigades.health import service


@click.command("check")
@with_appcontext
def check() -> None:
    """Look at database, mail, worker and settings; exits with 1 where something is unfit."""
    migrations = Path(current_app.root_path) / "migrations"
    fit = True
    for finding in service.findings(current_app.config, migrations, clock.now()):
        click.echo(f"{'ok   ' if finding.fit else 'UNFIT'}  {finding.what}: {finding.says}")
        fit = fit and finding.fit
    if not fit:
        raise SystemExit(1)
