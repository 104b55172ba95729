// Sizes in millimetres of the real panel, type by the height of its capitals, colours of the theme in force.
pragma Singleton
import QtQuick
import Kiosk.Bridge

QtObject {
    id: style

    readonly property bool wide: Panel.width_px > Panel.height_px
    readonly property string family: Panel.family
    readonly property int textSize: Page.text_size

    // Capital heights in mm for the four text sizes. The smallest text of the default size keeps 4.8 mm.
    readonly property int smallPx: px([3.6, 4.8, 6.4, 8.5][textSize])
    readonly property int bodyPx: px([4.0, 5.4, 6.9, wide ? 8.5 : 8.8][textSize])
    readonly property int leadPx: px([4.8, 6.4, 7.6, wide ? 8.5 : 9.2][textSize])
    readonly property int titlePx: px((wide ? [7.2, 9.0, 9.4, 9.6] : [7.2, 9.2, 10.2, 11.2])[textSize])
    readonly property int displayPx: px([9.0, 11.0, 12.5, 14.0][textSize])

    // Where what can be touched begins, from the top, once somebody asked to have it lower; words and drawings may stay above.
    readonly property real reach: Page.low_reach ? Panel.above_reach_px : 0

    // The largest letters on a wide panel: room goes to words before it goes to drawings.
    readonly property bool scarce: wide && textSize === 3

    readonly property int gap: mm(4)
    readonly property int wideGap: mm(8)
    readonly property int margin: mm(wide ? 14 : 12)
    readonly property int radius: mm(2.5)
    readonly property int hair: Math.max(1, mm(0.3))
    readonly property int stroke: Math.max(2, mm(0.6))
    // The edge under a finger: with two colours alone there is no other surface to show.
    readonly property int pressedStroke: stroke * 3
    readonly property int touchMain: mm(20)
    readonly property int iconSize: mm([8, 9, 10, 11][textSize])

    readonly property color ink: ThemeColours.ink
    readonly property color muted: ThemeColours.muted
    readonly property color paper: ThemeColours.paper
    readonly property color surface: ThemeColours.surface
    readonly property color line: ThemeColours.line
    readonly property color strong: ThemeColours.strong
    readonly property color strongText: ThemeColours.on_strong
    readonly property color pressed: ThemeColours.pressed
    readonly property color chosen: ThemeColours.chosen
    readonly property color band: ThemeColours.band
    readonly property color bandText: ThemeColours.on_band
    readonly property color accent: ThemeColours.accent
    readonly property color done: ThemeColours.done
    readonly property color trouble: ThemeColours.trouble
    readonly property color signalText: ThemeColours.on_signal
    readonly property color dim: ThemeColours.dim

    function mm(millimetres: real): int {
        return Math.round(millimetres * Panel.px_per_mm);
    }

    function px(capMm: real): int {
        return Math.ceil(capMm * Panel.px_per_mm / Panel.cap_ratio);
    }
}
