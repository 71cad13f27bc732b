import { useState } from "preact/hooks";
import { strings } from "../strings";

/** Copies a text, and says so for a moment. */
export function Copy({
  text,
  children,
  class: kind,
}: {
  text: () => string;
  children: string;
  class?: string;
}) {
  const [isDone, done] = useState(false);
  const copy = async () => {
    await navigator.clipboard.writeText(text());
    done(true);
    setTimeout(() => done(false), 1600);
  };
  return (
    <button type="button" class={kind} onClick={() => void copy()}>
      <span aria-live="polite">{isDone ? strings.share.copied : children}</span>
    </button>
  );
}
