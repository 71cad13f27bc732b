import { useEffect, useState } from "preact/hooks";
import { ask, Fault } from "../api/ask";
import { edition } from "./service";

/** An answer on its way. While a new one is awaited the old one stays, so that nothing jumps. */
export interface Asked<T> {
  answer: T | null;
  /** Whether `answer` is that of an earlier question. */
  isWaiting: boolean;
  fault: Error | null;
}

/** Asks for an address of the service whenever it changes; null asks for nothing. */
export function useAsked<T>(path: string | null): Asked<T> {
  const [asked, set] = useState<Asked<T>>({ answer: null, isWaiting: path !== null, fault: null });
  const now = edition.value;
  useEffect(() => {
    if (path === null) {
      set({ answer: null, isWaiting: false, fault: null });
      return;
    }
    const abort = new AbortController();
    set((before) => ({ ...before, isWaiting: true }));
    ask<T>(path, abort.signal).then(
      (answer) => set({ answer, isWaiting: false, fault: null }),
      (cause: unknown) => {
        if (abort.signal.aborted) return;
        const fault = cause instanceof Error ? cause : new Error(String(cause));
        // What was shown stays where only the way to the service is cut; a refusal is an answer to the new question.
        const isAway = fault instanceof Fault && (fault.status === 0 || fault.status === 503);
        set((before) => ({ answer: isAway ? before.answer : null, isWaiting: false, fault }));
      },
    );
    return () => abort.abort();
  }, [path, now]);
  return asked;
}
