"""That mail stands still is noticed and said."""
