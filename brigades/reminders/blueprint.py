"""The blueprint that all pages of reminders hang on."""

from flask import Blueprint

bp = Blueprint("reminders", __name__)
