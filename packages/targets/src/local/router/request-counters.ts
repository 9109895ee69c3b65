import type { InstanceCounters } from "../../target.ts";

/** One attempt at an instance, from the choice of the backend to the last byte. */
export interface Attempt {
  readonly instance: string;
  /** The instance failed it; counted once. */
  fail(): void;
  /** Another backend answers in its place. */
  retry(): void;
  /** The attempt is over; counted once. */
  end(): void;
}

/** What happened at each instance since the router started. */
export interface RequestCounters {
  begin(instance: string): Attempt;
  snapshot(): Record<string, InstanceCounters>;
  /** Forgets instances that are not named and have nothing under way, so that years of releases do not add up. */
  keep(instances: ReadonlySet<string>): void;
}

/** Makes counters that stand at nothing. */
export function requestCounters(): RequestCounters {
  const counters = new Map<
    string,
    { inflight: number; requests: number; failures: number; retried: number }
  >();
  return {
    begin(instance) {
      const counter = counters.get(instance) ?? { inflight: 0, requests: 0, failures: 0, retried: 0 };
      counters.set(instance, counter);
      counter.inflight++;
      counter.requests++;
      let failed = false;
      let ended = false;
      return {
        instance,
        fail() {
          if (!failed) counter.failures++;
          failed = true;
        },
        retry() {
          counter.retried++;
        },
        end() {
          if (!ended) counter.inflight--;
          ended = true;
        },
      };
    },
    snapshot: () =>
      Object.fromEntries([...counters].map(([instance, counter]) => [instance, { ...counter }])),
    keep(instances) {
      for (const [instance, { inflight }] of counters) {
        if (!instances.has(instance) && inflight === 0) counters.delete(instance);
      }
    },
  };
}
