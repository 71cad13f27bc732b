import type { EmergingCollection, Legend, LegendClass } from "../api/types";
import { strings } from "../strings";

/**
 * The service gives the category of a cell and no way to draw it. Hot spots are told apart by hue and lightness, the
 * ones that call for attention strongest; cold spots are blue alike.
 */
const COLOURS: [category: string, colour: string][] = [
  ["Intensifying Hot Spot", "#7a0177"],
  ["Persistent Hot Spot", "#b2182b"],
  ["Consecutive Hot Spot", "#d6604d"],
  ["New Hot Spot", "#e7298a"],
  ["Sporadic Hot Spot", "#f4a582"],
  ["Oscillating Hot Spot", "#e6ab02"],
  ["Diminishing Hot Spot", "#b8976b"],
  ["Historical Hot Spot", "#8d8d8d"],
  ["Intensifying Cold Spot", "#08306b"],
  ["Persistent Cold Spot", "#2166ac"],
  ["Consecutive Cold Spot", "#4393c3"],
  ["New Cold Spot", "#1c9099"],
  ["Sporadic Cold Spot", "#92c5de"],
  ["Oscillating Cold Spot", "#a6bddb"],
  ["Diminishing Cold Spot", "#c6dbef"],
  ["Historical Cold Spot", "#b5c0c9"],
];

/** The legend of the categories that occur. */
export function emergingLegend(answer: EmergingCollection): Legend {
  const line = (category: string, colour: string): LegendClass => ({
    label: category,
    test: { is: "text", value: category },
    fill: colour,
    fill_opacity: 0.82,
    stroke: "#4d4d4d",
    stroke_opacity: 0.2,
    stroke_px: 0.5,
    radius_px: 0,
  });
  const occurring = COLOURS.filter(([category]) => (answer.categories[category] ?? 0) > 0);
  return {
    title: answer.title,
    style: "emerging",
    shows: strings.emerging.shows,
    geometry: "area",
    field: "category",
    unit: null,
    class_rule: strings.emerging.rule,
    classes: occurring.map(([category, colour]) => line(category, colour)),
    notices: answer.notices,
    attribution: null,
  };
}
