import { LeftTitle, RightTitle } from "../compare/sides";
import { SwipeHandle } from "../compare/swipe";
import { Details } from "../controls/details";
import { MapTools } from "../controls/mapTools";
import { Hover } from "../controls/hover";
import { Demonstration } from "../controls/demonstration";
import { first, second } from "../state/mapData";
import * as view from "../state/view";
import { strings } from "../strings";
import { Pane } from "./pane";

/** One map, two beside each other, or two on top of each other. */
export function Stage() {
  const split = view.split.value;
  const at = view.swipe.value;
  return (
    <div class={`maps is-${split}`}>
      <Pane data={first} side={0} />
      {split !== "one" && (
        <Pane data={second} side={1} clip={split === "swipe" ? `inset(0 0 0 ${at}%)` : undefined} />
      )}
      {split === "swipe" && <SwipeHandle />}
      {split !== "one" && (
        <>
          <LeftTitle />
          <RightTitle />
        </>
      )}
      <p class="unseen" id="map-keys">
        {strings.map.keyboard}
      </p>
      <Hover />
      <Details />
      <MapTools />
      <Demonstration />
    </div>
  );
}
