"""How far ahead a start is, in the reader's words."""

import pytest
from flask_babel import force_locale

from brigades.clock import DAY, HOUR, MINUTE
from brigades.reader import locale_of
from brigades.reminders.words import before_words, trail_words
from brigades.texts import ahead_words
from tests.support.databases import ONE_DATABASE


@ONE_DATABASE
@pytest.mark.parametrize(
    ("left", "english", "german"),
    [
        (14 * DAY, "in 14 days", "in 14 Tagen"),
        (7 * DAY - MINUTE, "in 7 days", "in 7 Tagen"),
        (2 * DAY, "in 2 days", "in 2 Tagen"),
        (DAY, "in 24 hours", "in 24 Stunden"),
        (2 * HOUR + 10 * MINUTE, "in 2 hours", "in 2 Stunden"),
        (HOUR, "in 60 minutes", "in 60 Minuten"),
        (0 * MINUTE, "in 1 minute", "in 1 Minute"),
    ],
)
def test_how_far_ahead_it_is(app, left, english, german):
    for code, words in (("en", english), ("de", german)):
        with app.test_request_context(), force_locale(locale_of(code)):
            assert ahead_words(left) == words


def test_how_long_before(app):
    with app.test_request_context(), force_locale(locale_of("en")):
        assert [before_words(hours) for hours in (2, 12, 24, 168, 720)] == [
            "2 hours before",
            "12 hours before",
            "1 day before",
            "7 days before",
            "30 days before",
        ]


def test_what_the_trail_keeps_is_said_aloud_and_what_is_odd_stays(app):
    with app.test_request_context(), force_locale(locale_of("en")):
        assert trail_words("lead 2") == "Whoever leads it 2 hours before"
        assert trail_words("nobody") == "nobody"
        assert trail_words("") == ""
        assert trail_words("of long ago") == "of long ago"
