"""Writing a letter: from its name and the rows as they are to a subject, a text and an HTML part.

Needs an application context and no request. Everything is in the reader's language.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import Any

from flask import Flask, current_app
from flask_babel import force_locale
from jinja2 import (
    BaseLoader,
    Environment,
    StrictUndefined,
    pass_eval_context,
    select_autoescape,
)
from jinja2.nodes import EvalContext
from markupsafe import Markup, escape

from brigades import texts
from brigades.locales import LOCALES, direction
from brigades.outbox.letters import LOADERS, Content, moment
from brigades.outbox.models import Letter
from brigades.outbox.wishes.stopping import settings_link, stop_link
from brigades.reader import locale_of as parsed
from brigades.reader import speak
from brigades.web import link

PETROL = "#0b4f66"  # of buttons where the organisation has set no colour, as in look.css
FOOT = "\n--\n"  # between what a letter says in plain text and why it came


@dataclass(frozen=True)
class Written:
    """A letter in words, and the content it was written from."""

    subject: str
    text: str
    html: str
    content: Content


def write(letter: Letter, now: datetime) -> Written | None:
    """Write a letter from the rows as they are; None where what it would tell no longer holds.

    Whatever the loader or a template raises goes through: that letter is at fault, no other.
    """
    locale = locale_of(letter)
    moment.set(now)
    with force_locale(parsed(locale)):
        content = LOADERS[letter.name](letter)
        if content is None:
            return None
        content = replace(content, unsubscribe=stop_link(letter))
        values = {
            "letter": letter,
            "organisation": current_app.config["ORGANISATION"],
            "why": content.why,
            "reply_to": content.reply_to,
            "stop": content.unsubscribe,
            "mail_settings": settings_link(letter) if content.settings else None,
            "locale": locale.replace("_", "-"),
            "direction": direction(locale),
            **content.context,
        }
        templates = environment()
        render = partial(_render, templates, letter.name, values)
        return Written(
            subject=" ".join(render("subject.txt").split()),
            text=render("text.txt").strip() + "\n",
            html=render("body.html"),
            content=content,
        )


def locale_of(letter: Letter) -> str:
    """The reader's language where we have it, else the organisation's."""
    if letter.locale in LOCALES:
        return letter.locale
    return str(current_app.config["DEFAULT_LOCALE"])


def _render(templates: Environment, name: str, values: dict[str, Any], part: str) -> str:
    return templates.get_template(f"letters/{name}/{part}").render(values)


def environment() -> Environment:
    """The letters' own templates environment, made at the application's first letter.

    Not the pages' one: its context processors ask for a request and for who is signed in. It
    takes over their filters, so that a date reads the same in a mail and on a page.
    """
    app = current_app
    if "letters" not in app.extensions:
        app.extensions["letters"] = _environment(app)
    made: Environment = app.extensions["letters"]
    return made


def _environment(app: Flask) -> Environment:
    loader: BaseLoader | None = app.jinja_loader
    made = Environment(
        loader=loader,
        extensions=["jinja2.ext.i18n"],
        autoescape=select_autoescape(("html",), default=False),
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,  # a wrong name fails in a test, not as a gap in a mail
        auto_reload=False,
        cache_size=-1,
    )
    made.filters.update(app.jinja_env.filters)
    made.globals.update(link=link, ltr=ltr, zone_words=texts.zone_words, moment=texts.moment_words)
    made.globals["accent"] = app.config["ACCENT"] or PETROL
    speak(made)
    return made


@pass_eval_context
def ltr(context: EvalContext, text: Any) -> str:
    """Text that reads left to right in every script: set apart in HTML, itself in plain text."""
    if not context.autoescape:
        return str(text)
    return Markup('<bdi dir="ltr">{}</bdi>').format(escape(text))
