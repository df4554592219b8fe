"""Addresses of mailboxes as people type them."""


def written(typed: str) -> str:
    """An address that mail can be sent to, as it was typed; ValueError where it is none.

    A domain in another script comes back as mail servers know it.
    """
    from email_validator import EmailNotValidError, validate_email

    try:
        # Names under .test are used where an installation is being tried out.
        found = validate_email(
            typed, check_deliverability=False, test_environment=True, allow_smtputf8=False
        )
    except EmailNotValidError as error:
        raise ValueError(f"not an address: {typed!r}") from error
    return found.ascii_email if not typed.isascii() and found.ascii_email else typed
