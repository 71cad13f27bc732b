import { useEffect, useRef, useState } from "preact/hooks";
import { Icon } from "../controls/icons";
import { reload } from "../state/service";
import { strings } from "../strings";
import { Report } from "./report";
import { isBusy, isUploading, source, stop, take, uploads, type Upload } from "./state";

/** Where files are dropped, and what came of them. */
export function Dialogue() {
  const box = useRef<HTMLDialogElement>(null);
  const { upload } = strings;
  useEffect(() => box.current?.showModal(), []);
  const hasStored = uploads.value.some(({ stage }) => stage === "done");
  const close = () => {
    isUploading.value = false;
    if (!isBusy()) uploads.value = [];
  };
  const show = () => {
    close();
    void reload();
  };
  return (
    <dialog
      ref={box}
      class="upload"
      aria-labelledby="upload-title"
      onClose={() => (hasStored ? show() : close())}
    >
      <div class="dialogue-head">
        <h2 id="upload-title">{upload.title}</h2>
        <button type="button" class="close" aria-label={upload.close} onClick={() => box.current?.close()}>
          <Icon name="close" />
        </button>
      </div>
      <Drop />
      <label class="source">
        <span>{upload.source}</span>
        <input
          type="text"
          maxLength={100}
          placeholder={upload.sourceMore}
          value={source.value}
          onInput={({ currentTarget }) => (source.value = currentTarget.value)}
        />
      </label>
      <ul class="uploads">
        {uploads.value.map((one) => (
          <li key={one.id}>
            <One upload={one} />
          </li>
        ))}
      </ul>
      <div class="dialogue-foot">
        {isBusy() && (
          <button type="button" onClick={stop}>
            {upload.stop}
          </button>
        )}
        {hasStored && !isBusy() && (
          <button type="button" class="main-action" onClick={() => box.current?.close()}>
            {upload.show}
          </button>
        )}
      </div>
    </dialog>
  );
}

function Drop() {
  const [isOver, over] = useState(false);
  const { upload } = strings;
  const dropped = (event: DragEvent) => {
    event.preventDefault();
    over(false);
    take([...(event.dataTransfer?.files ?? [])]);
  };
  return (
    <label
      class={`drop ${isOver ? "is-over" : ""}`}
      onDragOver={(event) => {
        event.preventDefault();
        over(true);
      }}
      onDragLeave={() => over(false)}
      onDrop={dropped}
    >
      <Icon name="upload" />
      <strong>{upload.drop}</strong>
      <span>{upload.dropMore}</span>
      <span class="choose">{upload.choose}</span>
      <input
        type="file"
        multiple
        accept=".csv,.zip,.gz,.geojson,.json,.ndjson"
        onChange={({ currentTarget }) => {
          take([...(currentTarget.files ?? [])]);
          currentTarget.value = "";
        }}
      />
    </label>
  );
}

function One({ upload: one }: { upload: Upload }) {
  const { upload } = strings;
  return (
    <article class={`one is-${one.stage}`}>
      <h3>{one.name}</h3>
      {one.stage === "waiting" && <p class="quiet">{strings.states.waiting}</p>}
      {one.stage === "sending" && (
        <>
          <p role="status">{upload.sending(one.percent)}</p>
          <progress max={100} value={one.percent} aria-label={one.name} />
        </>
      )}
      {one.stage === "reading" && (
        <>
          <p>{upload.reading(one.seconds)}</p>
          <progress aria-label={one.name} />
        </>
      )}
      {one.stage === "done" && <p role="status">{upload.done}</p>}
      {one.stage === "failed" && (
        <p role="alert" class="bad">
          {upload.failed}: {one.reason}
        </p>
      )}
      {"report" in one && one.report && <Report report={one.report} />}
    </article>
  );
}
