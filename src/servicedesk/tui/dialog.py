"""How the small dialogs look; apart from the sheet of the desks, which is read before the first frame."""

from __future__ import annotations

DIALOG = """
.dialog {
    height: auto; max-height: 100%; width: 100%; padding: 0 1;
    border-top: solid $foreground 40%; background: $background;
}
.dialog-keys { height: 1; }
#refusal { height: auto; text-style: bold; }
.dialog-line { height: 1; }
.dialog-label { width: 14; }
.dialog-field { width: 1fr; }
#hint { height: auto; color: $text-muted; }
#entries { height: auto; max-height: 12; border: none; padding: 0; scrollbar-size-vertical: 1; }
"""
