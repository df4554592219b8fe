"""What belongs to one section stays unseen and untouched by another. # AUTHZ-01"""

import pytest
from sqlalchemy import select

from brigades.db import Base, session
from tests.access.routes import METHODS, address, ask, forms_for, pages_of, walk
from tests.access.world import SECRET_NAME, SECRETS, Watch

pytestmark = pytest.mark.long

# Routes that open a row to everybody, each with the reason why that is right.
PUBLIC = {
    "accounts.set_password": "whoever has the link owns the account; nobody else gets it",
    "accounts.set_password_now": "whoever has the link owns the account; nobody else gets it",
    "attendance.here": "whoever scanned the code is told that they have no place, and no more",
    "attendance.say_here": "whoever scanned the code is told that they have no place, and no more",
    "calendars.feed": "calendar programs cannot sign in; the secret is the key",
    "recruiting.confirm": "an applicant has no account yet; the link from the mail is the key",
    "recruiting.confirmed": "an applicant has no account yet; the link from the mail is the key",
    "recruiting.withdrawn": "an applicant has no account yet; the link from the mail is the key",
    "people.stop_mail": "the link from the mail is the key",
    "keeping.ask_stay": "the link from the mail is the key",
    "keeping.stay": "the link from the mail is the key",
    "people.stop_mail_now": "the link from the mail is the key",
    "sections.show": "what a section says of itself is for everybody",
    "schedule.answer_by_mail": "the link from the mail is the key",
    "schedule.answer_cover": "the link from the mail is the key",
    "schedule.take_answer_by_mail": "the link from the mail is the key",
    "schedule.take_answer_cover": "the link from the mail is the key",
    "swaps.answer_by_mail": "the link from the mail is the key",
    "swaps.take_answer_by_mail": "the link from the mail is the key",
}
# Rows that belong to no section.
SHARED = {"kind_id": "kinds of qualification are the same in all sections"}
# Forms with which everybody may put something into any section.
OPEN_TO_ALL = {"recruiting.go": "whoever applies chooses the section"}
# Pages on which sections stand by name for everybody.
NAMES_SECTIONS = {
    "home.index",
    "recruiting.join",
    "recruiting.go",
    "sections.index",
    "sections.show",
}


def browsers(world, enter):
    return {
        "signed out": enter(None),
        "volunteer": enter(world.neighbour),
        "every role": enter(world.power),
    }


def is_refusal(answer, stranger) -> bool:
    if stranger == "signed out" and answer.code == 302:
        return answer.location.startswith("/login")
    return answer.code in (401, 403, 404)


def secrets_in(answer, endpoint) -> list[str]:
    words = SECRETS if endpoint in NAMES_SECTIONS else (*SECRETS, SECRET_NAME)
    return [word for word in words if word in answer.text]


def test_the_ids_that_strangers_try_are_those_of_real_rows(app, world, enter):
    """Or the walk below would prove nothing."""
    insiders = [enter(world.insider), enter(world.owner), enter(None)]
    unreal = []
    for rule in walk(app, "GET", with_arguments=True):
        at = address(app, rule, world)
        answers = [ask(client, "GET", at) for client in insiders]
        if all(answer.code >= 400 for answer in answers):
            told = [answer.text if answer.code == 599 else answer.code for answer in answers]
            unreal.append(f"{at} ({rule.endpoint}): {told}")
    assert not unreal, "\n".join(unreal)


def test_a_stranger_with_a_real_id_finds_nothing_and_changes_nothing(app, world, enter):
    forms = forms_for(app, pages_of(app, world, [enter(world.insider), enter(world.owner)]))
    strangers = browsers(world, enter)
    watch, wrong = Watch(), []
    for method in METHODS:
        for rule in walk(app, method, with_arguments=True):
            if rule.endpoint in PUBLIC or rule.arguments <= SHARED.keys():
                continue
            at = address(app, rule, world)
            sent = forms[rule.endpoint].values if rule.endpoint in forms else {}
            for stranger, client in strangers.items():
                answer = ask(client, method, at, data=sent if method == "POST" else None)
                what = f"{stranger}: {method} {at} ({rule.endpoint})"
                if not is_refusal(answer, stranger):
                    wrong.append(f"{what}: {answer.code} {answer.text if answer.fault else ''}")
                if told := secrets_in(answer, rule.endpoint):
                    wrong.append(f"{what} tells {told}")
                if method == "POST" and (changed := watch.difference()):
                    wrong.append(f"{what} changed {changed}")
    assert not wrong, "\n".join(wrong)


def test_no_list_or_public_page_tells_a_stranger_who_is_in_another_section(app, world, enter):
    questions = ("", "?q=Featherstone", f"?section={world.a.id}", f"?section={world.a.slug}")
    told = {}
    for stranger, client in browsers(world, enter).items():
        for rule in walk(app, "GET"):
            if rule.arguments and rule.endpoint != "sections.show":
                continue
            for question in questions:
                answer = ask(client, "GET", address(app, rule, world) + question)
                found = [word for word in secrets_in(answer, rule.endpoint) if word not in question]
                if found:
                    told[f"{stranger}: {rule.endpoint}{question}"] = found
    assert not told


def test_naming_another_section_in_a_form_puts_nothing_there(app, world, enter):
    client = enter(world.power)
    forms = forms_for(app, pages_of(app, world, [client]))
    by_slug = dict.fromkeys(("section", "section_id", "parent"), world.a.slug)
    planted = dict.fromkeys(by_slug, str(world.a.id)) | {
        "course": str(world.course.id),
        "course_id": str(world.course.id),
        "trainer": str(world.owner.id),
        "person": str(world.owner.id),
        "person_id": str(world.owner.id),
        "need": str(world.shift_place.need_id),
        "place": str(world.shift_place.id),
    }
    watch, wrong = Watch(), []
    for rule in walk(app, "POST", with_arguments=False):
        if rule.endpoint in OPEN_TO_ALL:
            continue
        form = forms.get(rule.endpoint)
        values = dict(form.values) if form else {}
        named, slugs = (
            {name: value for name, value in given.items() if name in values or not form}
            for given in (planted, by_slug)
        )
        # First one at a time, then all of them; a section by its id and by its slug.
        alone = ({name: value} for given in (named, slugs) for name, value in given.items())
        for changed in [*alone, named, named | slugs]:
            answer = ask(client, "POST", address(app, rule, world), data=values | changed)
            if found := secrets_in(answer, rule.endpoint):
                wrong.append(f"{rule.endpoint} {changed} tells {found}")
            if watch.moved():
                for table, rows in world.rows_of_a.items():
                    if lost := rows - watch.rows[table]:
                        wrong.append(f"{rule.endpoint} {changed} changed {table}: {min(lost)}")
                        world.rows_of_a[table] = rows - lost
                wrong += [f"{rule.endpoint} {changed} {more}" for more in new_in_a(world)]
            client = enter(world.power)  # it may just have signed out
    assert not wrong, "\n".join(wrong)


def new_in_a(world) -> list[str]:
    """Rows that say they belong to the first section and were not there before."""
    found = []
    for table in Base.metadata.sorted_tables:
        if "section_id" in table.c:
            for row in session.execute(select(table).where(table.c.section_id == world.a.id)):
                kept = tuple(repr(value) for value in row)
                if kept not in world.rows_of_a[table.name]:
                    found.append(f"put into {table.name}: {kept}")
                    world.rows_of_a[table.name].add(kept)
    return found
