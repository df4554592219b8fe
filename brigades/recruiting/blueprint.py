"""The blueprint that both halves of recruiting's pages register with."""

from flask import Blueprint

bp = Blueprint("recruiting", __name__)
