import { useEffect } from "preact/hooks";
import { MonthBars } from "../charts/monthBars";
import { setLength, setPeriod, stepPeriod } from "../state/change";
import { first } from "../state/mapData";
import { lengthOf, periodName } from "../state/months";
import { held } from "../state/service";
import { scene } from "../state/scene";
import { useSeries } from "../state/series";
import * as view from "../state/view";
import { strings } from "../strings";
import { Icon } from "./icons";
import { ComparePicker } from "./comparePicker";

const LENGTHS = [1, 3, 6, 12, 24];

/** The shortest that a month stays while they are played. */
const STEP_MS = 900;

/** Plays on as soon as a month has been seen, and is there. */
function usePlay(): void {
  const isPlaying = view.isPlaying.value;
  const isWaiting = first.isWaiting.value;
  const now = scene.value?.period.to;
  useEffect(() => {
    if (!isPlaying || isWaiting) return undefined;
    const due = setTimeout(() => {
      if (stepPeriod(1)) return;
      const [period, within] = [scene.value?.period, held.value];
      if (period && within) setPeriod({ from: within.from, to: within.from + lengthOf(period) - 1 });
    }, STEP_MS);
    return () => clearTimeout(due);
  }, [isPlaying, isWaiting, now]);
}

/** The period: where it is in all that there is, how long, what it is compared with; and months one after the other. */
export function Timeline() {
  usePlay();
  const series = useSeries();
  const shown = scene.value;
  const within = held.value;
  const { period: text } = strings;
  const isPlaying = view.isPlaying.value;
  if (!shown || !within) return <section class="timeline" aria-label={text.timeline} aria-busy="true" />;
  const months = lengthOf(shown.period);
  const most = lengthOf(within);
  const lengths = LENGTHS.filter((length) => length <= most);
  return (
    <section class="timeline" aria-label={text.timeline}>
      <div class="timeline-head">
        <div class="steps">
          <button
            type="button"
            title={text.back}
            aria-label={text.back}
            disabled={shown.period.from <= within.from}
            onClick={() => stepPeriod(-1)}
          >
            <Icon name="back" />
          </button>
          <button
            type="button"
            class="play"
            title={isPlaying ? text.pause : text.play}
            aria-label={isPlaying ? text.pause : text.play}
            disabled={months >= most}
            onClick={() => (view.isPlaying.value = !isPlaying)}
          >
            <Icon name={isPlaying ? "pause" : "play"} />
          </button>
          <button
            type="button"
            title={text.on}
            aria-label={text.on}
            disabled={shown.period.to >= within.to}
            onClick={() => stepPeriod(1)}
          >
            <Icon name="on" />
          </button>
        </div>
        <output class="period-name" aria-live="polite">
          {periodName(shown.period)}
        </output>
        <label class="length">
          <select
            aria-label={text.length}
            value={months}
            onChange={({ currentTarget }) => setLength(Number(currentTarget.value))}
          >
            {!lengths.includes(months) && <option value={months}>{text.months(months)}</option>}
            {lengths.map((length) => (
              <option key={length} value={length}>
                {text.months(length)}
              </option>
            ))}
          </select>
        </label>
        <ComparePicker />
        {view.period.value && (
          <button
            type="button"
            class="reset"
            title={text.reset}
            aria-label={text.reset}
            onClick={() => (view.period.value = null)}
          >
            <Icon name="reset" />
          </button>
        )}
      </div>
      <MonthBars
        within={within}
        counts={series.counts}
        period={shown.period}
        comparison={shown.comparison}
        choose={setPeriod}
        label={text.explain}
      />
    </section>
  );
}
