import { signal, type Signal } from "@preact/signals";
import type { ImportReport } from "../api/types";
import { strings } from "../strings";
import { mediaType, send } from "./send";

/** A file on its way into the store. */
export type Upload = { id: number; name: string; bytes: number } & (
  | { stage: "waiting" }
  | { stage: "sending"; percent: number }
  | { stage: "reading"; seconds: number }
  | { stage: "done"; report: ImportReport }
  | { stage: "failed"; reason: string; report: ImportReport | null }
);

export const isUploading: Signal<boolean> = signal(false);
export const uploads: Signal<readonly Upload[]> = signal([]);
export const source: Signal<string> = signal("");

/** Stops what is being sent. */
let abort = new AbortController();
/** One after the other: each is a transaction of its own. */
let queue: Promise<void> = Promise.resolve();
let ids = 0;

function set(id: number, now: (before: Upload) => Upload): void {
  uploads.value = uploads.value.map((upload) => (upload.id === id ? now(upload) : upload));
}

export function take(files: readonly File[]): void {
  for (const file of files) {
    const id = ++ids;
    const start = { id, name: file.name, bytes: file.size };
    const type = mediaType(file.name);
    if (type === null) {
      const reason = strings.upload.unknown(file.name);
      uploads.value = [...uploads.value, { ...start, stage: "failed", reason, report: null }];
      continue;
    }
    uploads.value = [...uploads.value, { ...start, stage: "waiting" }];
    const { signal: stopped } = abort;
    queue = queue.then(() => run(id, file, type, stopped));
  }
}

async function run(id: number, file: File, type: string, stopped: AbortSignal): Promise<void> {
  const started = { at: 0, timer: 0 };
  const keep = (now: Partial<Upload>) => set(id, (before) => ({ ...before, ...now }) as Upload);
  try {
    const report = await send(file, type, source.value.trim(), stopped, (percent) => {
      if (percent < 100) return keep({ stage: "sending", percent });
      if (started.at) return undefined;
      started.at = Date.now();
      const tell = () => keep({ stage: "reading", seconds: Math.round((Date.now() - started.at) / 1000) });
      tell();
      started.timer = window.setInterval(tell, 1000);
      return undefined;
    });
    clearInterval(started.timer);
    const isStored = report.files.some(({ committed }) => committed);
    keep(
      isStored
        ? { stage: "done", report }
        : { stage: "failed", reason: report.files[0]?.reason ?? strings.upload.nothingNew, report },
    );
  } catch (cause) {
    clearInterval(started.timer);
    keep({ stage: "failed", reason: cause instanceof Error ? cause.message : String(cause), report: null });
  }
}

export function stop(): void {
  abort.abort();
  abort = new AbortController();
}

export function isBusy(): boolean {
  return uploads.value.some(({ stage }) => stage === "waiting" || stage === "sending" || stage === "reading");
}
