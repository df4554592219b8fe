"""One client that behaves as a browser does on one connection that it keeps open."""

import gzip
import re
import time
from dataclasses import dataclass
from http.client import HTTPConnection
from http.cookies import SimpleCookie
from urllib.parse import urlencode

import brotli

from bench.world.build import PASSWORD

FLOOR = "/bench-floor"
HEADER = "X-Statements"
_TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')


@dataclass(frozen=True)
class Answer:
    """What came back, how many bytes of it, how long it took and what it asked of the database."""

    status: int
    seconds: float
    size: int
    statements: int
    body: bytes
    encoding: str
    location: str

    @property
    def text(self) -> str:
        """The page, unpacked."""
        if self.encoding == "br":
            return str(brotli.decompress(self.body).decode())
        return (gzip.decompress(self.body) if self.encoding == "gzip" else self.body).decode()


class Browser:
    """Keeps cookies and its connection."""

    def __init__(self, port: int, language: str = "en") -> None:
        self.connection = HTTPConnection("127.0.0.1", port, timeout=120)
        self.cookies: dict[str, str] = {}
        self.language = language

    def close(self) -> None:
        """Let the connection go."""
        self.connection.close()

    def get(self, path: str) -> Answer:
        """Open an address."""
        return self._ask("GET", path, None)

    def post(self, path: str, **fields: str) -> Answer:
        """Send a form."""
        return self._ask("POST", path, urlencode(fields).encode())

    def floor(self) -> float:
        """Seconds that the bare view takes."""
        return self.get(FLOOR).seconds

    def token(self, path: str) -> str:
        """The token that forms of a page carry."""
        return self.token_of(self.get(path))

    def token_of(self, page: Answer) -> str:
        """The token that forms of a page that was opened carry."""
        found = _TOKEN.search(page.text)
        if found is None:
            raise RuntimeError(f"the page ({page.status}) has no form")
        return found[1]

    def sign_in(self, email: str) -> "Browser":
        """Become somebody, through the page that people use."""
        answer = self.post(
            "/login", csrf_token=self.token("/login"), email=email, password=PASSWORD
        )
        if answer.status not in (302, 303):
            raise RuntimeError(f"{email} could not sign in: {answer.status}")
        return self

    def _ask(self, method: str, path: str, body: bytes | None) -> Answer:
        headers = {"Accept-Encoding": "gzip, br", "Accept-Language": self.language}
        headers["User-Agent"] = "Mozilla/5.0 (bench)"
        if self.cookies:
            headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        started = time.perf_counter()
        self.connection.request(method, path, body, headers)
        response = self.connection.getresponse()
        content = response.read()
        seconds = time.perf_counter() - started
        for line in response.headers.get_all("Set-Cookie") or ():
            for name, morsel in SimpleCookie(line).items():
                self.cookies[name] = morsel.value
        return Answer(
            status=response.status,
            seconds=seconds,
            size=len(content),
            statements=int(response.headers.get(HEADER) or 0),
            body=content,
            encoding=response.headers.get("Content-Encoding", ""),
            location=response.headers.get("Location", ""),
        )
