"""What a server imports: ``flask --app wsgi`` and ``gunicorn wsgi:app``."""

import gc

# What is made while starting stays for ever. Looking through it for garbage again and again would
# take a tenth of the start, and later a moment of some requests.
gc.disable()

from brigades import create_app  # noqa: E402

app = create_app()

gc.freeze()
gc.enable()
