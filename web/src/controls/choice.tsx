import type { ComponentChildren } from "preact";

interface Props<T extends string> {
  label: string;
  name: string;
  options: readonly { value: T; label: ComponentChildren; title?: string | undefined }[];
  chosen: T;
  choose: (value: T) => void;
  class?: string;
}

/** One of a few, as a row of buttons that the arrow keys go through: radio buttons underneath. */
export function Choice<T extends string>({ label, name, options, chosen, choose, class: kind }: Props<T>) {
  return (
    <fieldset class={`choice ${kind ?? ""}`}>
      <legend class="unseen">{label}</legend>
      {options.map(({ value, label: text, title }) => (
        <label key={value} title={title} class={value === chosen ? "is-chosen" : undefined}>
          <input
            type="radio"
            name={name}
            value={value}
            checked={value === chosen}
            onChange={() => choose(value)}
          />
          <span>{text}</span>
        </label>
      ))}
    </fieldset>
  );
}
