import type { ClassTest, Fields, Legend } from "../api/types";

/** Which class of a legend a feature belongs to: the first that fits, as the service draws it too. */

function fits(test: ClassTest, value: string | number | boolean | null | undefined): boolean {
  switch (test.is) {
    case "all":
      return true;
    case "absent":
      return value === null || value === undefined;
    case "text":
      return value === test.value;
    case "range":
      return (
        typeof value === "number" &&
        (test.from === null || test.from === undefined || value >= test.from) &&
        (test.below === null || test.below === undefined || value < test.below)
      );
  }
}

/** Its number in the legend; -1 where none fits, and the feature is not drawn. */
export function classOf(legend: Legend, fields: Fields): number {
  const value = legend.field === null ? undefined : fields[legend.field];
  return legend.classes.findIndex(({ test }) => fits(test, value));
}
