"""Slots whose zone is none: they are passed over with one error, the others must not wait."""

import logging

from brigades.clock import zone
from brigades.schedule.models import Slot

log = logging.getLogger(__name__)


def has_zone(slot: Slot) -> bool:
    """Whether the slot's zone is one; says in the log where it is not."""
    try:
        zone(slot.zone)
    except ValueError as error:
        log.error("slot %s is passed over: %s", slot.id, error)
        return False
    return True
