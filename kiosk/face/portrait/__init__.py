"""Portrait quality: checks modelled on ISO/IEC 29794-5 and on the official guide for permit photographs."""

from kiosk.face.portrait.assess import Assessment, Finding, Result, assess
from kiosk.face.portrait.bounds import Bound, Profile, bounds

__all__ = ["Assessment", "Bound", "Finding", "Profile", "Result", "assess", "bounds"]
