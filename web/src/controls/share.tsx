import { download, emergingPeriod, query } from "../api/addresses";
import { absolute, ROOT } from "../api/root";
import { addresses, styleOf } from "../layers/surface";
import { savePicture } from "../map/picture";
import { writeAddress } from "../state/address";
import { periodText } from "../state/months";
import { profileAddress, useProfile } from "../state/profile";
import { held } from "../state/service";
import { scene, shownLayer, type Scene } from "../state/scene";
import * as view from "../state/view";
import { strings } from "../strings";
import { Copy } from "./copy";
import { Menu } from "./menu";

interface Files {
  /** The layer as clients know it; null where it is an analysis only. */
  id: string | null;
  geojson: string;
  csv: string;
  gpkg: string | null;
}

/** The layer on the map as files, made as it is made here. */
function filesOf(shown: Scene): Files | null {
  const within = held.value;
  const surface = view.surface.value;
  if (!within) return null;
  const period = periodText(shown.period);
  if (surface === "emerging") {
    const parameters = { priority: shown.priority.id, period: periodText(emergingPeriod(shown, within)) };
    const as = (f: string) => query("/analysis/emerging", { ...parameters, f });
    return { id: null, geojson: as("geojson"), csv: as("csv"), gpkg: null };
  }
  const style = styleOf(surface, view.style.value);
  const wanted = {
    scene: shown,
    surface,
    style,
    layer: shownLayer.value,
    classesOf: null,
    held: within,
    grid: shown.priority.id,
  };
  const id = addresses(wanted)?.id ?? `${shown.priority.id}-hotspots`;
  const parameters = { period, compare: surface === "areas" ? shown.compare : null };
  const as = (ending: string) => download(id, ending, parameters);
  return { id, geojson: as("geojson"), csv: as("csv"), gpkg: as("gpkg") };
}

export function Share() {
  return (
    <Menu icon="share" label={strings.share.title}>
      {(close) => <Ways close={close} />}
    </Menu>
  );
}

function Ways({ close }: { close: () => void }) {
  const { share } = strings;
  const shown = scene.value;
  const files = shown && filesOf(shown);
  return (
    <>
      <h2>{share.view}</h2>
      <div class="ways">
        <Copy text={() => `${location.origin}${location.pathname}?${writeAddress()}`}>{share.copyView}</Copy>
        <button
          type="button"
          onClick={() => {
            void savePicture();
            close();
          }}
        >
          {share.picture}
        </button>
        <button
          type="button"
          onClick={() => {
            close();
            // The sheet has to be gone from what is printed.
            setTimeout(() => print(), 50);
          }}
        >
          {share.print}
        </button>
      </div>
      {files && (
        <>
          <h2>{share.data}</h2>
          <div class="ways">
            <a href={ROOT + files.geojson} download="">
              {share.geojson}
            </a>
            <a href={ROOT + files.csv} download="">
              {share.csv}
            </a>
            {files.gpkg && (
              <a href={ROOT + files.gpkg} download="">
                {share.gpkg}
              </a>
            )}
          </div>
        </>
      )}
      <h2>{share.qgis}</h2>
      <p class="quiet">{share.qgisMore}</p>
      <div class="ways">
        <code>{absolute("")}</code>
        <Copy text={() => absolute("")}>{share.copy}</Copy>
      </div>
      {files?.id && <p class="quiet">{share.layerNamed(files.id)}</p>}
      {shown && <Report of={shown} />}
    </>
  );
}

function Report({ of }: { of: Scene }) {
  const { share } = strings;
  const { answer } = useProfile(of);
  if (!answer) return null;
  const as = (f: string) => ROOT + profileAddress(of, f);
  return (
    <>
      <h2>{share.report}</h2>
      <div class="ways">
        <a href={as("html")} target="_blank" rel="noopener">
          {share.html}
        </a>
        <a href={as("xlsx")} download="">
          {share.xlsx}
        </a>
        <a href={as("zip")} download="">
          {share.zip}
        </a>
        <a href={as("gpkg")} download="">
          {share.reportGpkg}
        </a>
      </div>
    </>
  );
}
