"""Sentences in templates: escaped, in the reader's language, whatever was written before."""

from flask import Flask, render_template_string
from flask_babel import force_locale

from brigades.clock import to_wall
from brigades.reader import language, locale_of
from brigades.texts import day_words, time_words, zone_words
from tests.builders import NOON
from tests.support.databases import ONE_DATABASE


def said(app: Flask, source: str, **values: object) -> str:
    with app.test_request_context("/", headers={"Accept-Language": "en"}):
        return render_template_string(source, **values)


@ONE_DATABASE
def test_values_in_a_sentence_are_escaped_and_the_sentence_is_not(app):
    source = '{{ _("<b>%(name)s</b> & co, 100%% of %(num)d", name=name, num=3) }}'

    assert said(app, source, name="<i>") == "<b>&lt;i&gt;</b> & co, 100% of 3"


@ONE_DATABASE
def test_markup_in_a_sentence_stays_markup(app):
    assert said(app, '{{ _("To: %(who)s", who="<b>x</b>"|safe) }}') == "To: <b>x</b>"


@ONE_DATABASE
def test_a_sentence_without_values_unfolds_its_percent_signs(app):
    assert said(app, '{{ _("100%% sure") }}{{ _("100%% sure") }}') == "100% sure100% sure"


@ONE_DATABASE
def test_a_count_chooses_the_form_and_may_be_spelled(app):
    source = '{{ ngettext("%(num)s day", "%(num)s days", n) }}'
    spelled = '{{ ngettext("%(num)s day", "%(num)s days", 2, num="two") }}'

    assert [said(app, source, n=n) for n in (1, 2)] == ["1 day", "2 days"]
    assert said(app, spelled) == "two days"


@ONE_DATABASE
def test_a_forced_language_holds_until_its_end_and_no_longer(app):
    with app.test_request_context("/", headers={"Accept-Language": "en"}):
        assert language() == "en"
        with force_locale(locale_of("de")):
            assert (language(), day_words(NOON.date())) == ("de", "Mi., 10. Juni 2026")
        with force_locale("ar"):
            assert language() == "ar"
        assert (language(), day_words(NOON.date())) == ("en", "Wed, 10 Jun 2026")


def test_outside_of_a_request_english_is_read():
    assert language() == "en"


def test_offsets_of_zones_are_said_in_hours_and_minutes():
    zones = ("Europe/Berlin", "Asia/Kathmandu", "America/St_Johns", "Africa/Accra")

    assert [zone_words(name, NOON) for name in zones] == [
        "Berlin (UTC+2)",
        "Kathmandu (UTC+5:45)",
        "St Johns (UTC-2:30)",
        "Accra (UTC+0)",
    ]


@ONE_DATABASE
def test_the_time_on_the_wall_is_of_24_hours(app):
    with app.test_request_context("/"):
        assert time_words(to_wall(NOON, "Asia/Kathmandu")) == "17:45"
