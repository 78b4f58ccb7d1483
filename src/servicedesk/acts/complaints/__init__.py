"""Acts on complaints, in the order of a complaint's life (003 Art. 22-24; 002 3.1.2; states §5.5)."""
