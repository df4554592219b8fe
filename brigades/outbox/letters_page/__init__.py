"""What the page of letters sees and does."""
