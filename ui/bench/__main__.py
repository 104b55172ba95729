"""One measurement: `python -m ui.bench MEASURE` of the machine's screen; with the machine's counts behind it, of the bare page.

Prints {"values": […], "counts": [[texts, rectangles], …]}; ends with an error where Qt said anything.
"""

import json
import sys

from ui.app import messages_kept, the_application
from ui.bench.bare import Bare
from ui.bench.glass import Glass, Subject
from ui.bench.machine import Machine, film
from ui.bench.measures import MEASURES, first_round


def main(name: str, counted: str | None = None) -> None:
    pages, measure = MEASURES[name]
    with messages_kept() as messages:
        the_application()
        filmed = film()  # beside both, so that both bear it
        subject: Subject = Machine(pages, filmed) if counted is None else Bare(json.loads(counted))
        glass = Glass(subject)
        glass.wait(lambda: subject.drawn() >= 0)
        counts = first_round(subject, glass)
        values = measure(subject, glass)
        subject.close()
    if messages:
        sys.exit("; ".join(messages))
    print(json.dumps({"values": values, "counts": counts}))


if __name__ == "__main__":
    main(*sys.argv[1:])
