"""``flask --app wsgi admin create EMAIL``: the first person, who can appoint all others."""

import click
from flask import current_app
from flask.cli import AppGroup

from brigades import clock
from brigades.accounts import first
from brigades.db import unit
from brigades.web import link

admin = AppGroup("admin", help="People who administer the whole organisation.")


@admin.command("create")
@click.argument("email")
@click.option("--given-name", default="", help="Else the address stands for it.")
@click.option("--family-name", default="", help="Family name.")
def create(email: str, given_name: str, family_name: str) -> None:
    """Make EMAIL an administrator and print a one-time link that sets the password.

    Safe to repeat: whoever is known already is appointed, and gets a new link.
    """
    from email_validator import EmailNotValidError, validate_email

    try:
        address = validate_email(email, check_deliverability=False).normalized
    except EmailNotValidError as error:
        raise click.BadParameter(str(error)) from error
    with unit():
        token = first.administrator(
            address,
            given_name=given_name,
            family_name=family_name,
            organisation=current_app.config["ORGANISATION"],
            locale=current_app.config["DEFAULT_LOCALE"],
            now=clock.now(),
        )
    click.echo(f"{address} is an administrator. This link sets the password, once, for 14 days:")
    click.echo(link("accounts.set_password", token=token))
