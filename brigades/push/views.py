"""One's own devices: which of them are told at once, adding this one, trying them out."""

from functools import cache
from typing import Any

from flask import (
    Blueprint,
    Response,
    current_app,
    flash,
    jsonify,
    redirect,
    render_template,
    request,
    url_for,
)
from flask_babel import gettext as _
from flask_wtf.csrf import generate_csrf

from brigades import assets, clock
from brigades.access import Can, Scope, acting
from brigades.asking import MOST_ID
from brigades.locales import direction
from brigades.people import zones
from brigades.push import keys, service
from brigades.push.cookie import marked
from brigades.push.forms import DeviceForm
from brigades.push.rules import MOST_DEVICES, device_words
from brigades.web import get_or_404, needs

bp = Blueprint("push", __name__)


@bp.get("/me/push")
@needs(Can.SIGNED_IN)
def settings(scope: Scope) -> str:
    """What it is, the reader's devices, and a button for the one they hold."""
    return _page(scope, DeviceForm(formdata=None))


@bp.post("/me/push/devices")
@needs(Can.SIGNED_IN, form=True)
def add(scope: Scope) -> Any:
    """Tell the reader on this device from now on."""
    person_id, form = acting(scope), DeviceForm()
    if not _key() or not form.validate_on_submit():
        return _page(scope, form), 422
    endpoint, now = str(form.endpoint.data), clock.now()
    former = str(form.instead.data or "")
    was_theirs = bool(former) and service.replace(person_id, former, now=now)
    if form.renewed.data and not was_theirs:
        return redirect(url_for(".settings"), 303)  # it was somebody else's, who is signed out
    try:
        service.add(
            person_id,
            endpoint=endpoint,
            key=str(form.key.data),
            auth=str(form.auth.data),
            device=device_words(request.user_agent.string),
            now=now,
        )
    except service.TooMany:
        words = _("You have %(most)s devices already. Remove one of them first.", most=MOST_DEVICES)
        form.endpoint.errors = [words]
        return _page(scope, form), 422
    flash(_("You are told on this device from now on."), "success")
    return marked(redirect(url_for(".settings"), 303), endpoint)


@bp.post(f"/me/push/devices/<int(max={MOST_ID}):device_id>/remove")
@needs(Can.SIGNED_IN)
def remove(scope: Scope, device_id: int) -> Any:
    """Tell the reader nothing more on one of their devices."""
    get_or_404(service.remove(acting(scope), device_id, now=clock.now()) or None)
    flash(_("That device is told nothing any more."), "success")
    return redirect(url_for(".settings"), 303)


@bp.post("/me/push/test")
@needs(Can.SIGNED_IN)
def try_out(scope: Scope) -> Any:
    """Send a message to all of the reader's devices, the way every other one goes."""
    service.try_out(acting(scope), now=clock.now())
    flash(_("A test message is on its way. If no device takes it, it comes by mail."), "success")
    return redirect(url_for(".settings"), 303)


@bp.get("/me/push/again")
@needs(Can.SIGNED_IN)
def again(scope: Scope) -> Response:
    """What the service worker needs to say that its browser was given another address."""
    return jsonify(key=_public_key(), token=generate_csrf())


@bp.get("/push-worker.js")
@needs(Can.ANYONE)
def worker(scope: Scope) -> Response:
    """The script that shows messages. At the root, since a worker serves what is below it."""
    response = Response(_script(), content_type="text/javascript; charset=utf-8")
    response.headers["Cache-Control"] = "no-cache"
    response.add_etag()
    response.make_conditional(request)
    return response


@bp.get("/app.webmanifest")
@needs(Can.ANYONE)
def manifest(scope: Scope) -> Response:
    """What a home screen needs to open the site by itself; iPhones show messages only then."""
    name, locale = current_app.config["ORGANISATION"], current_app.config["DEFAULT_LOCALE"]
    response = jsonify(
        id="/",
        name=name,
        short_name=name,
        lang=locale.replace("_", "-"),
        dir=direction(locale),
        start_url="/",
        scope="/",
        display="standalone",
        background_color="#ffffff",
        theme_color="#ffffff",
        icons=[
            _picture("icon-192.png", 192),
            _picture("icon-512.png", 512),
            _picture("icon-full.png", 512, "maskable"),
        ],
    )
    response.mimetype = "application/manifest+json"
    response.cache_control.public, response.cache_control.max_age = True, 24 * 60 * 60
    return response


def _picture(name: str, size: int, purpose: str = "any") -> dict[str, str]:
    return {
        "src": assets.url(name),
        "sizes": f"{size}x{size}",
        "type": "image/png",
        "purpose": purpose,
    }


@cache
def _script() -> bytes:
    """Read once: a later build takes the file away, and comes with a new process."""
    return (assets.BUILT / assets.url("push-worker.js").removeprefix(assets.PREFIX)).read_bytes()


def _key() -> str:
    return str(current_app.config["PUSH_KEY"])


def _public_key() -> str:
    return keys.public_key(_key()) if _key() else ""


def _page(scope: Scope, form: DeviceForm) -> str:
    person_id = acting(scope)
    devices = service.devices_of(person_id)
    return render_template(
        "push/settings.html",
        form=form,
        devices=devices,
        marks={device.id: service.mark_of(device.endpoint) for device in devices},
        public_key=_public_key(),
        zone=zones.zone_of(person_id),
    )
