"""What each letter says: registered with the outbox."""
