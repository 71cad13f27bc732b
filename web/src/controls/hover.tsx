import { hovered, maps, told } from "../map/going";
import { Line } from "./telling";

/** What the pointer is over, beside the pointer. */
export function Hover() {
  const over = hovered.value;
  const map = over && maps.value[over.side];
  if (!over || !map || told.value) return null;
  const box = map.map.getContainer().getBoundingClientRect();
  const stage = map.map.getContainer().closest(".maps")?.getBoundingClientRect();
  const at = map.map.project(over.at);
  const left = at.x + box.left - (stage?.left ?? 0);
  const top = at.y + box.top - (stage?.top ?? 0);
  const isRight = stage !== undefined && left > stage.width - 260;
  return (
    <div
      class="hover"
      aria-hidden="true"
      style={{
        left: `${left}px`,
        top: `${top}px`,
        transform: `translate(${isRight ? "calc(-100% - 14px)" : "14px"}, 14px)`,
      }}
    >
      <Line told={over} />
    </div>
  );
}
