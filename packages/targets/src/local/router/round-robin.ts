import type { Backend } from "../../target.ts";

/** Chooses backends by weight. */
export interface RoundRobin {
  /** The next backend, or undefined when none has a weight above 0. `except` leaves one instance out. */
  next(except?: string): Backend | undefined;
}

/**
 * Smooth weighted round robin: of every `total weight` choices each backend gets exactly its weight, as evenly
 * spread as they can be, and the same sequence every time.
 *
 * @example
 * // weights a 5, b 1, c 1: a a b a c a a, and again
 */
export function roundRobin(backends: readonly Backend[]): RoundRobin {
  const entries = backends.filter(({ weight }) => weight > 0).map((backend) => ({ backend, current: 0 }));
  return {
    next(except) {
      let total = 0;
      let best: (typeof entries)[number] | undefined;
      for (const entry of entries) {
        if (entry.backend.instance === except) continue;
        total += entry.backend.weight;
        entry.current += entry.backend.weight;
        if (best === undefined || entry.current > best.current) best = entry;
      }
      if (best !== undefined) best.current -= total;
      return best?.backend;
    },
  };
}
