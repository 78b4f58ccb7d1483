"""Acts on repair cards (003 Art. 8-11; states §5.3)."""
