"""What is printed: each paper declared once, rendered for the screen, a line printer and a browser (design §6)."""
