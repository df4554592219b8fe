"""How long pages take, as multiples of a bare view in the same server, and what they ask for.

A page and the floor take turns, and so do both worlds, so that whatever else the machine does falls
on all alike.
"""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from dataclasses import dataclass, field
from itertools import cycle
from statistics import median

from bench.browser import Browser
from bench.report import Figure, at_most, told
from bench.world import Marks

WARM, ROUNDS, IN_A_ROW, TRIES = 8, 4, 10, 2
MOST_STATEMENTS = 8
MOST_GROWTH = 1.3
# Over all sections a filter names ten times as many of them, so lists may take longer; what adds
# up or searches everything there is, or shows all that is to come, by as much as stands here.
GROWTH = {
    "letters": 1.3,
    "letters, a late page": 1.3,
    "sent letters": 1.3,
    "mailings": 1.3,
    "board of a section": 1.3,
    "home": 4,
    "people of a name": 6,
    "hours": 6,
    "letters to come": 4,
    "places in question": 4,
    "swaps": 4,
    "timeline": 4,
}


@dataclass(frozen=True)
class Page:
    """A page that is measured: who looks, where, and how many floors it may cost, if any."""

    name: str
    who: str
    path: str
    budget: dict[str, int] = field(default_factory=dict)  # by database
    changes: bool = False  # then it is no page, and may ask for more than a page
    grows: float = 0  # how much it may grow where that is budgeted and its floors are not


LISTS = {"sqlite": 20, "postgresql": 30}
ONES = {"sqlite": 10, "postgresql": 15}
JOIN = Page("join a shift (POST)", "", "", ONES, changes=True)


def pages(marks: Marks) -> list[Page]:
    """All pages but the join, which changes something."""
    coordinator, volunteer = marks.coordinator, marks.volunteer
    return [
        Page("shift list", coordinator, "/shifts", LISTS),
        Page("people list", coordinator, "/people", LISTS),
        Page("assignment board", coordinator, f"/shifts/{marks.board}/board", LISTS),
        Page("coordinator's home", coordinator, "/", LISTS),
        Page("shift", volunteer, f"/shifts/{marks.shift}", ONES),
        Page("training", volunteer, f"/trainings/{marks.session}", ONES),
        Page("/me", volunteer, "/me", ONES),
        Page("shift list of a volunteer", volunteer, "/shifts"),
        *_over_all(marks),
        Page("trainings of a coordinator", coordinator, "/trainings"),
        Page("applications of a coordinator", coordinator, "/applications"),
        Page("hours of a coordinator", coordinator, "/hours"),
        Page(
            "week of a section", coordinator, f"/schedule?view=week&section={marks.section}", LISTS
        ),
        Page("own week", volunteer, "/schedule?view=week&mine=1", LISTS),
        Page(
            "timeline of a month",
            coordinator,
            f"/schedule?view=timeline&span=month&section={marks.section}",
        ),
    ]


def _over_all(marks: Marks) -> list[Page]:
    """Pages of an organizer over all sections, of which there are ten times as many too."""
    pages = {
        "home": "/",
        "shift list": "/shifts",
        "past shifts": "/shifts?state=past",
        "people list": "/people",
        "newest people": "/people?sort=newest",
        "people of a name": "/people?q=maria",
        "trainings": "/trainings",
        "applications": "/applications",
        "letters": "/letters",
        "letters, a late page": "/letters?page=15",
        "sent letters": "/letters?fate=sent",
        "letters to come": "/letters/coming",
        "mailings": "/mailings",
        "hours": "/hours",
        "attendance": "/attendance",
        "places in question": "/places/in-question",
        "swaps": "/swaps",
        "board of a section": f"/shifts/{marks.board}/board",
        "board with everybody in question": f"/shifts/{marks.board_of_all}/board",
        "timeline": "/schedule?view=timeline",
        "month": "/schedule?view=month",
    }
    return [
        Page(f"{name} over all", marks.organizer, path, grows=GROWTH.get(name, 2.5))
        for name, path in pages.items()
    ]


@dataclass(frozen=True)
class Measured:
    """Medians in seconds, and statements."""

    seconds: float
    floor: float
    statements: int
    size: int

    @property
    def floors(self) -> float:
        """How many bare views it takes as long as."""
        return self.seconds / self.floor


Looks = Callable[[], tuple[float, int, int]]  # a page's seconds, statements and bytes


