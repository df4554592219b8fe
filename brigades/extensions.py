"""The libraries that the application stands on, set up once."""

from typing import Any

from flask import Flask, Response, request
from flask_babel import Babel
from flask_compress import Compress
from flask_migrate import Migrate
from flask_talisman import Talisman
from werkzeug.middleware.proxy_fix import ProxyFix
from whitenoise import WhiteNoise

from brigades.db import db, only_reading, writing
from brigades.locales import choose_locale
from brigades.reader import Catalogues
from brigades.web import UNSAFE, csrf, limiter, login

CSP = {
    "default-src": "'self'",
    "img-src": "'self' data:",
    "object-src": "'none'",
    "base-uri": "'none'",
    "frame-ancestors": "'none'",
    "form-action": "'self'",
}

babel = Babel()
migrate = Migrate(directory="brigades/migrations", compare_type=True, render_as_batch=True)


def init_app(app: Flask) -> None:
    """Bind every library to the application."""
    app.config.setdefault("RATELIMIT_STORAGE_URI", app.config["RATE_LIMIT_URL"])
    app.config.setdefault("BABEL_DEFAULT_LOCALE", app.config["DEFAULT_LOCALE"])
    app.config.setdefault("COMPRESS_ALGORITHM", ["br", "gzip"])
    app.config.setdefault("COMPRESS_BR_LEVEL", 4)
    babel.init_app(app, locale_selector=choose_locale)
    babel.domain_instance = Catalogues()
    csrf.init_app(app)
    limiter.init_app(app)
    migrate.init_app(app, db, directory=f"{app.root_path}/migrations")
    Compress(app)
    app.after_request(_keep_tokens)  # before Talisman, so that it comes after it
    Talisman(
        app,
        force_https=app.config["HTTPS"],
        strict_transport_security=app.config["HTTPS"],
        session_cookie_secure=app.config["HTTPS"],
        session_cookie_samesite="Lax",
        content_security_policy=CSP,
        frame_options="DENY",
        referrer_policy="strict-origin-when-cross-origin",
    )
    login.init_app(app)
    login.login_view = "accounts.sign_in"
    login.session_protection = "basic"
    app.extensions.setdefault("banners", [])  # each gives a text, a Quiet or None
    app.before_request(_say_that_it_writes)
    app.teardown_request(_forget_that_it_writes)
    if app.config["HTTPS"]:  # something in front of us ends TLS, and says whom it speaks for
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=1, x_proto=1)  # type: ignore[method-assign]
    built = f"{app.static_folder}/built"
    app.wsgi_app = WhiteNoise(  # type: ignore[method-assign]
        app.wsgi_app,
        root=built,
        prefix="static/built/",
        max_age=31536000,
        immutable_file_test=lambda path, url: True,
        add_headers_function=_static_headers,
    )


def _say_that_it_writes() -> None:
    writing.set(request.method in UNSAFE)
    only_reading.set(request.method not in UNSAFE)


def _forget_that_it_writes(_error: BaseException | None) -> None:
    writing.set(False)
    only_reading.set(False)


def _keep_tokens(response: Response) -> Response:
    """No other site learns an address that a secret opens, and no search engine lists it.

    Not "no-referrer": over https our own forms are checked for where they come from.
    """
    if "token" in (request.view_args or {}):
        response.headers["Referrer-Policy"] = "same-origin"
        response.headers["X-Robots-Tag"] = "noindex"
    return response


def _static_headers(headers: Any, path: str, url: str) -> None:
    headers["X-Content-Type-Options"] = "nosniff"
