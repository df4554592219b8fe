"""``flask --app wsgi zones rederive``: after an update of the zone rules."""

import click
from flask.cli import AppGroup

from brigades import clock
from brigades.schedule.rederive import rederive

zones = AppGroup("zones", help="Time zones, whose rules change with days of notice.")


@zones.command("rederive")
def rederive_all() -> None:
    """Move the instants of coming slots to the zone rules of today; wall times stay."""
    moved = rederive(clock.now())
    for slot in moved:
        click.echo(
            f"{slot.slot_id}\t{slot.title}\t{slot.was.isoformat()} -> {slot.became.isoformat()}"
        )
    click.echo(f"{len(moved)} moved, tzdata {clock.tzdata_version()}.")
