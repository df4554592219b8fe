"""The blueprint that all pages of trainings hang on, and who acts on them."""

from flask import Blueprint

bp = Blueprint("trainings", __name__)
