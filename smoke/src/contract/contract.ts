import type { BuildStamp } from "./build-stamp.ts";

/** Looks whether one thing that the service needs is there. Rejecting, or `false`, means that it is not. */
export type ReadinessCheck = (signal: AbortSignal) => Promise<unknown> | unknown;

/** What a service says about itself. */
export interface ContractOptions {
  readonly stamp: BuildStamp;
  /** What must be there before the service can serve, by name: `{ database: () => db.query("select 1") }`. */
  readonly ready?: Readonly<Record<string, ReadinessCheck>>;
  /** The database's head, and the heads that this build tolerates. */
  readonly schema?: SchemaReadiness;
  /** How long one look may take. Default 2 s. */
  readonly timeoutMs?: number;
  readonly paths?: { readonly live?: string; readonly ready?: string; readonly meta?: string };
}

/** How far the schema is, read from `slipway.schema_head`, and how far it must and may be. Ids sort by age. */
export interface SchemaReadiness {
  readonly head: (signal: AbortSignal) => Promise<string | null>;
  readonly min?: string | null;
  readonly max?: string | null;
}

/** An answer of the contract, for a server of any kind to send. */
export interface ContractAnswer {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
}

/** The three endpoints: `answer` by path, `undefined` for any other path. */
export interface Contract {
  readonly answer: (path: string) => Promise<ContractAnswer | undefined>;
  /** From now on the service is not ready: it is being stopped, and wants no new requests. */
  readonly drain: () => void;
}

/**
 * Makes the endpoints of a service: alive, ready, and which build it is. Readiness looks at everything
 * again at every call, side by side, and names what is missing; it never says why, since anyone may ask.
 *
 * @example
 * const contract = createContract({ stamp, ready: { database: () => db.query("select 1") } });
 */
export function createContract(options: ContractOptions): Contract {
  const paths = { live: "/healthz", ready: "/readyz", meta: "/meta", ...options.paths };
  const checks = {
    ...options.ready,
    ...(options.schema === undefined ? {} : { schema: schemaCheck(options.schema) }),
  };
  let draining = false;
  const answers: Readonly<Record<string, () => ContractAnswer | Promise<ContractAnswer>>> = {
    [paths.live]: () => ({ status: 200, body: { status: "ok" } }),
    [paths.meta]: () => ({ status: 200, body: { ...options.stamp } }),
    [paths.ready]: () => (draining ? notReady({ draining: false }) : readiness(checks, options)),
  };
  return {
    answer: async (path) => (Object.hasOwn(answers, path) ? answers[path]!() : undefined),
    drain: () => {
      draining = true;
    },
  };
}

async function readiness(
  checks: Readonly<Record<string, ReadinessCheck>>,
  { timeoutMs = 2_000 }: ContractOptions,
): Promise<ContractAnswer> {
  const results = await Promise.all(
    Object.entries(checks).map(async ([name, check]) => [name, await holds(check, timeoutMs)] as const),
  );
  const seen = Object.fromEntries(results);
  if (results.every(([, ok]) => ok)) return { status: 200, body: { status: "ready", checks: seen } };
  return notReady(seen);
}

async function holds(check: ReadinessCheck, timeoutMs: number): Promise<boolean> {
  const limit = new AbortController();
  const late = Promise.withResolvers<false>();
  const timer = setTimeout(() => {
    limit.abort();
    late.resolve(false);
  }, timeoutMs);
  try {
    const looking = Promise.resolve(check(limit.signal)).then((result) => result !== false);
    return await Promise.race([looking, late.promise]);
  } catch {
    // Not there is the answer; why is the service's own to log.
    return false;
  } finally {
    clearTimeout(timer);
  }
}

function notReady(checks: Readonly<Record<string, boolean>>): ContractAnswer {
  return { status: 503, body: { status: "not ready", checks } };
}

function schemaCheck({ head, min, max }: SchemaReadiness): ReadinessCheck {
  return async (signal) => {
    const at = await head(signal);
    if (min !== undefined && min !== null && (at === null || at < min)) return false;
    return !(max !== undefined && max !== null && at !== null && at > max);
  };
}