def measure(
    database: str, ports: tuple[int, int], marks: Marks, only: str = ""
) -> Iterator[Figure]:
    """Every page and the join, in the small world on the first port and the large on the second.

    Whatever else a machine does can only slow a page down: what misses its budget is measured up
    to two times more, and the quickest measurement counts.
    """
    with ExitStack() as open_:
        people: dict[tuple[str, int], Browser] = {}

        def signed_in(email: str, port: int) -> Browser:
            if (email, port) not in people:
                people[email, port] = open_.enter_context(closing(Browser(port))).sign_in(email)
            return people[email, port]

        floors = [signed_in(marks.volunteer, ports[0]).floor() for _ in range(100)]
        yield told(f"{database}: floor", median(floors) * 1000, "ms")
        for page in pages(marks):
            if only in page.name:
                sides = [
                    (browser, _looks(browser, page.path))
                    for browser in (signed_in(page.who, port) for port in ports)
                ]
                yield from _compared(database, page, sides)
        if only in JOIN.name:
            sides = []
            for port in ports:
                joining = [signed_in(email, port) for email in marks.joiners]
                sides.append((joining[0], _joins(joining, f"/shifts/{marks.open_shift}")))
            yield from _compared(database, JOIN, sides)


def _compared(database: str, page: Page, sides: list[tuple[Browser, Looks]]) -> list[Figure]:
    best = _alternating(sides)
    for _ in range(TRIES):
        if all(figure.ok for figure in figures(database, page, *best)):
            break
        again = _alternating(sides)
        best = min(best, again, key=_seconds)
    return list(figures(database, page, *best))


def _seconds(sides: list[Measured]) -> float:
    return sum(side.seconds for side in sides)


def _looks(browser: Browser, path: str) -> Looks:
    def look() -> tuple[float, int, int]:
        answer = browser.get(path)
        if answer.status != 200:
            raise RuntimeError(f"{path} answered {answer.status}")
        return answer.seconds, answer.statements, answer.size

    return look


def _joins(browsers: list[Browser], shift: str) -> Looks:
    """People join one shift in turn and leave it again; leaving is not timed."""
    tokens = [browser.token(shift) for browser in browsers]
    turns = cycle(zip(browsers, tokens, strict=True))

    def look() -> tuple[float, int, int]:
        browser, token = next(turns)
        joined = browser.post(f"{shift}/join", csrf_token=token)
        left = browser.post(f"{shift}/leave", csrf_token=token)
        if (joined.status, left.status) != (303, 303):
            raise RuntimeError(f"joining answered {joined.status}, leaving {left.status}")
        return joined.seconds, joined.statements, joined.size

    return look


def _alternating(sides: list[tuple[Browser, Looks]]) -> list[Measured]:
    """The floor a few times, the page a few times, then the same in the other world; and again."""
    for _browser, look in sides:
        for _ in range(WARM):
            look()
    floors: list[float] = []  # of both: it is the same view in the same program
    seen: list[list[tuple[float, int, int]]] = [[], []]
    for _ in range(ROUNDS):
        for (browser, look), looks in zip(sides, seen, strict=True):
            floors += [browser.floor() for _ in range(IN_A_ROW)]
            looks += [look() for _ in range(IN_A_ROW)]
    return [
        Measured(
            seconds=median(one[0] for one in looks),
            floor=median(floors),
            statements=int(median(one[1] for one in looks)),
            size=int(median(one[2] for one in looks)),
        )
        for looks in seen
    ]


def figures(database: str, page: Page, one: Measured, ten: Measured) -> Iterator[Figure]:
    """What was measured of a page in both worlds, against its budgets."""
    title, budget = f"{database}: {page.name}", page.budget.get(database)
    for times, measured in (("1x", one), ("10x", ten)):
        name = f"{title}, {times}"
        if budget is None:
            yield told(name, measured.floors, "x floor")
        else:
            yield at_most(name, measured.floors, "x floor", budget)
        yield told(f"{name}, median", measured.seconds * 1000, "ms")
    growth = ten.seconds / one.seconds
    if most := page.grows or (MOST_GROWTH if budget is not None else 0):
        yield at_most(f"{title}, growth", growth, "x", most)
    else:
        yield told(f"{title}, growth", growth, "x")
    if page.changes:
        yield told(f"{title}, statements", one.statements, "SQL")
    else:
        yield at_most(f"{title}, statements", one.statements, "SQL", MOST_STATEMENTS)
    yield Figure(
        name=f"{title}, statements at 10x",
        value=ten.statements,
        unit="SQL",
        budget=one.statements,
        ok=ten.statements == one.statements,
    )
