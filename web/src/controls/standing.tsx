import { currency, fault, landing, loadService, reload } from "../state/service";
import { strings } from "../strings";

/** What stands above everything else: that the page could not load, or shows what is no longer the latest. */
export function Standing() {
  const { states } = strings;
  if (fault.value && !landing.value) {
    return (
      <div class="standing is-bad" role="alert">
        <strong>{states.failed}.</strong> {fault.value.message} {states.failedMore}
        <button type="button" onClick={() => void loadService()}>
          {states.again}
        </button>
      </div>
    );
  }
  switch (currency.value) {
    case "current":
      return <div class="standing" role="status" hidden />;
    case "newer-data":
      return (
        <div class="standing" role="status">
          {states.newer}
          <button type="button" onClick={() => void reload()}>
            {states.show}
          </button>
        </div>
      );
    case "store-away":
      return (
        <div class="standing is-bad" role="status">
          {states.storeAway}
        </div>
      );
    case "service-away":
      return (
        <div class="standing is-bad" role="status">
          {states.serviceAway}
        </div>
      );
  }
}
