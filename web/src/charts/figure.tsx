import type { ComponentChildren } from "preact";
import { strings } from "../strings";

export interface Table {
  head: string[];
  rows: (string | number)[][];
}

interface Props {
  title: string;
  more?: ComponentChildren;
  /** The same numbers, for those who cannot see the drawing and those who want to read them. */
  table: Table;
  isWaiting?: boolean;
  children: ComponentChildren;
}

/** A chart with its words and its table. */
export function Figure({ title, more, table, isWaiting, children }: Props) {
  return (
    <figure class={`figure ${isWaiting ? "is-waiting" : ""}`} aria-busy={isWaiting}>
      <figcaption>
        <h3>{title}</h3>
        {more && <p>{more}</p>}
      </figcaption>
      {children}
      <details class="as-table">
        <summary>
          {strings.panels.asTable}
          <span class="unseen">: {title}</span>
        </summary>
        <div class="table" tabIndex={0} role="region" aria-label={title}>
          <table>
            <thead>
              <tr>
                {table.head.map((name, place) => (
                  <th scope="col" key={name} class={place ? "number" : undefined}>
                    {name}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {table.rows.map((row) => (
                <tr key={row.slice(0, 2).join(" ")}>
                  {row.map((cell, place) =>
                    place === 0 ? (
                      <th scope="row" key={place}>
                        {cell}
                      </th>
                    ) : (
                      <td class="number" key={place}>
                        {cell}
                      </td>
                    ),
                  )}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      </details>
    </figure>
  );
}
