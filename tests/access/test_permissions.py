"""Every route says who may use it."""

from brigades.access import Can
from tests.access.routes import rules


def test_every_route_declares_its_permission(app):
    silent = [
        f"{rule.rule} ({rule.endpoint})"
        for rule in rules(app)
        if not isinstance(getattr(app.view_functions[rule.endpoint], "can", None), Can)
    ]
    assert not silent, "put @needs(Can.…) below the route: " + ", ".join(silent)


def test_what_changes_something_does_not_answer_to_opening_it(app):
    """A route that takes a POST at the address of a page is the page's own form, nothing else."""
    odd = [
        rule.rule
        for rule in rules(app)
        if (rule.methods or set()) - {"GET", "HEAD", "OPTIONS", "POST"}
    ]
    assert not odd
