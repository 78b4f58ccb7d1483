"""Acts on repair cards (003 Art. 8-11; states §5.3)."""

from servicedesk.acts.cards import assistance, bench, clock, estimates, parts, returning

__all__ = ["assistance", "bench", "clock", "estimates", "parts", "returning"]
