"""How long a traveller has in each state: 120 to 300 s of inactivity, then an alert of 30 s (VVSG 2.0, 7.2-O)."""

from kiosk.domain.clock import Window

TICK_S = 0.25
ALERT_S = 30.0
UNLIMITED = Window(0, TICK_S)  # the step has a window of its own, or none
READING = Window(600, TICK_S)  # 150 s
LOOKING = Window(480, TICK_S)  # 120 s
TYPING = Window(720, TICK_S)  # 180 s
COMING = Window(1200, TICK_S)  # 300 s: a member of staff has to come to the machine
COMPARING = Window(240, TICK_S)  # 60 s, and no more can be had: whoever stands there now could answer in the name of staff who went away
ENDING = Window(80, TICK_S)  # 20 s: an end screen gives way to the next traveller
PAYING = Window(60, 2.0)  # the provider is asked every 2 s for 120 s, as its own example does
ID_CARD_TRIES = 3
HEALTH_EVERY_S = 30.0
