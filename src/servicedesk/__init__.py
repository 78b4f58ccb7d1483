"""servicedesk: the paper of an after-sales department, kept in a terminal."""

__version__ = "0.1.0"
