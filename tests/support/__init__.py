"""The outside world of the tests: a database server, a mail server, a browser. All real."""
