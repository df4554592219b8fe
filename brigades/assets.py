"""What the browser gets: made once, named by its content, compressed beforehand.

`python -m brigades.assets` fills `static/built/` from npm's packages and our own
`static/src/`. Each file is kept as `name.<hash>.ext`, so a browser may keep it for ever,
with compressed siblings that WhiteNoise hands out. `manifest.json` tells which hash is
the current one. Running it again costs a few milliseconds and changes nothing.
"""

import gzip
import hashlib
import json
import os
import re
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

HERE = Path(__file__).parent
SOURCE = HERE / "static" / "src"
BUILT = HERE / "static" / "built"
PACKAGES = HERE.parent / "node_modules"

PREFIX = "/static/built/"
"""Where the server offers the folder `BUILT`."""

IMMUTABLE = r"^.+\.[0-9a-f]{12}\.[a-z]+$"
"""What WhiteNoise may tell browsers to keep for ever (its `immutable_file_test`)."""

FILES = {
    "bootstrap.min.css": PACKAGES / "bootstrap/dist/css/bootstrap.min.css",
    "bootstrap.rtl.min.css": PACKAGES / "bootstrap/dist/css/bootstrap.rtl.min.css",
    "htmx.min.js": PACKAGES / "htmx.org/dist/htmx.min.js",
    "look.css": SOURCE / "look.css",
    "favicon.svg": SOURCE / "favicon.svg",
    # The same as pictures: home screens take no drawing. The full one is cut to their own shape.
    "icon-192.png": SOURCE / "icon-192.png",
    "icon-512.png": SOURCE / "icon-512.png",
    "icon-full.png": SOURCE / "icon-full.png",
    "push.js": SOURCE / "push.js",
    "push-worker.js": SOURCE / "push-worker.js",
}

# Sorted by what they are for. A name is one of bootstrap-icons'; `mark` is ours.
ICONS = """
    house bell bell-slash calendar3 calendar-check calendar-plus calendar-week calendar-x
    mortarboard person people people-fill person-plus person-check person-x person-badge
    envelope envelope-open envelope-exclamation inbox send chat-dots telephone
    geo-alt globe2 translate building diagram-3 flag camera-video link-45deg rss
    check-lg check-circle check-circle-fill circle dash-circle slash-circle x-lg
    exclamation-triangle-fill hourglass-split list-ol info-circle question-circle
    chevron-right chevron-left chevron-down arrow-right arrow-left arrow-repeat arrow-left-right
    arrow-counterclockwise plus-lg three-dots trash pencil search funnel printer download
    file-earmark-arrow-up file-earmark-text clock clock-history moon-stars bar-chart
    star award patch-check clipboard-check archive cloud-check eye eye-slash
    gear key lock shield-lock qr-code check-all box-arrow-right box-arrow-in-right wifi-off
    bricks tools heart-pulse bandaid book cup-hot truck laptop phone puzzle
""".split()


class NotBuilt(RuntimeError):
    """The assets are missing, and the message says how to make them."""


def url(name: str) -> str:
    """The address of an asset, e.g. `look.css` → `/static/built/look.0f3c….css`.

    KeyError for a name that is not built; NotBuilt where nothing is.
    """
    return PREFIX + _manifest()[name]


@cache
def _manifest() -> dict[str, str]:
    """Names by plain name, read once: a new build has a new process."""
    try:
        return dict(json.loads((BUILT / "manifest.json").read_text()))
    except FileNotFoundError:
        raise NotBuilt("The browser assets are not built. Run `make assets`.") from None


def build() -> dict[str, str]:
    """Bring `BUILT` in line with the sources and return the manifest.

    NotBuilt when npm's packages are missing.
    """
    BUILT.mkdir(parents=True, exist_ok=True)
    manifest = {}
    for name, content in _contents():
        stem, _, suffix = name.rpartition(".")
        named = f"{stem}.{hashlib.sha256(content).hexdigest()[:12]}.{suffix}"
        manifest[name] = named
        if not (BUILT / named).exists():
            for extension, squeezed in () if name.endswith(".png") else _compressed(content):
                _write(BUILT / (named + extension), squeezed)
            # Last, since its presence says that its siblings are complete.
            _write(BUILT / named, content)
    _write(BUILT / "manifest.json", json.dumps(manifest, indent=1).encode())
    _sweep(manifest)
    return manifest


def _contents() -> Iterator[tuple[str, bytes]]:
    try:
        for name, path in FILES.items():
            content = path.read_bytes()
            if name.endswith((".css", ".js")):
                # Maps are for those who debug Bootstrap; a browser would ask for them in vain.
                content = re.sub(rb"\n?/[*/]# sourceMappingURL=.*\s*$", b"\n", content)
            yield name, content
        yield "icons.svg", _sprite().encode()
    except FileNotFoundError as missing:
        raise NotBuilt(
            f"{missing.filename} is missing. Run `npm ci --ignore-scripts`, or `make assets`."
        ) from None


def _sprite() -> str:
    """All icons in one file, each a `<symbol>` to be shown with `<use>`."""
    symbols = [_symbol("mark", SOURCE / "mark.svg")]
    symbols += [_symbol(name, PACKAGES / f"bootstrap-icons/icons/{name}.svg") for name in ICONS]
    return '<svg xmlns="http://www.w3.org/2000/svg">\n' + "\n".join(symbols) + "\n</svg>\n"


def _symbol(name: str, path: Path) -> str:
    drawing = path.read_text()
    parts = re.search(r'<svg[^>]*viewBox="([^"]+)"[^>]*>(.*)</svg>', drawing, re.DOTALL)
    if parts is None:
        raise ValueError(f"{path} is no drawing with a viewBox")
    box, shapes = parts[1], re.sub(r"\s+", " ", parts[2]).strip()
    return f'<symbol id="{name}" viewBox="{box}">{shapes}</symbol>'


def _compressed(content: bytes) -> Iterator[tuple[str, bytes]]:
    """Each encoding a browser may ask for, best effort once instead of some effort each time."""
    import brotli

    yield ".gz", gzip.compress(content, compresslevel=9, mtime=0)
    yield ".br", brotli.compress(content, quality=11)


def _write(path: Path, content: bytes) -> None:
    """Write so that a server running beside never reads half a file."""
    if path.exists() and path.read_bytes() == content:
        return
    draft = path.with_name(f"{path.name}.{os.getpid()}.tmp")
    draft.write_bytes(content)
    draft.replace(path)


def _sweep(manifest: dict[str, str]) -> None:
    """Remove what former builds left."""
    current = {"manifest.json"}
    for named in manifest.values():
        current |= {named, named + ".gz", named + ".br"}
    for path in BUILT.iterdir():
        if path.name not in current and not path.name.endswith(".tmp"):
            path.unlink(missing_ok=True)


if __name__ == "__main__":
    try:
        build()
    except NotBuilt as reason:
        sys.exit(str(reason))
