"""The blueprint that all pages of shifts hang on."""

from flask import Blueprint

bp = Blueprint("shifts", __name__)
