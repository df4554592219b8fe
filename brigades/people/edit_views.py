"""One person: all that is known of them, and a coordinator changing it."""

from typing import Any

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _

from brigades import clock
from brigades.access import Can, Scope, acting
from brigades.audit import service as audit
from brigades.people import age, appointments, away, details, parts, service
from brigades.people.blueprint import bp
from brigades.people.forms import MoveForm, PersonForm, StandingForm
from brigades.people.models import Person, Standing
from brigades.people.words import standing_words
from brigades.sections import service as sections
from brigades.sections.models import Section
from brigades.web import get_or_404, needs

ID = "int(max=2147483647)"


def person_in_scope(scope: Scope, person_id: int) -> Person:
    """A person within the scope, with section, skills and languages; or 404."""
    return get_or_404(details.in_full(scope.select(Person).where(Person.id == person_id)))


@bp.get(f"/people/<{ID}:person_id>")
@needs(Can.SIGNED_IN)
def show(scope: Scope, person_id: int) -> Any:
    """Who they are, what they can do, where they belonged and what they took part in.

    A volunteer's own number leads to their profile.
    """
    scope = scope.using(Can.SEE_PEOPLE)
    if person_id == scope.person_id and not scope.may(Can.SEE_PEOPLE):
        return redirect(url_for("people.me"))
    person = person_in_scope(scope, person_id)
    now = clock.now()
    sees_trail = scope.may(Can.SEE_TRAIL, person.section_id)
    return render_template(
        "people/show.html",
        person=person,
        today=now.date(),
        memberships=details.memberships(person.id),
        parts=parts.load(person.id, now),
        entries=audit.trail(person_id=person.id) if sees_trail else None,
        edits=scope.may(Can.EDIT_PEOPLE, person.section_id),
        erases=scope.may(Can.ERASE_PEOPLE, person.section_id) and not person.erased_on,
        holds=person.standing in service.GONE
        and not person.erased_on
        and scope.may(Can.HOLD_BACK, person.section_id),
        appoints=scope.may(Can.APPOINT, person.section_id),
        standing_words=standing_words,
        away=away.coming(person.id, now.date()),
        adult=age.adult(),
    )


@bp.get(f"/people/<{ID}:person_id>/edit")
@needs(Can.EDIT_PEOPLE)
def edit(scope: Scope, person_id: int) -> str:
    """The form with everything as it is."""
    person = person_in_scope(scope, person_id)
    form = PersonForm(obj=person, today=clock.now().date())
    return _form(scope, form, person, _may_change_address(scope, person))


@bp.post(f"/people/<{ID}:person_id>/edit")
@needs(Can.EDIT_PEOPLE, form=True)
def change(scope: Scope, person_id: int) -> Any:
    """Keep what was typed."""
    person = person_in_scope(scope, person_id)
    address_too = _may_change_address(scope, person)
    now = clock.now()
    form = PersonForm(today=now.date())
    if not form.validate_on_submit():
        return _form(scope, form, person, address_too), 422
    if address_too:
        try:
            details.change_address(person, form.email.data, by=acting(scope), now=now)
        except details.AddressTaken:
            form.email.errors = [_("Somebody else has this address.")]
            return _form(scope, form, person, address_too), 422
    details.change(person, form.details, by=acting(scope), now=now)
    if form.born.raw_data:  # the field was there
        age.set_born(person, form.born.data, by=acting(scope), now=now)
    flash(_("The details were saved."), "success")
    return redirect(url_for(".show", person_id=person_id))


@bp.get(f"/people/<{ID}:person_id>/standing")
@needs(Can.EDIT_PEOPLE)
def ask_standing(scope: Scope, person_id: int) -> str:
    """Asks which standing and why, and says what follows."""
    person = person_in_scope(scope, person_id)
    return _standing_page(StandingForm(data={"standing": person.standing.value}), person)


@bp.post(f"/people/<{ID}:person_id>/standing")
@needs(Can.EDIT_PEOPLE, form=True)
def set_standing(scope: Scope, person_id: int) -> Any:
    """Change it; nobody ends their own membership by mistake."""
    person = person_in_scope(scope, person_id)
    form = StandingForm()
    if not form.validate_on_submit():
        return _standing_page(form, person), 422
    wanted = Standing(form.standing.data)
    if person.id == scope.person_id and wanted is Standing.LEFT:
        form.standing.errors = [_("Ask somebody else to end your membership.")]
        return _standing_page(form, person), 422
    try:
        service.set_standing(
            person, wanted, by=acting(scope), now=clock.now(), why=form.why.data or ""
        )
    except appointments.LastAdministrator:
        form.standing.errors = [_("This is the last administrator. Appoint another one first.")]
        return _standing_page(form, person), 422
    flash(_("The standing was changed."), "success")
    return redirect(url_for(".show", person_id=person_id))


@bp.get(f"/people/<{ID}:person_id>/move")
@needs(Can.EDIT_PEOPLE)
def ask_move(scope: Scope, person_id: int) -> str:
    """Asks where to and why."""
    person = person_in_scope(scope, person_id)
    return _move_page(MoveForm(_others(scope, person)), person)


@bp.post(f"/people/<{ID}:person_id>/move")
@needs(Can.EDIT_PEOPLE, form=True)
def move(scope: Scope, person_id: int) -> Any:
    """Make them a member of another section within reach."""
    person = person_in_scope(scope, person_id)
    others = _others(scope, person)
    form = MoveForm(others)
    if not form.validate_on_submit():
        return _move_page(form, person), 422
    section = next(one for one in others if str(one.id) == form.section.data)
    service.join_section(
        person, section, by=acting(scope), now=clock.now(), why=form.why.data or ""
    )
    flash(
        _("%(name)s now belongs to %(section)s.", name=person.name, section=section.name),
        "success",
    )
    return redirect(url_for(".show", person_id=person_id))


def _others(scope: Scope, person: Person) -> list[Section]:
    return [one for one in sections.within(scope) if one.id != person.section_id]


def _may_change_address(scope: Scope, person: Person) -> bool:
    """Who changes an address could have its password sent there.

    So the address of somebody with a role is for those who could give that role. One's own is
    changed where a link goes to the new one.
    """
    if person.id == scope.person_id:
        return False
    roles = appointments.running(person.id, clock.now().date())
    return all(scope.may(Can.APPOINT, role.section_id) for role in roles)


def _form(scope: Scope, form: PersonForm, person: Person, address_too: bool) -> str:
    born_too = person.born is None or person.id != scope.person_id
    return render_template(
        "people/edit.html", form=form, person=person, address_too=address_too, born_too=born_too
    )


def _standing_page(form: StandingForm, person: Person) -> str:
    return render_template(
        "people/standing.html", form=form, person=person, now=standing_words(person.standing)
    )


def _move_page(form: MoveForm, person: Person) -> str:
    return render_template("people/move.html", form=form, person=person)
