import { Choice } from "../controls/choice";
import { Icon } from "../controls/icons";
import * as view from "../state/view";
import { strings } from "../strings";

/** One map or two. */
export function CompareSwitch() {
  const { compare } = strings;
  return (
    <Choice
      label={compare.label}
      name="maps"
      class="compare-switch"
      options={view.SPLITS.map((value) => ({
        value,
        title: compare[value],
        label: (
          <>
            <Icon name={value} />
            <span class="unseen">{compare[value]}</span>
          </>
        ),
      }))}
      chosen={view.split.value}
      choose={(value) => (view.split.value = value)}
    />
  );
}
