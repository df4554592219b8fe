"""The application in a hurry: what a killed worker had in hand goes on within seconds.

``flask --app bench.hasty worker`` is a real worker but for these times; see ``bench.kill``.
"""

from datetime import timedelta

from brigades import worker
from brigades.outbox.delivery import claiming
from wsgi import app

__all__ = ["app"]

claiming.SENDING = timedelta(seconds=4)
claiming.LONGEST = timedelta(seconds=1)
claiming.LEASE = timedelta(seconds=8)
worker.DELIVER_EVERY = 1
