"""What a server imports: ``flask --app wsgi`` and ``gunicorn wsgi:app``."""

from brigades import create_app

app = create_app()
