import { ROOT } from "../api/root";
import type { ImportReport, Problem } from "../api/types";
import { strings } from "../strings";

const TYPES: Record<string, string> = {
  csv: "text/csv",
  zip: "application/zip",
  gz: "application/gzip",
  geojson: "application/geo+json",
  json: "application/geo+json",
  ndjson: "application/x-ndjson",
};

/** By the ending of a file's name, because browsers tell the types of these files in many ways; null for others. */
export function mediaType(name: string): string | null {
  return TYPES[name.split(".").at(-1)?.toLowerCase() ?? ""] ?? null;
}

function isReport(answer: unknown): answer is ImportReport {
  return typeof answer === "object" && answer !== null && "files" in answer && "read" in answer;
}

/** Sends a file; `tell` hears how much of it has gone, in percent. A report that nothing was stored is an answer too. */
export function send(
  file: File,
  type: string,
  source: string,
  stopped: AbortSignal,
  tell: (percent: number) => void,
): Promise<ImportReport> {
  return new Promise((done, fail) => {
    // `fetch` does not tell how much of a body has been sent.
    const request = new XMLHttpRequest();
    const query = new URLSearchParams({ name: file.name.slice(-100), ...(source ? { source } : {}) });
    request.open("POST", `${ROOT}/incidents?${query.toString()}`);
    request.setRequestHeader("Content-Type", type);
    request.setRequestHeader("Accept", "application/json");
    request.responseType = "json";
    request.upload.onprogress = ({ loaded, total }) => tell(Math.min(99, Math.floor((loaded / total) * 100)));
    request.upload.onload = () => tell(100);
    request.onload = () => {
      const answer: unknown = request.response;
      if (isReport(answer)) done(answer);
      else fail(new Error((answer as Problem | null)?.detail ?? `${request.status} ${request.statusText}`));
    };
    request.onerror = () => fail(new Error(strings.upload.away));
    request.onabort = () => fail(new Error(strings.upload.stopped));
    stopped.addEventListener("abort", () => request.abort(), { once: true });
    if (stopped.aborted) fail(new Error(strings.upload.stopped));
    else request.send(file);
  });
}
