import type { ComponentType } from "preact";
import { useEffect, useState } from "preact/hooks";

/** A component that comes when it is first needed; until then there is nothing. */
export function lazy(load: () => Promise<ComponentType>): ComponentType {
  let loaded: ComponentType | null = null;
  return function Later() {
    const [, again] = useState(0);
    useEffect(() => {
      if (loaded) return;
      void load().then((component) => {
        loaded = component;
        again(1);
      });
    }, []);
    const Loaded = loaded;
    return Loaded && <Loaded />;
  };
}
