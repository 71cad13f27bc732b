/** The answers of the service, as far as the page reads them; `openapi.yaml` describes them in full. */

/** A calendar month, YYYY-MM. */
export type MonthText = string;

export interface Landing {
  title: string;
  description: string;
  notices: string[];
  incidents: number;
  unlocated: number;
  first_month: MonthText | null;
  last_month: MonthText | null;
  categories: string[];
  sources: string[];
  generation: number;
}

export interface Ready {
  status: "ready" | "store-unreachable";
  serving_generation: number;
  stored_generation: number | null;
}

export interface Priority {
  id: string;
  title: string;
  description: string;
  categories: string[];
  filter: string | null;
  period: { last_months: number; compare: "before" | "year-before" };
  method: { hex_resolution: number };
}

export interface BoundaryLayer {
  id: string;
  title: string;
  vintage: string;
  licence: string;
  schematic: boolean;
  areas: number;
  /** Empty where there is only one. */
  vintages: { vintage: string }[];
}

/** An area that the service holds. */
export interface ServedArea {
  code: string;
  name: string;
  links: { rel: string; href: string }[];
}

export interface MethodCard {
  area: string;
  layer?: { id: string; vintage: string };
  within?: { layer: string; code: string; name: string };
  schematic_boundaries: boolean;
  priority: string | null;
  period: string;
  comparison_period: string | null;
  categories: string[];
  sources: string[];
  filters: string[];
  weights_from: string | null;
  crs: string;
  incidents: {
    used: number;
    unlocated: number;
    outside: number;
    coarser_than_period: number;
    synthetic: number;
  };
  method: string;
  parameters: Record<string, unknown>;
  store: string;
  generation: number;
  software: string;
  permalink: string;
}

export type Position = [number, number];
export type PolygonShape = { type: "Polygon"; coordinates: Position[][] };
export type MultiPolygonShape = { type: "MultiPolygon"; coordinates: Position[][][] };
export type AreaShape = PolygonShape | MultiPolygonShape;

export type Fields = Record<string, string | number | boolean | null>;

export interface LayerFeature {
  type: "Feature";
  id: string;
  geometry: AreaShape | null;
  properties: Fields;
}

export interface FeaturePage {
  type: "FeatureCollection";
  title: string;
  numberMatched: number;
  numberReturned: number;
  notices: string[];
  method?: MethodCard;
  features: LayerFeature[];
}

export interface AreaCollection {
  type: "FeatureCollection";
  features: {
    type: "Feature";
    id?: string;
    geometry: AreaShape;
    properties: {
      code: string;
      name: string;
      area_km2: number;
      residents: number | null;
      schematic: boolean;
    };
  }[];
}

export interface ClassTest {
  is: "all" | "absent" | "text" | "range";
  value?: string;
  from?: number | null;
  below?: number | null;
}

export interface LegendClass {
  label: string;
  test: ClassTest;
  fill: string | null;
  fill_opacity: number;
  stroke: string | null;
  stroke_opacity: number;
  stroke_px: number;
  radius_px: number;
}

export interface Legend {
  title: string;
  style: string;
  shows: string;
  geometry: "area" | "point";
  field: string | null;
  unit: string | null;
  class_rule: string | null;
  classes: LegendClass[];
  notices: string[];
  attribution: string | null;
}

export interface HotspotProperties {
  hotspot_id: string;
  rank: number;
  count: number;
  weighted: number;
  area_km2: number;
  per_km2: number;
  area_share: number;
  count_share: number;
  peak_lon_deg: number;
  peak_lat_deg: number;
  pai?: { value?: number } | number | null;
  found_share: number | null;
  areas: Record<string, { code: string; name: string; share: number }[]>;
  streets: { name: string; count: number }[];
}

export interface HotspotCollection {
  type: "FeatureCollection";
  title: string;
  notices: string[];
  method: MethodCard;
  limit_per_km2: number | null;
  features: { type: "Feature"; id: string; geometry: MultiPolygonShape; properties: HotspotProperties }[];
}

export interface EmergingCollection {
  type: "FeatureCollection";
  title: string;
  notices: string[];
  method: MethodCard;
  months: MonthText[];
  categories: Record<string, number>;
  features: LayerFeature[];
}

