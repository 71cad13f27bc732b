import { useRef } from "preact/hooks";
import {
  contains,
  fitted,
  lengthOf,
  longName,
  moved,
  periodName,
  shortName,
  type Month,
  type Period,
} from "../state/months";
import { whole } from "../numbers";
import { strings } from "../strings";

interface Props {
  /** The months that there are. */
  within: Period;
  /** Incidents of each of them; null while they are not known. */
  counts: ReadonlyMap<Month, number> | null;
  period: Period;
  comparison: Period | null;
  choose: (period: Period) => void;
  /** A word for what is brushed, for those who hear it. */
  label: string;
}

type Grip = "from" | "to" | "window";

/** The period that pulling a grip by some months gives. */
export function pulled(period: Period, grip: Grip, months: number, within: Period): Period {
  if (grip === "window") return fitted(moved(period, months), within);
  const cut = (at: Month) => Math.min(Math.max(at, within.from), within.to);
  if (grip === "from") return { from: Math.min(cut(period.from + months), period.to), to: period.to };
  return { from: period.from, to: Math.max(cut(period.to + months), period.from) };
}

const KEYS: Record<string, number> = {
  ArrowLeft: -1,
  ArrowDown: -1,
  ArrowRight: 1,
  ArrowUp: 1,
  PageDown: -12,
  PageUp: 12,
};

/** Incidents by month, with a window over them that sets the period: by pointer, by touch and by keyboard. */
export function MonthBars({ within, counts, period, comparison, choose, label }: Props) {
  const track = useRef<HTMLDivElement>(null);
  const pull = useRef<{ grip: Grip; at: Month; period: Period } | null>(null);
  const months = lengthOf(within);
  const most = Math.max(1, ...(counts?.values() ?? []));
  const percent = (at: number) => `${((at - within.from) / months) * 100}%`;
  const span = ({ from, to }: Period) => ({
    left: percent(from),
    width: `${((to - from + 1) / months) * 100}%`,
  });

  const monthAt = (x: number): Month => {
    const box = track.current?.getBoundingClientRect();
    if (!box) return within.from;
    const along = Math.floor(((x - box.left) / box.width) * months);
    return within.from + Math.min(months - 1, Math.max(0, along));
  };
  const start = (event: PointerEvent) => {
    if (event.button !== 0 || !track.current) return;
    const grip = (event.target as HTMLElement).dataset.grip as Grip | undefined;
    const at = monthAt(event.clientX);
    if (grip) pull.current = { grip, at, period };
    else {
      // On bare ground a new period is drawn out.
      pull.current = { grip: "to", at, period: { from: at, to: at } };
      choose({ from: at, to: at });
    }
    track.current.setPointerCapture(event.pointerId);
    event.preventDefault();
    (event.target as HTMLElement).focus({ preventScroll: true });
  };
  const go = (event: PointerEvent) => {
    if (!pull.current) return;
    const { grip, at, period: was } = pull.current;
    const now = monthAt(event.clientX);
    // Drawn out to the left of where it began, a period ends there.
    const next =
      grip === "to" && now < was.from ? { from: now, to: was.from } : pulled(was, grip, now - at, within);
    if (next.from !== period.from || next.to !== period.to) choose(next);
  };
  const stop = () => (pull.current = null);
  const press = (grip: Grip) => (event: KeyboardEvent) => {
    const edge = { Home: within.from - within.to, End: within.to - within.from }[event.key];
    const by = KEYS[event.key] ?? edge;
    if (by === undefined) return;
    event.preventDefault();
    choose(pulled(period, grip, by, within));
  };
  const grip = (which: Grip, name: string, now: Month, text: string) => (
    <div
      class={`grip is-${which}`}
      data-grip={which}
      role="slider"
      tabIndex={0}
      aria-label={name}
      aria-valuemin={within.from}
      aria-valuemax={within.to}
      aria-valuenow={now}
      aria-valuetext={text}
      onKeyDown={press(which)}
    />
  );

  return (
    <div class="month-bars" role="group" aria-label={label}>
      <div
        class="track"
        ref={track}
        onPointerDown={start}
        onPointerMove={go}
        onPointerUp={stop}
        onPointerCancel={stop}
      >
        {comparison && contains(within, comparison) && <div class="compared" style={span(comparison)} />}
        {Array.from({ length: months }, (_, number) => {
          const at = within.from + number;
          const count = counts?.get(at) ?? 0;
          const isIn = at >= period.from && at <= period.to;
          return (
            <div
              key={at}
              class={`month-bar ${isIn ? "is-in" : ""}`}
              title={strings.period.bar(longName(at), whole(count))}
            >
              <div style={{ height: `${(count / most) * 100}%` }} />
            </div>
          );
        })}
        <div class="window" style={span(period)}>
          {grip("window", strings.period.window, period.to, periodName(period))}
          {grip("from", strings.period.from, period.from, longName(period.from))}
          {grip("to", strings.period.to, period.to, longName(period.to))}
        </div>
      </div>
      <Axis within={within} />
    </div>
  );
}

function Axis({ within }: { within: Period }) {
  const months = lengthOf(within);
  const every = months > 72 ? 12 : months > 30 ? 6 : 3;
  const ticks = Array.from({ length: months }, (_, number) => within.from + number).filter(
    (at) => at % every === 0,
  );
  return (
    <div class="axis" aria-hidden="true">
      {ticks.map((at) => (
        <span
          key={at}
          class={at % 12 === 0 ? "is-year" : undefined}
          style={{ left: `${((at - within.from) / months) * 100}%` }}
        >
          {at % 12 === 0 ? at / 12 : shortName(at)}
        </span>
      ))}
    </div>
  );
}
