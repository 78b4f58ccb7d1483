"""The acts of the call-in register, in the order of a call's life."""

from servicedesk.acts.calls import carrying, closing, corrections, dispatch, log, on_site

__all__ = ["carrying", "closing", "corrections", "dispatch", "log", "on_site"]
