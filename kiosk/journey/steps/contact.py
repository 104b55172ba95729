"""Somebody to turn to in an emergency, and where mail reaches the traveller: three questions, each of which may be left out."""

from collections.abc import Callable
from dataclasses import replace
from enum import StrEnum

from kiosk.domain.contact import ADDRESS_LENGTH, NAME_LENGTH, is_address, is_mobile, is_name
from kiosk.domain.sensitive import Sensitive
from kiosk.journey.events import Event
from kiosk.journey.house import House
from kiosk.journey.mobile import keypad, keypad_answers, typed
from kiosk.journey.page import Page, secondary, writing
from kiosk.journey.visit import Visit
from kiosk.view import Message, TextBody, TextField


class Question(StrEnum):
    NAME = "name"
    PHONE = "phone"
    ADDRESS = "address"


QUESTIONS = tuple(Question)
RIGHT: dict[Question, Callable[[str], bool]] = {Question.NAME: is_name, Question.PHONE: is_mobile, Question.ADDRESS: is_address}
LENGTHS = {Question.NAME: NAME_LENGTH[1], Question.ADDRESS: ADDRESS_LENGTH[1]}


class ContactStep:
    """The answers count together: whoever goes back out of the first question has said nothing new."""

    async def run(self, visit: Visit, house: House) -> Event:
        before, visit.asked_contact = visit.contact, Question.NAME
        while True:
            touch = await visit.next_touch()
            visit.problem = None
            question = Question(visit.asked_contact)
            if touch == "footer.back":
                if question is Question.NAME:
                    visit.contact = before
                    return Event.WENT_BACK
                named = visit.contact.name.reveal() != ""
                visit.asked_contact = Question.PHONE if question is Question.ADDRESS and named else Question.NAME
            elif touch == "skip":
                self._answer(visit, question, Sensitive(""))
            elif touch != "next":
                visit.contact = replace(visit.contact, phone=typed(visit.contact.phone, touch))
            else:
                answer = visit.contact.phone if question is Question.PHONE else Sensitive(visit.written.reveal().strip())
                if RIGHT[question](answer.reveal()):
                    self._answer(visit, question, answer)
                else:
                    visit.problem = Message(f"journey.contact.{question}.wrong")
            if visit.asked_contact == "":
                return Event.ENTERED
            visit.changed()

    def _answer(self, visit: Visit, question: Question, answer: Sensitive[str]) -> None:
        """Takes the answer down and goes on to the next question. A phone number without a name is nobody's."""
        visit.contact = replace(visit.contact, **{question.value: answer})
        following = QUESTIONS.index(question) + 1
        if question is Question.NAME and not answer.reveal():
            visit.contact = replace(visit.contact, phone=Sensitive(""))
            following = QUESTIONS.index(Question.ADDRESS)
        visit.asked_contact = QUESTIONS[following] if following < len(QUESTIONS) else ""

    def view(self, visit: Visit, house: House) -> Page:
        question = Question(visit.asked_contact or Question.NAME)
        title, sentence = Message(f"journey.contact.{question}.title"), f"journey.contact.{question}.sentence"
        if question is Question.PHONE:
            body, answers = keypad(visit.contact.phone, sentence), keypad_answers(visit.contact.phone)
            return Page(title, body, answers, problem=visit.problem)
        written: str = getattr(visit.contact, question.value).reveal()
        actions = (writing("next", "journey.phone.next", LENGTHS[question]), secondary("skip", "journey.phone.skip"))
        return Page(title, TextBody(TextField(question.value), written, Message(sentence)), actions, problem=visit.problem)
