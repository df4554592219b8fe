"""The blueprint of the calendars' pages."""

from flask import Blueprint

bp = Blueprint("calendars", __name__)
