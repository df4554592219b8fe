"""The blueprint of the pages that are the same for every kind of slot."""

from flask import Blueprint

bp = Blueprint("schedule", __name__)
