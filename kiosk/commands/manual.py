"""`make manual`: the pages of assets/manual/ that are drawn from the tables themselves, so that they cannot say anything else.

`python -m kiosk.commands.manual [DIR]` writes journey.md, case.md, failures.md, events.md and portrait.md, and without DIR
also the code of the audit's events (kiosk/audit/events.py); a test holds the committed pages to what this makes.
"""

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from kiosk.audit import catalogue as audit
from kiosk.audit.kinds import KINDS
from kiosk.case.moves import (
    ACTS,
    LOOK_LIMIT,
    REFUSED,
    RESTORE_LIMIT,
    UNANSWERED,
    WRITE_LIMIT,
    Act,
    Back,
    Consequence,
    Custody,
    Issue,
    Money,
    Reason,
)
from kiosk.commands.acts_walked import FOLLOWS, following
from kiosk.commands.portrait import bound_text, measure_text
from kiosk.commands.said import catalogue, talk
from kiosk.config import assets_directory
from kiosk.face.portrait import Bound, Profile, bounds
from kiosk.i18n import Catalogue
from kiosk.journey.events import EVERYWHERE, Event
from kiosk.journey.table import TABLE, State, Stay
from kiosk.journey.timings import Patience, Span
from kiosk.view import LANGUAGES

GENERATED = "<!-- Made by `make manual` from the program's own tables. Do not edit: change the table and make it again. -->\n"


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    def line(cells: Sequence[str]) -> str:
        return "| " + " | ".join(cell.replace("|", "\\|").replace("\n", " ") for cell in cells) + " |"

    return "\n".join([line(head), line(["---"] * len(head)), *(line(row) for row in rows)]) + "\n"


# -- the journey ----------------------------------------------------------------------------------------------------------


def journey() -> str:
    """The transition table as a state diagram and as a table to read."""
    return "\n".join(
        [
            GENERATED,
            "# The journey\n",
            "One traveller's way through the machine: `kiosk/journey/table.py`, drawn. An arrow named *whatever happens* stands for",
            f"{_names(EVERYWHERE)}. What is not drawn is noted and the state goes on, or cannot happen there; the table says which.\n",
            "```mermaid",
            "stateDiagram-v2",
            f"    [*] --> {State.ATTRACT.value}",
            *(f"    {start.value} --> {_node(end)}: {label}" for start, end, label in _arrows()),
            "```\n",
            "## What leads where\n",
            "The time is how long a traveller may do nothing, and for how many seconds more the page then counts down; in brackets, for whoever has",
            "the elder mode or the voice on. Where it is *asked*, one touch begins the time anew, as often as they like. Without such a time",
            "the step has a window of its own, or none. Place is the step on the progress line.\n",
            table(("State", "Place", "Time", "Its own events"), [_own(state) for state in TABLE]),
            "## In every state\n",
            "*stay*: noted, and the state goes on.\n",
            table(("State", *(_said(event) for event in EVERYWHERE)), [(state.value, *(_decided(state, e) for e in EVERYWHERE)) for state in TABLE]),
        ]
    )


def _arrows() -> list[tuple[State, State, str]]:
    drawn: list[tuple[State, State, str]] = []
    for start, row in TABLE.items():
        leads: dict[State, list[Event]] = {}
        for event, decision in row.on.items():
            if isinstance(decision, State):
                leads.setdefault(decision, []).append(event)
        for end, events in leads.items():
            rest = [event for event in events if event not in EVERYWHERE] if set(EVERYWHERE) <= set(events) else events
            drawn.append((start, end, ", ".join([*map(_said, rest), *(["whatever happens"] if rest is not events else [])])))
    return drawn


def _node(state: State) -> str:
    return "[*]" if state is State.END else state.value


def _said(event: Event) -> str:
    return event.value.replace("_", " ")


def _names(events: Sequence[Event]) -> str:
    return ", ".join(map(_said, events))


