"""The benchmark: pages, passes, letters and weight against the budgets. `make bench` runs it."""
