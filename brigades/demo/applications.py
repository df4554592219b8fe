"""The demo's applications."""

from datetime import timedelta

from brigades.db import session
from brigades.demo.world import World
from brigades.recruiting.models import Application, Stage


def build(world: World) -> None:
    """Applications in every state; some have waited too long."""
    stages = [Stage.CONFIRMED] * 5 + [Stage.IN_REVIEW, Stage.SENT, Stage.DECLINED, Stage.WITHDRAWN]
    given = ("Selma", "Oskar", "Pia", "Hamid", "Ronja", "Amadou", "Vera", "Luca", "Sina")
    for number, stage in enumerate(stages):
        slug = "germany" if number < 6 else ("kenya", "jordan", "chile")[number % 3]
        sent = world.now - timedelta(days=1 + number * 2, hours=number)
        address = f"applicant.{number + 1}@example.org"
        session.add(
            Application(
                section_id=world.sections[slug].id,
                given_name=given[number],
                family_name=("Lang", "Farouk", "Berger")[number % 3],
                email=address,
                email_key=address,
                country=world.sections[slug].country or "DE",
                locale=world.sections[slug].locale,
                skills=[{"skill": "construction", "trade": "carpentry", "years": number}],
                languages=[{"language": "en", "level": "B2"}],
                why="I have time this spring and would like to help where it is needed.",
                consent_version="1",
                consented_at=sent,
                stage=stage,
                sent_at=sent,
                confirmed_at=None if stage is Stage.SENT else sent + timedelta(hours=1),
                decided_at=world.now if stage is Stage.DECLINED else None,
                decided_by=world.known["coordinator"].id if stage is Stage.DECLINED else None,
                reason="We have no place for this trade this year." * (stage is Stage.DECLINED),
            )
        )
    session.flush()
