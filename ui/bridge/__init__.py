"""The one crossing between Qt's thread and the machine's, and the view-models that QML reads (QML module `Kiosk.Bridge`)."""
