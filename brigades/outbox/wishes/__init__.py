"""How people want their letters: each at once, once a day, not at all, and never at night."""
