"""What people do: one module per register, one function per act, over the small engine in `act`."""
