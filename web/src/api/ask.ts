import { ROOT } from "./root";
import type { Problem } from "./types";

/** An answer that is not what was asked for. */
export class Fault extends Error {
  constructor(
    /** The HTTP status; 0 where the service was not reached at all. */
    readonly status: number,
    message: string,
  ) {
    super(message);
  }
}

interface Question {
  answer: Promise<unknown>;
  abort: AbortController;
  /** How many wait for it; a prefetch counts as one that never gives up. */
  waiting: number;
  isAnswered: boolean;
}

/** Answers that are kept for stepping back and forth. */
const MOST_KEPT = 240;
const questions = new Map<string, Question>();

async function fetched(path: string, signal: AbortSignal, priority: RequestPriority): Promise<unknown> {
  const answer = await fetch(ROOT + path, {
    signal,
    priority,
    headers: { Accept: "application/json, application/geo+json" },
  }).catch((cause: unknown) => {
    if (signal.aborted) throw cause;
    throw new Fault(0, "The service cannot be reached.");
  });
  if (answer.ok) return answer.json();
  const problem = (await answer.json().catch(() => null)) as Problem | null;
  const detail =
    problem?.errors?.map((fault) => `${fault.place}: ${fault.rule}`).join("; ") || problem?.detail;
  throw new Fault(answer.status, detail ?? `${answer.status} ${answer.statusText}`);
}

function question(path: string, priority: RequestPriority): Question {
  const known = questions.get(path);
  if (known) {
    // The most recently asked stand last, so that the first are the ones to forget.
    questions.delete(path);
    questions.set(path, known);
    return known;
  }
  const abort = new AbortController();
  const made: Question = {
    answer: fetched(path, abort.signal, priority),
    abort,
    waiting: 0,
    isAnswered: false,
  };
  made.answer.then(
    () => (made.isAnswered = true),
    () => questions.get(path) === made && questions.delete(path),
  );
  questions.set(path, made);
  for (const [oldest, { isAnswered }] of questions) {
    if (questions.size <= MOST_KEPT) break;
    if (isAnswered) questions.delete(oldest);
  }
  return made;
}

/**
 * Asks the service, once for any number of those who want to know. A request that nobody waits for any longer is
 * given up.
 */
export async function ask<T>(path: string, signal?: AbortSignal): Promise<T> {
  signal?.throwIfAborted();
  const asked = question(path, "high");
  asked.waiting += 1;
  const leave = () => {
    asked.waiting -= 1;
    if (asked.waiting === 0 && !asked.isAnswered) {
      asked.abort.abort();
      if (questions.get(path) === asked) questions.delete(path);
    }
  };
  signal?.addEventListener("abort", leave, { once: true });
  const answer = (await asked.answer) as T;
  signal?.throwIfAborted();
  return answer;
}

/** Asks for what changes from moment to moment, and keeps no answer. */
export async function askAnew<T>(path: string): Promise<T> {
  return (await fetched(path, new AbortController().signal, "low")) as T;
}

/** Asks beforehand, behind everything that somebody waits for. */
export function prefetch(path: string): Promise<unknown> {
  const asked = question(path, "low");
  asked.waiting += 1;
  return asked.answer.catch(() => undefined);
}

/** Whether an answer is at hand. */
export function isHeld(path: string): boolean {
  return questions.get(path)?.isAnswered ?? false;
}

/** Forgets every answer, after the data changed. */
export function forgetAnswers(): void {
  for (const [path, { isAnswered }] of questions) if (isAnswered) questions.delete(path);
}
