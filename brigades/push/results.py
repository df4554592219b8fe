"""Keeping what push services said: who was told, which devices are gone."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import delete, update

from brigades.db import session, unit
from brigades.outbox.models import Letter
from brigades.push.models import Subscription
from brigades.push.rules import MOST_REFUSALS, Answer
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
            too_often = device.in_(refused), Subscription.refused >= MOST_REFUSALS
            session.execute(delete(Subscription).where(*too_often))
        if gone:
            session.execute(delete(Subscription).where(device.in_(gone)))
