"""The acts of the call-in register, in the order of a call's life."""
