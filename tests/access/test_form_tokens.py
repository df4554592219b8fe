"""Nothing is changed by a form from another site."""

import pytest

from tests.access.routes import address, ask, forms_for, pages_of, walk
from tests.access.world import Watch
from tests.support.apps import beside
from tests.support.databases import ONE_DATABASE, POSTGRESQL

pytestmark = pytest.mark.long

# Routes that need no token, each with the reason why that is safe.
EXEMPT = {
    "keeping.stay": "whoever has the link from the mail may do this",
    "people.stop_mail_now": "whoever has the link from the mail may do this, mail programs do",
    "recruiting.confirmed": "whoever has the link from the mail may do this",
    "recruiting.withdrawn": "whoever has the link from the mail may do this",
    "schedule.take_answer_by_mail": "whoever has the link from the mail may do this",
    "schedule.take_answer_cover": "whoever has the link from the mail may do this",
    "swaps.take_answer_by_mail": "whoever has the link from the mail may do this",
}

# What the two who walk send: no token, and a forged one.
WITHOUT: tuple[dict[str, str], ...] = ({}, {"csrf_token": "forged"})


# Refused before any database is asked: on one of them is enough.
@ONE_DATABASE
def test_every_post_without_a_token_is_refused_and_changes_nothing(app, world, enter):
    people = [enter(world.insider), enter(world.owner)]
    forms = forms_for(app, pages_of(app, world, people))
    wrong = []
    with beside(app, WTF_CSRF_ENABLED=True) as guarded:
        walkers = {name: enter(getattr(world, name), guarded) for name in ("insider", "owner")}
        watch = Watch()
        for rule in walk(app, "POST"):
            if rule.endpoint in EXEMPT:
                continue
            at = address(app, rule, world)
            values = forms[rule.endpoint].values if rule.endpoint in forms else {}
            bare = {name: value for name, value in values.items() if name != "csrf_token"}
            for (walker, client), token in zip(walkers.items(), WITHOUT, strict=True):
                answer = ask(client, "POST", at, data=bare | token)
                what = f"{walker}: {rule.rule} ({rule.endpoint})"
                if not 400 <= answer.code < 500:
                    wrong.append(f"{what}: {answer.code} {answer.text if answer.fault else ''}")
                if changed := watch.difference():
                    wrong.append(f"{what} changed {changed}")
    assert not wrong, "\n".join(wrong)


# PostgreSQL refuses to write in a page at all; on it nothing can be overlooked.
@POSTGRESQL
def test_opening_a_page_changes_nothing(app, world, enter):
    """# AUTH-09, for every page: what scanners of mail open, people have not answered."""
    walkers = {"insider": enter(world.insider), "owner": enter(world.owner), "nobody": enter(None)}
    watch, wrong = Watch(), []
    for rule in walk(app, "GET"):
        at = address(app, rule, world)
        for walker, client in walkers.items():
            for method in ("HEAD", "GET") if walker == "owner" else ("GET",):
                answer = ask(client, method, at)
                if answer.fault:
                    wrong.append(f"{walker}: {method} {at} ({rule.endpoint}): {answer.text}")
            if changed := watch.difference():
                wrong.append(f"{walker}: {at} ({rule.endpoint}) changed {changed}")
    assert not wrong, "\n".join(wrong)
