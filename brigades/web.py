"""The door: who may come in, what is committed, and what every form and list has in common."""

import functools
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Generic, TypeVar
from urllib.parse import urlsplit

from flask import (
    Flask,
    Response,
    abort,
    current_app,
    g,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask_babel import gettext as _
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from flask_login import LoginManager, current_user, login_fresh
from flask_wtf import FlaskForm
from flask_wtf.csrf import CSRFError, CSRFProtect
from sqlalchemy import Select, bindparam, func, literal, select
from werkzeug.exceptions import HTTPException, SecurityError
from wtforms import (
    Field,
    FieldList,
    FormField,
    HiddenField,
    PasswordField,
    StringField,
    TextAreaField,
)

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
            bound: Field = unbound_field.bind(form=form, **options)
            return bound

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


def _cleaned_by(kind: type[Field]) -> Callable[[Any], Any]:
    """What a field of this kind does to text; passwords and hidden fields are no such text."""
    if not issubclass(kind, StringField) or issubclass(kind, PasswordField | HiddenField):
        return tidy
    clean = characters.text if issubclass(kind, TextAreaField) else characters.one_line
    return lambda value: clean(value) if isinstance(value, str) else value


def tidy(value: Any) -> Any:
    """Typed text without surrounding space and NUL; anything else unchanged."""
    return value.replace("\x00", "").strip() if isinstance(value, str) else value


@dataclass(frozen=True)
class Page(Generic[T]):
    """One page of a list. ``total`` counts up to ``MOST`` and is then a "more than"."""

    items: list[T]
    number: int
    per: int
    total: int

    MOST: ClassVar[int] = 1000

    @property
    def last(self) -> int:
        """Number of the last page that can be opened, at least 1."""
        return max(1, -(-self.total // self.per))

    @property
    def more_than_counted(self) -> bool:
        """Whether there are more rows than were counted."""
        return self.total > self.MOST

    @property
    def has_next(self) -> bool:
        """Whether another page follows."""
        return self.number < self.last


def page_number() -> int:
    """The page that the address asks for; anything odd is the first."""
    raw = request.args.get("page", "1")
    return max(1, int(raw)) if raw.isascii() and raw.isdigit() and len(raw) < 7 else 1


def paged(
    query: Select[Any],
    given: Mapping[str, Any] | None = None,
    narrow: Select[Any] | None = None,
    *,
    per: int = 50,
    number: int | None = None,
) -> Page[Any]:
    """One page of a select in two statements; too high a number gives the last page.

    The select must order by something unique last. Counting stops at ``Page.MOST``, so a list
    costs the same however long it grows. ``given``: what a select that is built once runs with.
    ``narrow``: ids of the rows to list, in their order, from fewer tables than ``query`` reads;
    they are counted and sorted, and ``query`` then reads only those of the page.
    """
    prepare = _counting_and_reading if given is None else _kept_for
    counting, reading = prepare(query, narrow)
    total = session.scalar(counting, given) or 0
    last = max(1, -(-total // per))
    number = min(number or page_number(), last)
    span = {"page_rows": per, "page_start": (number - 1) * per}
    rows = session.scalars(reading, {**(given or {}), **span}).unique().all()
    return Page(list(rows), number, per, total)


def _counting_and_reading(
    query: Select[Any], narrow: Select[Any] | None
) -> tuple[Select[Any], Select[Any]]:
    listed = query if narrow is None else narrow
    bare = listed.order_by(None).with_only_columns(
        literal(1).label("one"), maintain_column_froms=True
    )
    counted = bare.limit(Page.MOST + 1).subquery()
    page = listed.limit(bindparam("page_rows")).offset(bindparam("page_start"))
    if narrow is not None:
        entity = query.column_descriptions[0]["entity"]
        page = query.where(entity.id.in_(page))
    return select(func.count()).select_from(counted), page


_kept_for = functools.lru_cache(maxsize=64)(_counting_and_reading)


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
    """Register the pages for what went wrong, and refuse odd addresses before any view."""
    for code in (400, 403, 404, 405, 413, 422, 429, 500):
        app.register_error_handler(code, _error_page)
    app.register_error_handler(CSRFError, _stale_page)
    app.before_request(_refuse_odd_addresses)
    app.after_request(_keep_private)
    app.log_exception = functools.partial(_log_without_secret, app)  # type: ignore[method-assign]


def _refuse_odd_addresses() -> None:
    if any("\x00" in value for value in request.values.values() if request.method == "GET"):
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


def _log_without_secret(app: Flask, exc_info: Any) -> None:
    """What went wrong at which address; a token in it opens something, and no log keeps it."""
    path, token = request.path, (request.view_args or {}).get("token")
    shown = path.replace(token, "<token>") if token else path
    app.logger.error("Exception on %s [%s]", shown, request.method, exc_info=exc_info)


def _error_page(error: Exception) -> Response | tuple[str, int]:
    if isinstance(error, SecurityError):  # a host that is not ours: no address can be built
        return Response("Bad request", 400, mimetype="text/plain")
    code = error.code if isinstance(error, HTTPException) and error.code else 500
    # Rolling back forgets who is signed in, and the page's frame names them: so it comes after.
    page = render_template("errors/error.html", code=code)
    session.rollback()
    return page, code


def _stale_page(_error: CSRFError) -> tuple[str, int]:
    page = render_template("errors/error.html", code=400, stale=True)
    session.rollback()
    return page, 400