def _own(state: State) -> tuple[str, str, str, str]:
    row = TABLE[state]
    own = [f"{_said(event)} → {decision.value}" for event, decision in row.on.items() if isinstance(decision, State) and event not in EVERYWHERE]
    return state.value, str(row.place or "–"), _time(row.patience), "; ".join(own)


def _time(patience: Patience) -> str:
    def written(span: Span) -> str:
        return f"{span.quiet_s:.0f} + {span.alert_s:.0f}"

    if not patience.limited:
        return "–"
    return f"{written(patience.usual)} s ({written(patience.slow)} s){', asked' if patience.usual.asked else ''}"


def _decided(state: State, event: Event) -> str:
    decision = TABLE[state].on[event]
    return "*stay*" if decision is Stay.STAY else decision.value


# -- the case -------------------------------------------------------------------------------------------------------------


def case() -> str:
    """The axes, the closed list of acts, and which act follows which."""
    axes: Mapping[str, type[Money] | type[Issue] | type[Back] | type[Custody]] = {"money": Money, "issue": Issue, "back": Back, "custody": Custody}
    limits = f"A back is printed at most {WRITE_LIMIT} times, restored at most {RESTORE_LIMIT} times, and looked at {LOOK_LIMIT} times in vain."
    return "\n".join(
        [
            GENERATED,
            "# The case\n",
            "What touches the world outside, and outlives a power cut: `kiosk/case/moves.py`, drawn.\n",
            "## Where a case stands\n",
            table(("Axis", "Values"), [(name, " · ".join(value.value for value in values)) for name, values in axes.items()]),
            "It is settled when the endorsement is verified, paid and written, or when nothing is issued, nothing is owed and the back is as found;",
            "and the card is with the traveller or in the bin. The only other end is `needs_staff`, for one of these reasons:",
            ", ".join(reason.value for reason in Reason) + ".\n",
            "## The acts\n",
            f"An intent is written before each act and its outcome after it. {limits}\n",
            table(
                ("Act", "Does", "Needs", "May change"),
                [(a.value, r.does, r.needs, ", ".join(sorted(x.value for x in r.axes))) for a, r in ACTS.items()],
            ),
            "## Which act follows which\n",
            "Every answer of the world tried, from the empty slot to the last end; no power cuts in between. `waits` is for the traveller,",
            "`put off` until the other side answers again, `staff` and `settled` are ends. The picture shows acts that were done;",
            "the table also the others.\n",
            "```mermaid",
            "flowchart TD",
            *(f"    {act.value} --> {_box(end)}" for act in Act for end in following()[act]["done"]),
            "```\n",
            table(("Act", *FOLLOWS), [(act.value, *(", ".join(following()[act][how]) or "–" for how in FOLLOWS)) for act in Act]),
            "## When an act is refused, or nobody answers\n",
            table(("Act", "Refused", "No answer"), [(act.value, _follows(REFUSED[act]), _follows(UNANSWERED[act])) for act in Act]),
        ]
    )


def _box(name: str) -> str:
    return f"{name.replace(' ', '_')}([{name}])" if name not in set(Act) else name


def _follows(rule: Consequence) -> str:
    parts = []
    if rule.withdraw:
        parts.append("undo the case")
    if rule.defer:
        parts.append("put off")
    if rule.block is not None and rule.reason is not None:
        parts.append(f"staff: {rule.reason.value}")
    return ", ".join(parts) or "try again, counted"


# -- the failures ---------------------------------------------------------------------------------------------------------


def failures(texts: Catalogue) -> str:
    """Every code with its sentence in each language."""
    return "\n".join(
        [
            GENERATED,
            "# Failures and refusals\n",
            "Every code that a command, a screen or a paper may carry, with what it says. Words in braces are filled in.\n",
            "## Failures\n",
            _codes(texts, "failure."),
            "## Refusals of the rules\n",
            _codes(texts, "refusal."),
        ]
    )


