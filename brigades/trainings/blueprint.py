"""The blueprint that all pages of trainings hang on, and who acts on them."""

from flask import Blueprint

from brigades.access import Scope

bp = Blueprint("trainings", __name__)


def acting(scope: Scope) -> int:
    """Id of the person who acts; the door let only people in."""
    assert scope.person_id is not None
    return scope.person_id
