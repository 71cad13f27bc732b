import { asked, query } from "../api/addresses";
import type { Hours, Seasonality, TrendRow } from "../api/types";
import { Figure } from "../charts/figure";
import { HoursChart } from "../charts/hoursChart";
import { MonthBars } from "../charts/monthBars";
import { SeasonChart } from "../charts/seasonChart";
import { TrendChart } from "../charts/trendChart";
import { one, pIs, signed, two, whole } from "../numbers";
import { useAsked } from "../state/asked";
import { setPeriod } from "../state/change";
import { longName, month, periodText } from "../state/months";
import { held } from "../state/service";
import { scene } from "../state/scene";
import { useSeries } from "../state/series";
import * as view from "../state/view";
import { strings } from "../strings";

const { time } = strings;

/** When: from month to month, by the month of the year, and by the hour of the week. */
export function TimePanel() {
  return (
    <>
      <Trend />
      <Season />
      <HoursOfWeek />
    </>
  );
}

function slopeText({ slope_per_month: slope, slope_low: low, slope_high: high }: TrendRow): string {
  if (low === null || high === null) return time.slopeOnly(signed(slope, two));
  return time.slope(signed(slope, two), signed(low, two), signed(high, two));
}

function Trend() {
  const { answer, row, counts, isWaiting, fault } = useSeries();
  const [shown, within] = [scene.value, held.value];
  if (!shown || !within) return null;
  const inPeriod = (at: number) => at >= shown.period.from && at <= shown.period.to;
  const rows = [...(counts ?? [])].map(([at, count]) => [
    longName(at),
    whole(count),
    inPeriod(at) ? "●" : "",
  ]);
  return (
    <Figure
      title={time.trend}
      more={
        <>
          {row && <strong>{time.findings[row.finding]}. </strong>}
          {row && row.slope_per_month !== null && `${slopeText(row)}, ${pIs(row.p_adjusted)}. `}
          {time.trendMore}
        </>
      }
      table={{ head: [time.month, time.incidents, time.inPeriod], rows }}
      isWaiting={isWaiting}
    >
      {fault && !answer && <p class="refused">{fault.message}</p>}
      <div class="brushed">
        {counts && <TrendChart within={within} counts={counts} slope={row?.slope_per_month ?? null} />}
        <MonthBars
          within={within}
          counts={null}
          period={shown.period}
          comparison={shown.comparison}
          choose={setPeriod}
          label={time.trendMore}
        />
      </div>
    </Figure>
  );
}

/** The months that seasons are told from: all, because only whole years are used. */
function Season() {
  const [shown, within] = [scene.value, held.value];
  const area = view.area.value;
  const path =
    shown && within && query("/analysis/seasonality", { ...asked(shown, area), period: periodText(within) });
  const { answer, isWaiting, fault } = useAsked<Seasonality>(path);
  const rows = (answer?.months ?? []).map(({ name, count, index, index_low, index_high }) => [
    name,
    whole(count),
    one(index),
    one(index_low),
    one(index_high),
  ]);
  const even = answer?.evenness;
  return (
    <Figure
      title={time.season}
      more={
        <>
          {even && <strong>{(even.p < 0.05 ? time.uneven : time.even)(pIs(even.p))} </strong>}
          {time.seasonMore}{" "}
          {answer && time.seasonOf(longName(month(answer.first_month)), longName(month(answer.last_month)))}
        </>
      }
      table={{ head: [time.month, time.incidents, time.index, time.low, time.high], rows }}
      isWaiting={isWaiting}
    >
      {fault && !answer ? (
        <p class="refused">{fault.message}</p>
      ) : (
        <SeasonChart months={answer?.months ?? []} />
      )}
    </Figure>
  );
}

function HoursOfWeek() {
  const shown = scene.value;
  const { answer, isWaiting, fault } = useAsked<Hours>(
    shown && query("/analysis/hours", asked(shown, view.area.value)),
  );
  const rows = (answer?.hours_of_week ?? []).map(({ day, hour, incidents }) => [
    `${day} ${String(hour).padStart(2, "0")}:00`,
    one(incidents),
  ]);
  return (
    <Figure
      title={time.hours}
      more={answer ? time.hoursMore(whole(answer.usable)) : null}
      table={{ head: [time.hour, time.incidents], rows }}
      isWaiting={isWaiting}
    >
      {answer && <HoursChart hours={answer} />}
      {fault && !answer && <p class="refused">{time.hoursNone}</p>}
    </Figure>
  );
}
