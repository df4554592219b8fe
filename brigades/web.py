"""The door: who may come in, what is committed, and what every form has in common."""

import functools
from collections.abc import Callable
from typing import Any, TypeVar
from urllib.parse import urlsplit

from flask import (
    Flask,
    Response,
    abort,
    current_app,
    g,
    make_response,
    redirect,
    request,
    url_for,
)
from flask_babel import gettext as _
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from flask_login import LoginManager, current_user, login_fresh
from flask_wtf import FlaskForm
from flask_wtf.csrf import CSRFProtect
from markupsafe import Markup, escape
from wtforms import (
    Field,
    FieldList,
    FormField,
    HiddenField,
    PasswordField,
    StringField,
    TextAreaField,
)
from wtforms.widgets import Select

from brigades import characters
from brigades.access import NOBODY, SENSITIVE, Can, Scope
from brigades.db import session

csrf = CSRFProtect()
login = LoginManager()
limiter = Limiter(get_remote_address, headers_enabled=False, in_memory_fallback_enabled=True)
View = Callable[..., Any]
T = TypeVar("T")
UNSAFE = frozenset({"POST", "PUT", "PATCH", "DELETE"})


# Reads a person's scope from appointments and membership; create_app sets it (sections.service).
def _nobody(_account: Any) -> Scope:
    return NOBODY


load_scope: Callable[[Any], Scope] = _nobody


# Gives the page that asks for the password again, None where it has just been given; create_app
# sets it (accounts.confirm).
def _never() -> Any:
    return None


ask_again: Callable[[], Any] = _never


def needs(
    can: Can, *, form: bool = False, csrf_exempt: bool = False, fresh: bool = False
) -> Callable[[View], View]:
    """Declare a route's permission; the view gets the ``Scope`` as its first argument.

    Checks sign-in and permission, then commits a POST that ends below 400; everything else rolls
    back. Who is signed out is sent to sign in, who may not gets 404, and what is sensitive asks
    for the password again where it was not given in this session. ``form``: the view validates
    a ``Form``, whose own token check keeps what was typed; other POSTs are checked here.
    ``fresh``: this route is sensitive although its permission is not.
    """

    def wrap(view: View) -> View:
        @functools.wraps(view)
        def guarded(*args: Any, **kwargs: Any) -> Response:
            scope = present_scope()
            if not scope.may(can):
                if scope.person_id is None:
                    return make_response(login.unauthorized())
                abort(404)
            sensitive = fresh or can in SENSITIVE
            if sensitive and not login_fresh() and (page := ask_again()) is not None:
                return make_response(page)
            if request.method in UNSAFE and not form and not csrf_exempt:
                _check_token()
            response = make_response(view(scope.using(can), *args, **kwargs))
            if request.method in UNSAFE and response.status_code < 400:
                session.commit()
            else:
                session.rollback()
            return response

        guarded.can = can  # type: ignore[attr-defined]
        return guarded

    return wrap


def _check_token() -> None:
    if current_app.config["WTF_CSRF_ENABLED"]:
        csrf.protect()


def present_scope() -> Scope:
    """The scope of whoever asks, read once a request."""
    if "scope" not in g:
        signed_in = current_user.is_authenticated
        g.scope = load_scope(current_user) if signed_in else NOBODY
    scope: Scope = g.scope
    return scope


def get_or_404(row: T | None) -> T:
    """The row, or 404: outside the scope is the same as not there."""
    if row is None:
        abort(404)
    return row


