"""The blueprint that the modules with pages of qualifications hang their routes on."""

from flask import Blueprint

bp = Blueprint("qualifications", __name__)
