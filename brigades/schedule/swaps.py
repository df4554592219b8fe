"""Two people trade their places: asked, agreed to, approved where the slot asks for it, and done.

Each function locks both people, then both slots, in the order of their ids, reads everything anew
and judges both; whatever is refused leaves everything as it was. None of them commits.
"""

from datetime import datetime

from sqlalchemy import and_, or_, select

from brigades.audit import service as audit
from brigades.db import session
from brigades.outbox import service as outbox
from brigades.people.models import Person
from brigades.schedule.coordinators import nearest
from brigades.schedule.models import Participation, Swap, SwapState
from brigades.schedule.moves import move, take, tell
from brigades.schedule.rules.swapping import Fallen, fallen
from brigades.schedule.states import State
from brigades.schedule.swap_pair import NoSwap, Pair, judge, lock_pair, sides
from brigades.sections.models import Section

__all__ = ["OPEN", "NoSwap", "answer", "ask", "decide", "withdraw"]

OPEN = (SwapState.ASKED, SwapState.AGREED)


def ask(mine_id: int, theirs_id: int, *, now: datetime) -> Swap:
    """The holder of one place asks the holder of another to trade.

    Where a question about these two places is open, whoever asked it, that one is returned: a
    second click asks nothing, and two who ask each other meet. Who said no is not asked again.
    Raises NoSwap.
    """
    pair = lock_pair(mine_id, theirs_id)
    for swap in _between(mine_id, theirs_id):
        if swap.state in OPEN and _why(pair, swap, now) is None:
            return swap
        if swap.state is SwapState.DECLINED and swap.mine_id == mine_id:
            raise NoSwap(answered=True)
    if gone := fallen(sides(pair), now, now):
        raise NoSwap(fallen=gone)
    judge(pair, now)
    swap = Swap(mine_id=mine_id, theirs_id=theirs_id, asked_at=now, changed_at=now)
    swap.state = SwapState.ASKED
    session.add(swap)
    session.flush()
    _record(pair, "", swap, by=pair.me.id, now=now)
    _write("swap-asked", pair.them, pair, swap, now)
    return swap


def answer(swap_id: int, accept: bool, *, now: datetime) -> Swap:
    """Whoever was asked says yes or no. With a yes the swap is done, or waits for the coordinator.

    Raises NoSwap.
    """
    swap, pair = _open(swap_id, SwapState.ASKED, now)
    if not accept:
        _change(pair, swap, SwapState.DECLINED, by=pair.them.id, now=now)
        _write("swap-off", pair.me, pair, swap, now)
        return swap
    judge(pair, now)
    if asking := [slot for slot in (pair.my_slot, pair.their_slot) if slot.swaps_asked]:
        _change(pair, swap, SwapState.AGREED, by=pair.them.id, now=now)
        paths = [session.get_one(Section, slot.section_id).path for slot in asking]
        for person in nearest(paths, now.date()):
            _write("swap-approve", person, pair, swap, now)
    else:
        _do(pair, swap, by=pair.them.id, now=now)
    return swap


def withdraw(swap_id: int, *, now: datetime) -> Swap:
    """Whoever asked takes the question back, before it is done. Raises NoSwap."""
    swap = session.get_one(Swap, swap_id)
    pair = lock_pair(swap.mine_id, swap.theirs_id)
    session.refresh(swap)
    if swap.state not in OPEN:
        raise NoSwap(answered=True)
    agreed = swap.state is SwapState.AGREED
    _change(pair, swap, SwapState.WITHDRAWN, by=pair.me.id, now=now)
    if agreed:
        _write("swap-off", pair.them, pair, swap, now)
    return swap


def decide(swap_id: int, approve: bool, *, by: int, now: datetime, why: str = "") -> Swap:
    """A coordinator lets a swap happen that both agreed to, or says no with a reason.

    Raises NoSwap.
    """
    swap, pair = _open(swap_id, SwapState.AGREED, now)
    if approve:
        judge(pair, now)
        _do(pair, swap, by=by, now=now)
        return swap
    _change(pair, swap, SwapState.DECLINED, by=by, now=now, why=why)
    for person in (pair.me, pair.them):
        _write("swap-off", person, pair, swap, now)
    return swap