class Form(FlaskForm):
    """Base of every form: texts lose what nobody sees (brigades.characters), tokens may expire.

    A failed token is an error of the form as a whole; fields keep what was typed.
    """

    class Meta(FlaskForm.Meta):
        def bind_field(self, form: Any, unbound_field: Any, options: Any) -> Field:
            if not issubclass(unbound_field.field_class, (FieldList, FormField)):  # take none
                clean = _cleaned_by(unbound_field.field_class)
                filters = [clean, *unbound_field.kwargs.get("filters", ())]
                options = {**options, "filters": filters}
            bound: Any = unbound_field.bind(form=form, **options)
            if type(bound.widget) is Select:
                bound.widget = _QuickSelect(bound.widget.multiple)
            kept: Field = bound
            return kept

    def validate(self, extra_validators: Any = None) -> bool:
        """Validate, and refuse what no database can keep."""
        good: bool = super().validate(extra_validators)
        for field in self:
            if any("\x00" in value for value in (field.raw_data or []) if isinstance(value, str)):
                field.errors = [*field.errors, _("This contains a character that cannot be kept.")]
                good = False
        return good

    @property
    def stale(self) -> bool:
        """Whether only the page was open too long: nothing was saved, sending again works."""
        token = getattr(self, "csrf_token", None)
        return token is not None and bool(token.errors)


class _QuickSelect(Select):
    """A list as WTForms writes it, in a third of the time: of zones there are six hundred."""

    # The types known of WTForms are those of before 3.3.
    @classmethod
    def render_option(cls, choice: Any, **kwargs: Any) -> Markup:  # type: ignore[override]
        if kwargs or choice.render_kw or not isinstance(choice.value, str):
            return super().render_option(choice, **kwargs)
        chosen = "selected " if choice.selected else ""
        label = escape(choice.label or choice.value)
        return Markup(f'<option {chosen}value="{escape(choice.value)}">{label}</option>')  # noqa: S704


def _cleaned_by(kind: type[Field]) -> Callable[[Any], Any]:
    """What a field of this kind does to text; passwords and hidden fields are no such text."""
    if not issubclass(kind, StringField) or issubclass(kind, PasswordField | HiddenField):
        return tidy
    clean = characters.text if issubclass(kind, TextAreaField) else characters.one_line
    return lambda value: clean(value) if isinstance(value, str) else value


def tidy(value: Any) -> Any:
    """Typed text without surrounding space and NUL; anything else unchanged."""
    return value.replace("\x00", "").strip() if isinstance(value, str) else value


def is_safe_path(target: str | None) -> bool:
    """Whether a "next" address stays on this site, however it is spelled."""
    if not target or not target.startswith("/") or target[:2] in ("//", "/\\"):
        return False
    if len(target) > 2000:  # servers in front of ours refuse longer headers
        return False
    if any(ord(letter) < 33 or letter == "\\" for letter in target):
        return False
    parts = urlsplit(target)
    return not parts.scheme and not parts.netloc


def back_to(target: str | None, default: str = "home.index") -> Response:
    """Redirect to a safe "next" address, or to ``default``."""
    return redirect(target if target and is_safe_path(target) else url_for(default))  # type: ignore[return-value]


def link(endpoint: str, **values: Any) -> str:
    """A full address for mail and calendars: always under BASE_URL, never the Host header."""
    base = urlsplit(current_app.config["BASE_URL"])
    adapter = current_app.url_map.bind(base.netloc, base.path or "/", url_scheme=base.scheme)
    return adapter.build(endpoint, values, force_external=True)


def init_app(app: Flask) -> None:
    """Refuse odd addresses before any view, and keep every answer out of shared caches."""
    app.before_request(_refuse_odd_addresses)
    app.after_request(_keep_private)


def _refuse_odd_addresses() -> None:
    # What a form sends is its view's to look at, which may say what is too large in a sentence.
    if request.method == "GET" and any("\x00" in value for value in request.args.values()):
        abort(400)
    if "\x00" in request.path:
        abort(404)


def _keep_private(response: Response) -> Response:
    """No cache on the way keeps a page, and the browser's own asks again before it shows one.

    Not "no-store": going back would lose what was typed into a form.
    """
    if "Cache-Control" not in response.headers:
        response.headers["Cache-Control"] = "private, no-cache"
    return response
