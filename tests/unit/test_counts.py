"""What is printed at the end of a run of what the tests measured."""

from tests.counts import count, lines


def test_numbers_are_summed_by_topic_and_those_of_a_whole_say_of_how_many() -> None:
    properties: list[tuple[str, object]] = [("other", {"screens": 9})]

    def record(name: str, value: object) -> None:
        properties.append((name, value))

    for controls in (1000, 234):
        count(record, "layout", screens=(78, 156), controls=controls)
    count(record, "contrast", texts_and_icons=5)
    assert list(lines(properties)) == ["contrast: 5 texts and icons", "layout: 156 of 156 screens, 1,234 controls"]
