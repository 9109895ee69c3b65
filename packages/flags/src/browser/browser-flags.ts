import type { Widened } from "../client/widened.ts";
import type { FlagValue } from "../document/flag-value.ts";
import type { EvaluatedFlags } from "../edge/flags-handler.ts";

/** How a browser's flags are set up. Times are in milliseconds. */
export interface BrowserFlagsOptions {
  /** Where the edge handler answers. */
  readonly url: string;
  /** What the browser says of itself; see the handler's `context`. */
  readonly context?: Readonly<Record<string, unknown>>;
  /** What the server rendered with, so that the first paint needs no request. */
  readonly bootstrap?: EvaluatedFlags;
  /** Between two looks while the page is visible: 10,000. 0: only when asked. */
  readonly pollMs?: number;
  /** Where the last answer is kept: `localStorage`. Null: nowhere. */
  readonly storage?: Pick<Storage, "getItem" | "setItem"> | null;
}

/** Evaluated flags in a page. Reading is synchronous; what was known last stays when the network is away. */
export interface BrowserFlags {
  isOn(key: string, fallback?: boolean): boolean;
  value<const T extends FlagValue>(key: string, fallback: T): Widened<T>;
  /** The evaluated flag, or undefined when the handler does not give it out. */
  get(key: string): EvaluatedFlags[string] | undefined;
  /** True after an answer that is not older than three looks. */
  fresh(): boolean;
  /** Asks now. Resolves true when it was answered; never rejects. */
  refresh(): Promise<boolean>;
  /** Another user, or other attributes: what the former was given is forgotten, and asked for anew. */
  identify(context: Readonly<Record<string, unknown>>): Promise<boolean>;
  /** Hears the keys that changed, until the returned function is called. */
  subscribe(listener: (changed: readonly string[]) => void): () => void;
  close(): void;
}

type Known = Readonly<Record<string, EvaluatedFlags[string] | undefined>>;

/**
 * Opens the flags of a page. Small on purpose: the rules stay at the edge.
 *
 * @example
 * const flags = browserFlags({ url: "/flags" });
 * await flags.refresh();
 * if (flags.isOn("new-checkout")) …
 */
export function browserFlags(options: BrowserFlagsOptions): BrowserFlags {
  const { url, pollMs = 10_000, bootstrap = {} } = options;
  const storage = options.storage === undefined ? globalThis.localStorage : options.storage;
  const listeners = new Set<(changed: readonly string[]) => void>();
  let context = options.context;
  let known: Known = bare(bootstrap);
  let etag: string | null = null;
  let answeredAt = Number.NEGATIVE_INFINITY;
  let asking: AbortController | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let closed = false;

  const claimed = () => encodeURIComponent(JSON.stringify(context ?? {}));
  // One place per handler and context: another user of this browser does not start with these.
  const place = () => `slipway-flags ${url} ${fnv(claimed())}`;
  const take = (next: Known) => {
    const keys = Object.keys({ ...known, ...next });
    const changed = keys.filter((key) => JSON.stringify(known[key]) !== JSON.stringify(next[key]));
    known = next;
    if (changed.length > 0) for (const listener of listeners) listener(changed);
  };
  const recall = () => {
    try {
      const kept = storage?.getItem(place());
      // Checked as an answer is; what is in a storage may be anything.
      if (kept) known = bare({ ...known, ...check(JSON.parse(kept)) });
    } catch {
      // A storage that is forbidden, full or damaged is no reason to go without flags.
    }
  };
  const ask = async (): Promise<boolean> => {
    asking?.abort();
    const mine = new AbortController();
    asking = mine;
    const late = setTimeout(() => mine.abort(), 5_000);
    try {
      const headers: Record<string, string> = { "flag-context": claimed() };
      if (etag) headers["if-none-match"] = etag;
      const answer = await fetch(url, {
        headers,
        signal: mine.signal,
        cache: "no-store",
        credentials: "same-origin",
      });
      const next = answer.status === 304 ? known : answer.ok ? check(await answer.json()) : null;
      if (next === null || mine !== asking || closed) return false;
      etag = answer.headers.get("etag");
      answeredAt = performance.now();
      take(next);
      try {
        storage?.setItem(place(), JSON.stringify(next));
      } catch {
        // As above.
      }
      return true;
    } catch {
      // No network, no JSON, too late: what is known stays, and it is asked for again.
      return false;
    } finally {
      clearTimeout(late);
    }
  };
  const plan = () => {
    clearTimeout(timer);
    if (pollMs > 0 && !closed) timer = setTimeout(() => void look(), pollMs * (0.9 + Math.random() * 0.2));
  };
  // A page that nobody sees asks for nothing, and asks at once when it is seen again.
  const look = async () => {
    if (globalThis.document?.visibilityState !== "hidden") await ask();
    plan();
  };
  const onVisible = () => void look();
  const value = <const T extends FlagValue>(key: string, fallback: T) => {
    const found = known[key]?.[0];
    return (typeof found === typeof fallback ? found : fallback) as Widened<T>;
  };

  recall();
  globalThis.document?.addEventListener("visibilitychange", onVisible);
  plan();
  return {
    value,
    isOn: (key, fallback = false) => (known[key] ? known[key][0] !== false : fallback),
    get: (key) => known[key],
    fresh: () => performance.now() - answeredAt < 3 * (pollMs || 10_000),
    refresh: ask,
    identify: (next) => {
      const before = place();
      context = next;
      if (place() !== before) {
        etag = null;
        answeredAt = Number.NEGATIVE_INFINITY;
        known = bare({});
        recall();
      }
      return ask();
    },
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    close: () => {
      closed = true;
      asking?.abort();
      clearTimeout(timer);
      globalThis.document?.removeEventListener("visibilitychange", onVisible);
    },
  };
}

/** Throws unless it is what the handler answers: a proxy's login page is not. */
function check(input: unknown): Known {
  const fine =
    typeof input === "object" &&
    input !== null &&
    Object.values(input).every((flag) => Array.isArray(flag) && flag.length > 0);
  if (!fine) throw new TypeError();
  return bare(input);
}

/** Without a prototype: `constructor` is no flag. */
const bare = (flags: object): Known => Object.assign(Object.create(null), flags);

function fnv(text: string): string {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at += 1) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  return (hash >>> 0).toString(36);
}
