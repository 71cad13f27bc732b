import { useRef } from "preact/hooks";
import * as view from "../state/view";
import { strings } from "../strings";

const KEYS: Record<string, number> = {
  ArrowLeft: -2,
  ArrowRight: 2,
  PageDown: -10,
  PageUp: 10,
  Home: -100,
  End: 100,
};

/** The line at which the left map gives way to the right one. */
export function SwipeHandle() {
  const handle = useRef<HTMLDivElement>(null);
  const set = (percent: number) => (view.swipe.value = Math.round(Math.min(100, Math.max(0, percent))));
  const drag = (event: PointerEvent) => {
    const box = handle.current?.parentElement?.getBoundingClientRect();
    if (box && event.buttons & 1) set(((event.clientX - box.left) / box.width) * 100);
  };
  return (
    <div
      ref={handle}
      class="swipe-handle"
      role="slider"
      tabIndex={0}
      aria-label={strings.compare.handle}
      aria-orientation="horizontal"
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={view.swipe.value}
      style={{ left: `${view.swipe.value}%` }}
      onPointerDown={(event) => {
        handle.current?.setPointerCapture(event.pointerId);
        event.stopPropagation();
      }}
      onPointerMove={drag}
      onKeyDown={(event) => {
        const by = KEYS[event.key];
        if (by === undefined) return;
        event.preventDefault();
        set(view.swipe.value + by);
      }}
    />
  );
}
