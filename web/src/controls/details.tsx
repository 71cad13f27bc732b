import { useEffect, useRef } from "preact/hooks";
import { told } from "../map/going";
import { strings } from "../strings";
import { Icon } from "./icons";
import { Whole } from "./telling";

/** What was clicked, in full. Escape closes it and goes back to the map. */
export function Details() {
  const card = useRef<HTMLElement>(null);
  const at = told.value;
  useEffect(() => {
    if (at) card.current?.focus({ preventScroll: true });
  }, [at]);
  if (!at) return null;
  const close = () => {
    told.value = null;
    document.querySelector<HTMLElement>(".pane.is-side-0 canvas")?.focus();
  };
  return (
    <section
      ref={card}
      class="details"
      tabIndex={-1}
      aria-label={strings.details.here}
      onKeyDown={({ key }) => key === "Escape" && close()}
    >
      <h2 class="unseen">{strings.details.here}</h2>
      <button type="button" class="close" aria-label={strings.details.close} onClick={close}>
        <Icon name="close" />
      </button>
      <Whole told={at} />
    </section>
  );
}
