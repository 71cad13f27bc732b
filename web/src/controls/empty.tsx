import { strings } from "../strings";
import { isUploading } from "../upload/state";

/** A service without incidents: say so, and what to do. */
export function Empty() {
  return (
    <section class="empty">
      <h2>{strings.states.empty}</h2>
      <p>{strings.states.emptyMore}</p>
      <button type="button" class="main-action" onClick={() => (isUploading.value = true)}>
        {strings.upload.title}
      </button>
    </section>
  );
}
