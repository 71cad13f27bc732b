import { lazy } from "../lazy";
import { Icon } from "../controls/icons";
import { strings } from "../strings";
import { isUploading } from "./state";

/** The dialogue is a chunk of its own: few readers upload. */
const Dialogue = lazy(() => import("./dialogue").then(({ Dialogue: loaded }) => loaded));

export function UploadButton() {
  return (
    <>
      <button
        type="button"
        class="tool"
        title={strings.upload.title}
        onClick={() => (isUploading.value = true)}
      >
        <Icon name="upload" />
        <span class="tool-name">{strings.upload.open}</span>
      </button>
      {isUploading.value && <Dialogue />}
    </>
  );
}
