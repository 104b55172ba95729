"""The rewritable back of the card: how it is drawn, and how it is looked at again."""
