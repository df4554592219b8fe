"""What coordinators and organizers hear of: what needs them, what is missing, what lapses."""
