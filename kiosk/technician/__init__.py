"""What the hall's staff and technicians do at the machine, each step recorded."""
