"""The blueprint that the modules with pages of people hang their routes on."""

from flask import Blueprint

bp = Blueprint("people", __name__)
