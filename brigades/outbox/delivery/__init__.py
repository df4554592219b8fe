"""How a letter that is due becomes mail, or what else becomes of it."""
