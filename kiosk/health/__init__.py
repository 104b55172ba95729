"""The machine's body: devices behind deadlines, and whether it can serve now."""
