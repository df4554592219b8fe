"""Pages of qualifications."""

from flask import Blueprint

bp = Blueprint("qualifications", __name__)
