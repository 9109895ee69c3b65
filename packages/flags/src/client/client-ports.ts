/** What a client needs of the world besides its source; replaced in tests. */
export interface ClientPorts {
  /** Wall clock, milliseconds since 1970: for dates in flags and for acknowledgements. It may jump. */
  now(): number;
  /** Milliseconds that never go back: for ages, waits and deadlines. */
  monotonic(): number;
  /** In [0, 1). */
  random(): number;
  /** Runs `run` once after `ms`, unless the returned function is called. `keepsAlive` false: the process may end first. */
  after(ms: number, run: () => void, keepsAlive: boolean): () => void;
}

/** The real ones of any runtime. */
export const systemPorts: ClientPorts = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  random: () => Math.random(),
  after: (ms, run, keepsAlive) => {
    const timer: unknown = setTimeout(run, ms);
    if (!keepsAlive) unref(timer);
    return () => clearTimeout(timer as ReturnType<typeof setTimeout>);
  },
};

/** Node has it on the timer, Deno beside it, browsers have no process to keep alive. */
function unref(timer: unknown): void {
  if (typeof timer === "object") (timer as { unref?(): void } | null)?.unref?.();
  else {
    const { Deno } = globalThis as { Deno?: { unrefTimer?(id: unknown): void } };
    Deno?.unrefTimer?.(timer);
  }
}
