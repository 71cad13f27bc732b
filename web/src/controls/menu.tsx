import type { ComponentChildren } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { Icon, type IconName } from "./icons";

interface Props {
  icon: IconName;
  label: string;
  class?: string;
  children: (close: () => void) => ComponentChildren;
}

/** A button that opens a sheet below it; Escape and a click elsewhere close it. */
export function Menu({ icon, label, class: name, children }: Props) {
  const [isOpen, open] = useState(false);
  const here = useRef<HTMLDivElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    if (!isOpen) return undefined;
    const away = ({ target }: Event) => {
      if (target instanceof Node && !here.current?.contains(target)) open(false);
    };
    addEventListener("pointerdown", away);
    return () => removeEventListener("pointerdown", away);
  }, [isOpen]);
  const close = () => {
    open(false);
    button.current?.focus();
  };
  return (
    <div
      class={`menu ${name ?? ""}`}
      ref={here}
      onKeyDown={({ key }) => key === "Escape" && isOpen && close()}
    >
      <button
        ref={button}
        type="button"
        class="tool"
        aria-expanded={isOpen}
        title={label}
        onClick={() => open(!isOpen)}
      >
        <Icon name={icon} />
        <span class="tool-name">{label}</span>
      </button>
      {isOpen && (
        <section class="sheet" aria-label={label}>
          {children(close)}
        </section>
      )}
    </div>
  );
}
