import { theme, type Theme } from "../state/theme";
import { strings } from "../strings";
import { Menu } from "./menu";

const THEMES: readonly Theme[] = ["system", "light", "dark"];

export function ThemeSwitch() {
  return (
    <Menu icon="theme" label={strings.theme.label} class="quiet">
      {() => (
        <fieldset class="choices">
          <legend class="unseen">{strings.theme.label}</legend>
          {THEMES.map((known) => (
            <label key={known}>
              <input
                type="radio"
                name="theme"
                checked={theme.value === known}
                onChange={() => (theme.value = known)}
              />
              {strings.theme[known]}
            </label>
          ))}
        </fieldset>
      )}
    </Menu>
  );
}
