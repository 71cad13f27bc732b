/** Line drawings, 20 by 20. They only go with words that say the same. */
const PATHS = {
  play: "M6.5 4.2v11.6l9-5.8z",
  pause: "M6 4.5v11M14 4.5v11",
  back: "M12.5 4.5 7 10l5.5 5.5",
  on: "m7.5 4.5 5.5 5.5-5.5 5.5",
  layers: "m10 3 7 3.8-7 3.8-7-3.8zM3 10.3l7 3.8 7-3.8M3 13.7l7 3.8 7-3.8",
  plus: "M10 4v12M4 10h12",
  minus: "M4 10h12",
  home: "M3 3h5M3 3v5M17 3h-5M17 3v5M3 17h5M3 17v-5M17 17h-5M17 17v-5M8 8h4v4H8z",
  locate: "M10 6.2a3.8 3.8 0 1 1 0 7.6 3.8 3.8 0 0 1 0-7.6M10 1.8V5M10 15v3.2M1.8 10H5M15 10h3.2",
  full: "M3 7.5V3h4.5M17 7.5V3h-4.5M3 12.5V17h4.5M17 12.5V17h-4.5",
  search: "M8.8 3.5a5.3 5.3 0 1 1 0 10.6 5.3 5.3 0 0 1 0-10.6M12.7 12.7 17 17",
  share: "M10 12.5V3M6.3 6.3 10 2.8l3.7 3.5M4.5 10v6.5h11V10",
  upload: "M10 13V4M6.3 7.3 10 3.8l3.7 3.5M3.5 13v3.5h13V13",
  close: "m5 5 10 10M15 5 5 15",
  one: "M3 4h14v12H3z",
  side: "M3 4h14v12H3zM10 4v12",
  swipe: "M3 4h14v12H3zM10 2v16M7.5 8.5 6 10l1.5 1.5M12.5 8.5 14 10l-1.5 1.5",
  theme: "M10 3.2a6.8 6.8 0 1 0 0 13.6zM10 3.2a6.8 6.8 0 0 1 0 13.6",
  reset: "M4 10a6 6 0 1 0 2-4.5M4 3.5v3.7h3.7",
  info: "M10 2.8a7.2 7.2 0 1 1 0 14.4 7.2 7.2 0 0 1 0-14.4M10 9.2v4.6M10 6.2v.4",
  up: "m5 12.5 5-5 5 5",
  down: "m5 7.5 5 5 5-5",
} as const;

export type IconName = keyof typeof PATHS;

export function Icon({ name }: { name: IconName }) {
  return (
    <svg class="icon" viewBox="0 0 20 20" width="20" height="20" aria-hidden="true" focusable="false">
      <path d={PATHS[name]} class={name === "play" ? "solid" : undefined} />
    </svg>
  );
}
