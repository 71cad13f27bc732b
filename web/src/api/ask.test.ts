import { afterEach, describe, expect, it, vi } from "vitest";
import { ask, Fault, forgetAnswers, isHeld, prefetch } from "./ask";

type Answer = { status?: number; body: unknown };

/** A service that answers when it is told to. */
function service(answers: Record<string, Answer>) {
  const asked: string[] = [];
  const signals: AbortSignal[] = [];
  let go: () => void = () => undefined;
  const gate = new Promise<void>((open) => (go = open));
  vi.stubGlobal("fetch", async (path: string, { signal }: { signal: AbortSignal }) => {
    asked.push(path);
    signals.push(signal);
    await gate;
    signal.throwIfAborted();
    const { status = 200, body } = answers[path] ?? { status: 404, body: { detail: "no such thing" } };
    return new Response(JSON.stringify(body), { status });
  });
  return { asked, signals, go };
}

afterEach(() => {
  vi.unstubAllGlobals();
  forgetAnswers();
});

describe("asking", () => {
  it("asks once for many who want to know, and keeps the answer", async () => {
    const { asked, go } = service({ "/a": { body: 1 } });
    const both = Promise.all([ask("/a"), ask("/a")]);
    go();
    expect(await both).toEqual([1, 1]);
    expect(await ask("/a")).toBe(1);
    expect(asked).toEqual(["/a"]);
    expect(isHeld("/a")).toBe(true);
    forgetAnswers();
    expect(isHeld("/a")).toBe(false);
  });

  it("gives up what nobody waits for any longer, and not before", async () => {
    const { signals, go } = service({ "/b": { body: 2 } });
    const [first, second] = [new AbortController(), new AbortController()];
    const one = ask("/b", first.signal).catch(() => "given up");
    const two = ask("/b", second.signal).catch(() => "given up");
    first.abort();
    expect(signals[0]?.aborted).toBe(false);
    second.abort();
    expect(signals[0]?.aborted).toBe(true);
    go();
    expect(await Promise.all([one, two])).toEqual(["given up", "given up"]);
    expect(isHeld("/b")).toBe(false);
  });

  it("uses what was asked beforehand", async () => {
    const { asked, go } = service({ "/c": { body: 3 } });
    const before = prefetch("/c");
    go();
    await before;
    expect(await ask("/c")).toBe(3);
    expect(asked).toHaveLength(1);
  });

  it("tells what is wrong in the words of the service, and asks again", async () => {
    const { asked, go } = service({
      "/d": {
        status: 400,
        body: { detail: "bad", errors: [{ place: "period", value: "x", rule: "a month" }] },
      },
    });
    go();
    await expect(ask("/d")).rejects.toThrow("period: a month");
    await expect(ask("/e")).rejects.toMatchObject({ status: 404, message: "no such thing" });
    await expect(ask("/d")).rejects.toBeInstanceOf(Fault);
    expect(asked).toEqual(["/d", "/e", "/d"]);
  });
});
