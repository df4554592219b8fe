"""Pages of sections."""

from flask import Blueprint

bp = Blueprint("sections", __name__)
