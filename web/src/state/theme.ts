import { computed, effect, signal, type Signal } from "@preact/signals";

export type Theme = "system" | "light" | "dark";

const KEY = "hotspots-theme";
const system = matchMedia("(prefers-color-scheme: dark)");

/** Storage may be closed to the page; it then forgets. */
function kept(): Theme {
  try {
    const theme = localStorage.getItem(KEY);
    return theme === "light" || theme === "dark" ? theme : "system";
  } catch {
    return "system";
  }
}

export const theme: Signal<Theme> = signal(kept());
const systemIsDark = signal(system.matches);
export const isNight = computed(() =>
  theme.value === "system" ? systemIsDark.value : theme.value === "dark",
);

export function keepTheme(): void {
  system.addEventListener("change", ({ matches }) => (systemIsDark.value = matches));
  effect(() => {
    document.documentElement.dataset.theme = isNight.value ? "dark" : "light";
    try {
      localStorage.setItem(KEY, theme.value);
    } catch {
      // It lasts as long as the page then.
    }
  });
}
