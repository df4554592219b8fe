"""Slots whose zone is none: they are passed over with one error, the others must not wait."""

import logging

from brigades.clock import zone
from brigades.schedule.models import Slot

log = logging.getLogger(__name__)


def has_zone(slot: Slot) -> bool:
    """Whether the slot's zone is one; says in the log where it is not."""
    return is_sound(slot.id, slot.zone)


def is_sound(slot_id: int, zone_name: str) -> bool:
    """The same of a slot that is known by its id and the name of its zone."""
    try:
        zone(zone_name)
    except ValueError as error:
        log.error("slot %s is passed over: %s", slot_id, error)
        return False
    return True