interface Answer {
  title: string;
  notices: string[];
  method: MethodCard;
}

export interface SummaryRow {
  code: string;
  name: string;
  count: number;
  share: number | null;
  rank: number;
  residents: number | null;
  rate_per_1000: number | null;
  area_km2: number;
  per_km2: number;
  comparison_count: number | null;
  change: number | null;
  change_percent: number | null;
}

export interface Summary extends Answer {
  in_no_area: number;
  rows: SummaryRow[];
}

export type ChangeFinding = "more" | "fewer" | "no-evidence" | "no-incidents";

export interface ChangeRow {
  code: string;
  name: string;
  count: number;
  comparison_count: number;
  change: number;
  change_percent: number | null;
  rate_ratio: number | null;
  rate_ratio_low: number | null;
  rate_ratio_high: number | null;
  p_exact: number | null;
  p_exact_adjusted: number | null;
  finding: ChangeFinding;
}

export interface Change extends Answer {
  total: ChangeRow;
  rows: ChangeRow[];
}

export interface RateRow {
  code: string;
  name: string;
  count: number;
  population: number | null;
  rate_per_1000: number | null;
  rate_low: number | null;
  rate_high: number | null;
  p_adjusted: number | null;
  ratio: number | null;
}

export interface Rates extends Answer {
  rows: RateRow[];
}

export type TrendFinding = "up" | "down" | "no-evidence" | "no-incidents";

export interface TrendRow {
  code: string;
  name: string;
  count: number;
  slope_per_month: number | null;
  slope_low: number | null;
  slope_high: number | null;
  p: number | null;
  p_adjusted: number | null;
  seasonal_p: number | null;
  finding: TrendFinding;
  counts: number[];
}

export interface Trend extends Answer {
  months: MonthText[];
  total: TrendRow;
  rows: TrendRow[];
}

export interface SeasonalMonth {
  month: number;
  name: string;
  count: number;
  per_day: number;
  index: number | null;
  index_low: number | null;
  index_high: number | null;
}

export interface Seasonality extends Answer {
  first_month: MonthText;
  last_month: MonthText;
  whole_years: number;
  count: number;
  evenness: { chi_square: number; p: number; least_expected: number } | null;
  months: SeasonalMonth[];
}

export interface Hours extends Answer {
  usable: number;
  instants: number;
  intervals: number;
  only_day: number;
  only_month: number;
  days: { day: string; incidents: number; share: number }[];
  hours_of_week: { hour_of_week: number; day: string; hour: number; incidents: number; share: number }[];
}

export interface Concentration extends Answer {
  units: number;
  total: number;
  gini: number | null;
  gini_interval: { percentile_low: number; percentile_high: number } | null;
  units_pct_holding: { held_pct: number; units_pct: number }[];
  held_pct_by_top: { units_pct: number; held_pct: number }[];
  lorenz: [number, number][];
}

export interface Profile {
  title: string;
  findings: { section: string; text: string }[];
}

export interface Place {
  kind: "ward" | "beat" | "street" | "postcode" | "grid-reference" | "coordinates" | (string & {});
  name: string;
  context: string | null;
  code: string | null;
  lon: number;
  lat: number;
  bbox: [number, number, number, number] | null;
}

export interface ImportedFile {
  name: string;
  committed: boolean;
  reason: string | null;
  read: number;
  accepted: number;
  rejected: number;
  unlocated: number;
  rejects_url: string | null;
  batches: { source: string; month: MonthText }[];
}

export interface ImportReport {
  read: number;
  accepted: number;
  rejected: number;
  stored: number;
  replaced: number;
  unlocated: number;
  outside: number;
  in_no_area: Record<string, number>;
  generation: number | null;
  files: ImportedFile[];
  skipped: { name: string; reason: string }[];
  rejects: { file: string; line: number; column: string | null; value: string; rule: string }[];
  notices: string[];
}

export interface Settings {
  basemap: { tiles: string; attribution: string; maxzoom?: number } | null;
}

/** RFC 9457. */
export interface Problem {
  title: string;
  status: number;
  detail: string;
  errors?: { place: string; value: string; rule: string }[];
}
