// What a PagedArea lays out. Its implicitHeight may depend on its width.
import QtQuick

Item {
    // Takes the whole width where there are several columns.
    property bool whole: true
    // A heading is never left alone at the foot of a page.
    property bool keepWithNext: false
    // Nothing to say: left out.
    property bool present: true
    // Nothing follows on this page. Set by the area that lays it out, as is the next.
    property bool last: false
    property var arranger: null

    onImplicitHeightChanged: tell()
    onPresentChanged: tell()
    onWholeChanged: tell()

    function tell(): void {
        if (arranger !== null)
            arranger();
    }
}
