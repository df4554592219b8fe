"""``flask demo``: load the made-up organisation."""

from pathlib import Path

import click
from flask import current_app
from flask.cli import with_appcontext

from brigades import clock, db, demo


@click.command("demo")
@click.option("--if-empty", is_flag=True, help="Do nothing where the database holds something.")
@with_appcontext
def load_demo(if_empty: bool) -> None:
    """Load a made-up organisation into an empty database."""
    with db.unit():
        if if_empty and not demo.is_empty():
            return
        try:
            demo.load(
                clock.now(), current_app.config["ORGANISATION"], Path(current_app.instance_path)
            )
        except ValueError as error:
            raise click.ClickException(str(error)) from error
    click.echo("The demo organisation is loaded.")
