import { useEffect, useRef, useState } from "preact/hooks";
import type { Place } from "../api/types";
import { goTo } from "../map/going";
import { boundaries } from "../state/service";
import * as view from "../state/view";
import { strings } from "../strings";
import { Icon } from "./icons";
import { placesCalled } from "./places";

/** Typing settles this long before it is looked up. */
const SETTLE_MS = 90;

function useFound(wanted: string): Place[] | null {
  const [found, set] = useState<Place[] | null>(null);
  useEffect(() => {
    if (wanted.trim().length < 2) {
      set(null);
      return undefined;
    }
    const abort = new AbortController();
    const due = setTimeout(() => {
      placesCalled(wanted.trim(), abort.signal).then(set, () => undefined);
    }, SETTLE_MS);
    return () => {
      clearTimeout(due);
      abort.abort();
    };
  }, [wanted]);
  return found;
}

/** A box with suggestions, as the pattern "combobox with a list" has it. */
export function Search() {
  const [text, write] = useState("");
  const [isOpen, open] = useState(false);
  const [at, go] = useState(0);
  const input = useRef<HTMLInputElement>(null);
  const found = useFound(text);
  const { search } = strings;
  const isListed = isOpen && found !== null;

  const choose = (place: Place) => {
    write(place.name);
    open(false);
    const isArea = place.code !== null && boundaries.value.has(place.kind);
    if (isArea && place.code) view.area.value = { layer: place.kind, code: place.code };
    goTo(place);
  };
  const press = (event: KeyboardEvent) => {
    const last = (found?.length ?? 0) - 1;
    const chosen = found?.[at];
    if (event.key === "ArrowDown") go(Math.min(last, at + 1));
    else if (event.key === "ArrowUp") go(Math.max(0, at - 1));
    else if (event.key === "Enter" && chosen) choose(chosen);
    else if (event.key === "Escape") open(false);
    else return;
    event.preventDefault();
  };

  return (
    <search class="search">
      <Icon name="search" />
      <input
        ref={input}
        type="text"
        role="combobox"
        aria-label={search.label}
        placeholder={search.label}
        aria-expanded={isListed}
        aria-controls="places"
        aria-autocomplete="list"
        aria-activedescendant={isListed && found.length ? `place-${at}` : undefined}
        autocomplete="off"
        spellcheck={false}
        value={text}
        onInput={({ currentTarget }) => {
          write(currentTarget.value);
          open(true);
          go(0);
        }}
        onFocus={() => open(true)}
        onBlur={() => open(false)}
        onKeyDown={press}
      />
      {text && (
        <button
          type="button"
          class="clear"
          aria-label={search.clear}
          onClick={() => {
            write("");
            goTo(null);
            input.current?.focus();
          }}
        >
          <Icon name="close" />
        </button>
      )}
      <ul id="places" role="listbox" aria-label={search.label} hidden={!isListed}>
        {found?.map((place, number) => (
          <li
            key={`${place.kind} ${place.code ?? place.name} ${place.lon}`}
            id={`place-${number}`}
            role="option"
            aria-selected={number === at}
            onPointerDown={(event) => {
              event.preventDefault();
              choose(place);
            }}
          >
            <span>{place.name}</span>
            <small>
              {[search.kinds[place.kind] ?? place.kind, place.context].filter(isTelling).join(" · ")}
            </small>
          </li>
        ))}
        {found?.length === 0 && (
          <li class="quiet" role="option" aria-selected="false" aria-disabled="true">
            {search.none(text)}
          </li>
        )}
      </ul>
      <span class="unseen" role="status">
        {isListed ? search.found(found.length) : ""}
      </span>
    </search>
  );
}

/** A context that only says what kind it is adds nothing. */
function isTelling(text: string | null, place: number, all: (string | null)[]): boolean {
  return text !== null && (place === 0 || text.toLowerCase() !== all[0]?.toLowerCase());
}
