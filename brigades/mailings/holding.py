"""Holding a mailing that was let go: pausing it, letting it go on, stopping it for good."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, case, or_, select, update
from sqlalchemy.orm import aliased

from brigades.db import session
from brigades.mailings import trail
from brigades.mailings.models import Stage
from brigades.mailings.service import lock
from brigades.outbox.models import Fate, Letter
from brigades.outbox.reasons import IN_HAND, MAILING_STOPPED


def pause(mailing_id: int, *, by: int, now: datetime) -> bool:
    """Hold back what has not left yet; whether anything changed."""
    return _turn(mailing_id, Stage.SENDING, Stage.PAUSED, by=by, now=now)


def resume(mailing_id: int, *, by: int, now: datetime) -> bool:
    """Let what was held back go on; whether anything changed."""
    return _turn(mailing_id, Stage.PAUSED, Stage.SENDING, by=by, now=now)


def _turn(mailing_id: int, was: Stage, becomes: Stage, *, by: int, now: datetime) -> bool:
    mailing = lock(mailing_id)
    if mailing.stage is not was:
        return False
    mailing.stage, mailing.changed_at = becomes, now
    trail.of_stage(mailing, was, None, by=by, now=now)
    return True


@dataclass(frozen=True)
class Stopped:
    """How many letters will not be sent, and how many a worker had in hand, which may arrive."""

    dropped: int
    in_hand: int


def stop(mailing_id: int, *, by: int, now: datetime) -> Stopped | None:
    """Drop every letter that waits, for good; None where it is not under way.

    What a worker has in hand, by itself or in a daily mail, keeps its lease: it may still arrive,
    and is then marked as sent. Where the worker never says so, it may have arrived. What one is
    just claiming is passed over; writing it drops it.
    """
    mailing = lock(mailing_id)
    if mailing.stage not in (Stage.SENDING, Stage.PAUSED):
        return None
    waits = Letter.fate.in_((Fate.WAITING, Fate.GATHERED))
    free = select(Letter.id).where(Letter.mailing_id == mailing.id, waits)
    daily = aliased(Letter)
    # A lease that has lapsed is of a worker that died: nobody knows whether it had sent the letter.
    written = select(daily.id).where(daily.leased_until.is_not(None), daily.fate == Fate.WAITING)
    told = and_(Letter.told_in_id.is_not(None), Letter.told_in_id.in_(written))
    in_hand = or_(Letter.leased_until.is_not(None), told)
    in_doubt = session.scalars(
        update(Letter)
        .where(Letter.id.in_(free.with_for_update(skip_locked=True)))
        .values(
            fate=Fate.DROPPED,
            # Of what was in doubt before, whoever has it in hand now cannot say either.
            error=case((and_(in_hand, ~Letter.may_have_arrived), IN_HAND), else_=MAILING_STOPPED),
            may_have_arrived=or_(Letter.may_have_arrived, in_hand),
        )
        .returning(Letter.may_have_arrived)
        .execution_options(synchronize_session=False)
    ).all()
    done = Stopped(in_doubt.count(False), in_doubt.count(True))
    was, mailing.stage, mailing.changed_at = mailing.stage, Stage.STOPPED, now
    trail.of_stage(mailing, was, done.dropped, by=by, now=now)
    return done
