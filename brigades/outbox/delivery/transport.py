"""The two ways a finished letter goes out: over SMTP, or into a folder where no server is set.

Neither knows the database: nothing is sent while a transaction is open.
"""

from pathlib import Path
from types import TracebackType
from typing import Protocol, Self

from brigades.outbox.delivery.answers import NotNow, error_words
from brigades.outbox.delivery.mail_server import MailServer
from brigades.outbox.delivery.smtp import Smtp


class Transport(Protocol):
    """Sends finished letters, one after another, while its ``with`` lasts."""

    def __enter__(self) -> Self: ...

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None: ...

    def send(self, name: str, sender: str, address: str, letter: bytes) -> None:
        """Hand one letter over; raises NotNow, Unreachable or Never."""
        ...

    def cut(self) -> None:
        """Break off whatever is under way, and send nothing more; from another thread."""
        ...


class Folder:
    """A folder of ``.eml`` files, which mail programs open."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __enter__(self) -> Self:
        self.path.mkdir(parents=True, exist_ok=True)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        return None

    def send(self, name: str, sender: str, address: str, letter: bytes) -> None:
        """Write one letter; a second try writes over the first."""
        try:
            (self.path / f"{name}.eml").write_bytes(letter)
        except OSError as error:
            raise NotNow(error_words(error)) from error

    def cut(self) -> None:
        """A file is written at once or not."""


def transport(mail_url: str, folder: Path) -> Transport:
    """The way out that the settings name."""
    return Smtp(MailServer.parse(mail_url)) if mail_url else Folder(folder)
