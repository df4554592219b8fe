"""The blueprint that the modules with pages of keeping hang their routes on."""

from flask import Blueprint

bp = Blueprint("keeping", __name__)
