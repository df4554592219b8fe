"""Keeping what push services said: who was told, which devices are gone."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import delete, func, update

from brigades.db import session, unit
from brigades.outbox.models import Letter
from brigades.push.models import Subscription
from brigades.push.rules import GIVEN_UP_AFTER, MOST_REFUSALS, Answer
from brigades.push.sending import Message


def keep(answers: Mapping[Message, Answer], now: datetime) -> None:
    """Keep it in one transaction, in the same few statements for however many; commits."""
    if not answers:
        return
    by_answer: dict[Answer, set[int]] = {answer: set() for answer in Answer}
    for message, answer in answers.items():
        by_answer[answer].add(message.device_id)
    told = {each.letter_id for each, answer in answers.items() if answer is Answer.TAKEN}
    taken, gone = by_answer[Answer.TAKEN], by_answer[Answer.GONE]
    refused = by_answer[Answer.REFUSED] - taken - gone
    device = Subscription.id
    with unit():
        if taken:
            session.execute(update(Letter).where(Letter.id.in_(told)).values(pushed_at=now))
            well = update(Subscription).where(device.in_(taken))
            session.execute(well.values(taken_at=now, refused=0))
        if refused:
            once_more = update(Subscription).where(device.in_(refused))
            session.execute(once_more.values(refused=Subscription.refused + 1))
            last_well = func.coalesce(Subscription.taken_at, Subscription.made_at)
            given_up = delete(Subscription).where(
                device.in_(refused),
                Subscription.refused >= MOST_REFUSALS,
                last_well <= now - GIVEN_UP_AFTER,
            )
            session.execute(given_up.execution_options(synchronize_session=False))
        if gone:
            session.execute(delete(Subscription).where(device.in_(gone)))
