"""How well are articles found, and questions answered?  Measured on a set of questions."""
