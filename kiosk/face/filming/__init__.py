"""The process that films: what the machine and it tell each other, the frames between them, and its own loop."""