def _codes(texts: Catalogue, prefix: str) -> str:
    rows = [
        (f"`{key.removeprefix(prefix)}`", *(texts.text(key, language) for language in LANGUAGES))
        for key in sorted(texts.keys())
        if key.startswith(prefix)
    ]
    return table(("Code", *LANGUAGES), rows)


# -- the events of the audit ----------------------------------------------------------------------------------------------


def events() -> str:
    """Every event that the audit may hold, from its catalogue."""
    listed = audit.load()
    kinds = [(f"`{name}`", says) for name, (_check, _type, says) in KINDS.items()]
    words = [(f"`{name}`", "one of: " + ", ".join(words)) for name, words in listed.words.items()]
    return "\n".join(
        [
            GENERATED,
            "# Events of the audit\n",
            "Everything that the audit can hold: `kiosk/audit/catalogue.toml`, drawn. How records are written down and hashed, to the byte,",
            "stands in `kiosk/audit/chain.py`; `kiosk audit verify` checks them.\n",
            "## Events\n",
            table(("Event", "Type", "Fields", "Meaning"), [(f"`{e.id}`", e.type, _fields(e), e.meaning) for e in listed.entries]),
            "## What a field may hold\n",
            "Nothing else can be written: a value that does not fit its kind is refused. No kind can carry a name, the number of a document",
            "or a telephone, or free text. `?`: may be absent (null).\n",
            table(("Kind", "Holds"), kinds + words),
        ]
    )


def _fields(entry: audit.Entry) -> str:
    return ", ".join(f"{name}: `{field.kind}{'?' if field.optional else ''}`" for name, field in entry.fields.items()) or "–"


# -- the portrait ---------------------------------------------------------------------------------------------------------


def portrait() -> str:
    """Every measure with its bounds, from the table that judges by them."""
    return "\n".join(
        [
            GENERATED,
            "# The portrait\n",
            "What `kiosk portrait FILE` measures: `kiosk/face/portrait/bounds.toml`, drawn. They are checks modelled on ISO/IEC 29794-5 and on",
            "the guide for permit photographs, no certification. A measure whose preconditions are not met is `indeterminate` and says why; an",
            "advisory one is told and not part of the verdict. Millimetres of the guide's 33 × 48 mm paper are shares of width and height.\n",
            *(f"## Profile `{profile.value}`\n\n{_measures(profile)}" for profile in Profile),
            "## The bands of the face comparison\n",
            "Up to which distance two pictures show one person stands in `kiosk/face/models.toml` (`match_at_most`, `retry_at_most`), beside the",
            "model they were measured with. A hall fits them again on pictures of its own people, taken with their consent by the machine's own",
            "camera: `kiosk face evaluate DIR --out OUT` (a folder for each person) tells both kinds of distances, the error rates with their",
            "intervals and how low a false accept rate so many pairs can show at all; it suggests bands only where that is 0.1 % (about 3,000",
            "impostor pairs: some 40 people with two pictures each).",
            "",
        ]
    )


def _measures(profile: Profile) -> str:
    return table(("Measure", "What", "Bound", "Unit", "Advisory", "Source"), [_measure(bound) for bound in bounds(profile)])


def _measure(bound: Bound) -> tuple[str, ...]:
    asked = bound_text(bound).replace(">=", "≥").replace("<=", "≤").replace("..", "to")
    return f"`{bound.name}`", catalogue().say(measure_text(bound), "en"), asked, bound.unit, "yes" if bound.advisory else "", bound.source


def pages() -> dict[str, str]:
    return {
        "journey.md": journey(),
        "case.md": case(),
        "failures.md": failures(catalogue()),
        "events.md": events(),
        "portrait.md": portrait(),
    }


def main(words: Sequence[str]) -> int:
    directory = Path(words[0]) if words else assets_directory() / "manual"
    directory.mkdir(parents=True, exist_ok=True)
    if not words:
        audit.CODE.write_text(audit.code(audit.load()), encoding="utf-8")
        talk(str(audit.CODE))
    for name, text in pages().items():
        (directory / name).write_text(text, encoding="utf-8")
        talk(str(directory / name))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
