"""Acts on the daily reports, in the order of a day's end (003 Art. 12-14; states §5.8)."""
