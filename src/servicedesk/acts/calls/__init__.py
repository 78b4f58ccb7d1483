"""The acts of the call-in register, in the order of a call's life."""

from servicedesk.acts.calls import closing, corrections, dispatch, log, on_site

__all__ = ["closing", "corrections", "dispatch", "log", "on_site"]