def _do(pair: Pair, swap: Swap, *, by: int, now: datetime) -> None:
    """Each gives up their place and takes the other's; both hear it, their calendars too."""
    _change(pair, swap, SwapState.DONE, by=by, now=now)
    with_them, with_me = f"swapped with {pair.them.name}", f"swapped with {pair.me.name}"
    move(pair.mine, State.WITHDRAWN, by=by, now=now, why=with_them)
    move(pair.theirs, State.WITHDRAWN, by=by, now=now, why=with_me)
    for slot, need_id, person, old, why in (
        (pair.their_slot, pair.theirs.need_id, pair.me, pair.mine, with_them),
        (pair.my_slot, pair.mine.need_id, pair.them, pair.theirs, with_me),
    ):
        if waiting := _waiting_in(slot.id, person.id):
            move(waiting, State.WITHDRAWN, by=by, now=now, why=why)
        new = take(slot, need_id, person, State.CONFIRMED, by=by, now=now, why=why)
        tell("swap-done", new, person, now, swap=swap.id)
        tell("swap-given", old, person, now, swap=swap.id)


def _waiting_in(slot_id: int, person_id: int) -> Participation | None:
    """Where somebody stands on the waiting list of a slot, which is locked."""
    return session.scalar(
        select(Participation).where(
            Participation.slot_id == slot_id,
            Participation.person_id == person_id,
            Participation.state == State.WAITLISTED,
        ),
        execution_options={"populate_existing": True},
    )


def _open(swap_id: int, state: SwapState, now: datetime) -> tuple[Swap, Pair]:
    swap = session.get_one(Swap, swap_id)
    pair = lock_pair(swap.mine_id, swap.theirs_id)
    session.refresh(swap)
    if swap.state is not state:
        raise NoSwap(answered=True)
    if gone := _why(pair, swap, now):
        raise NoSwap(fallen=gone)
    return swap, pair


def _why(pair: Pair, swap: Swap, now: datetime) -> Fallen | None:
    return fallen(sides(pair), swap.changed_at, now)


def _between(one: int, other: int) -> list[Swap]:
    """Every question about these two places, whoever asked it, the newest first."""
    query = select(Swap).where(
        or_(
            and_(Swap.mine_id == one, Swap.theirs_id == other),
            and_(Swap.mine_id == other, Swap.theirs_id == one),
        )
    )
    newest = query.order_by(Swap.id.desc())
    return list(session.scalars(newest.execution_options(populate_existing=True)))


def _change(
    pair: Pair, swap: Swap, state: SwapState, *, by: int, now: datetime, why: str = ""
) -> None:
    was, swap.state, swap.changed_at = swap.state.value, state, now
    swap.decided_by, swap.why = by, why
    _record(pair, was, swap, by=by, now=now, why=why)
    session.flush()


def _record(pair: Pair, was: str, swap: Swap, *, by: int, now: datetime, why: str = "") -> None:
    """The question stands in the trail of both slots, each with the one who has a place there."""
    for slot, person in ((pair.my_slot, pair.me), (pair.their_slot, pair.them)):
        audit.record(
            "swap",
            by=by,
            at=now,
            was=was,
            became=swap.state.value,
            why=why,
            person_id=person.id,
            slot_id=slot.id,
            section_id=slot.section_id,
        )


def _write(name: str, person: Person, pair: Pair, swap: Swap, now: datetime) -> None:
    outbox.post(
        name,
        to=person,
        about={"swap": swap.id},
        key=f"{name}:{swap.id}:{person.id}:{swap.state.value}",
        now=now,
        needed_by=min(pair.my_slot.starts_at, pair.their_slot.starts_at),
    )
