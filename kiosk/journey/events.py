"""What can happen on a journey. Past participles: each has happened."""

from enum import StrEnum


class Event(StrEnum):
    STARTED = "started"  # a destination was touched
    AGREED = "agreed"
    DECLINED = "declined"
    READ = "read"
    FOUND = "found"
    INSERTED = "inserted"
    OPENED = "opened"  # the chip opened with one of this person's keys and its signature held
    OTHER_WAY = "other_way"  # not by the camera
    STAFF_CHOSEN = "staff_chosen"
    CAMERA_CHOSEN = "camera_chosen"
    STAFF_LOGGED_IN = "staff_logged_in"
    MATCHED = "matched"  # by the camera or by staff
    CHOSEN = "chosen"
    ENTERED = "entered"
    CONTACT_WANTED = "contact_wanted"
    CONFIRMED = "confirmed"
    APPROVED = "approved"
    METHOD_CHOSEN = "method_chosen"
    METHOD_CHANGED = "method_changed"
    PAID = "paid"
    ISSUED = "issued"  # printed, looked at, reported
    TAKEN = "taken"
    RETURNED = "returned"  # everything undone, the card out of the machine's hands
    RETURNED_REFUSED = "returned_refused"  # the same, after a refusal
    RETURNED_TO_STAFF = "returned_to_staff"  # the same, after a call for staff
    RETURNED_BROKEN = "returned_broken"  # the same after a failure, or as far as the machine can bring it
    DONE = "done"
    WENT_BACK = "went_back"
    # in every state
    REFUSED = "refused"
    CANCELLED = "cancelled"
    TIMED_OUT = "timed_out"
    STAFF_CALLED = "staff_called"
    DEVICE_LOST = "device_lost"
    STOPPED = "stopped"


EVERYWHERE = (Event.REFUSED, Event.CANCELLED, Event.TIMED_OUT, Event.STAFF_CALLED, Event.DEVICE_LOST, Event.STOPPED)
