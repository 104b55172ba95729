import QtQuick
import Kiosk.Controls
import Kiosk.Style

ControlCase {
    name: "ActPicture"

    control: Component {
        ActPicture {
            picture: "insert_permit"
            height: width
        }
    }

    function test_itShowsTheRealThings_data(): var {
        const shown = {
            "insert_permit": ["act_card_slot", "act_permit", "act_hand"],
            "take_permit": ["act_card_slot", "act_permit", "act_hand"],
            "place_id_card": ["act_reader", "act_id_card"],
            "lift_id_card": ["act_reader", "act_id_card"],
            "take_paper": ["act_paper_slot", "act_paper", "act_hand"]
        };
        return Object.keys(shown).map(picture => ({
                    "tag": picture,
                    "drawings": shown[picture]
                }));
    }

    function test_itShowsTheRealThings(row: var): void {
        const picture = made({
            "picture": row.tag
        });
        compare(drawingsOf(picture), row.drawings);
        checkTold(picture, Accessible.Graphic, Words.say("screen.picture." + row.tag));
    }

    // Where the thing that moves is, at the movement's beginning and end.
    function way(name: string, thing: string): var {
        const picture = made({
            "picture": name
        });
        const moved = visibleItems(picture).find(each => each instanceof Drawing && each.name === thing);
        return [0, 1].map(travel => {
            picture.travel = travel;
            return moved.y;
        });
    }

    function test_itMovesAsTheTravellerOrTheMachineDoes(): void {
        for (const [name, thing] of [["place_id_card", "act_id_card"], ["take_permit", "act_permit"], ["take_paper", "act_paper"]]) {
            const [from, to] = way(name, thing);
            verify(to > from, name + " goes down");
        }
        for (const [name, thing] of [["insert_permit", "act_permit"], ["lift_id_card", "act_id_card"]]) {
            const [from, to] = way(name, thing);
            verify(to < from, name + " goes up");
        }
    }

    function test_itMovesByItself(): void {
        const picture = made({});
        tryVerify(() => picture.travel > 0, 3000);
    }
}
