import { Copy } from "../controls/copy";
import type { MethodCard } from "../api/types";
import { exact, whole } from "../numbers";
import { first } from "../state/mapData";
import { strings } from "../strings";

const { method: text } = strings;

function written(value: unknown): string {
  if (value === null || value === undefined) return strings.numbers.none;
  if (Array.isArray(value)) return value.map(written).join(", ");
  if (typeof value === "object") {
    return Object.entries(value)
      .map(([name, part]) => `${name} ${written(part)}`)
      .join(", ");
  }
  return typeof value === "number" ? exact(value) : String(value);
}

function facts(card: MethodCard): [string, string][] {
  const { incidents } = card;
  const left = [
    [incidents.unlocated, text.unlocated],
    [incidents.outside, text.outside],
    [incidents.coarser_than_period, text.coarse],
    [incidents.synthetic, text.synthetic],
  ] as const;
  const used = [
    whole(incidents.used),
    ...left.filter(([many]) => many).map(([many, name]) => `${whole(many)} ${name}`),
  ];
  const all: [string, string | null][] = [
    [text.method, card.method],
    [text.area, card.within ? card.within.name : card.area],
    [text.period, card.period],
    [text.compared, card.comparison_period],
    [text.categories, card.categories.length ? card.categories.join(", ") : text.all],
    [text.sources, card.sources.length ? card.sources.join(", ") : text.all],
    [text.filters, card.filters.join("; ") || null],
    [text.weights, card.weights_from],
    [text.used, used.join("; ")],
    [text.boundaries, card.layer ? card.layer.vintage : card.schematic_boundaries ? text.schematic : null],
    [text.crs, card.crs],
    [text.data, text.generation(card.generation)],
    [text.software, card.software],
  ];
  return all.filter((fact): fact is [string, string] => fact[1] !== null);
}

/** How what fills the map was made, in full, and where to have it again. */
export function MethodPanel() {
  const data = first.surface.value;
  if (!data?.method) return <p class="quiet">{text.none}</p>;
  const { method: card, notices } = data;
  return (
    <section class="method">
      <h3>{text.title}</h3>
      <dl class="facts">
        {facts(card).map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      <h3>{text.parameters}</h3>
      <dl class="facts">
        {Object.entries(card.parameters).map(([name, value]) => (
          <div key={name}>
            <dt>{name.replaceAll("_", " ")}</dt>
            <dd>{written(value)}</dd>
          </div>
        ))}
      </dl>
      <h3>{text.permalink}</h3>
      <p class="ways">
        <a href={card.permalink}>{card.permalink}</a>
        <Copy text={() => card.permalink}>{strings.share.copy}</Copy>
      </p>
      {notices.length > 0 && (
        <>
          <h3>{text.notices}</h3>
          <ul>
            {notices.map((notice) => (
              <li key={notice}>{notice}</li>
            ))}
          </ul>
        </>
      )}
    </section>
  );
}
