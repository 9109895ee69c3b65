import type { MigrationDuration, TableSize } from "@slipway/ledger";
import type { MigrationEffects } from "./describe-effects.ts";

/** Durations of one environment. */
export interface DurationSource {
  readonly environment: string;
  readonly durations: readonly MigrationDuration[];
}

/** How long a migration is expected to take, and where that comes from. */
export interface TimeEstimate {
  /** Null where nothing that is known says so: never a guess. */
  readonly milliseconds: number | null;
  /** Why there is none, a sentence's part without a full stop; null where there is one. */
  readonly unknown: string | null;
  /** The run that it comes from, also where that run says nothing about the tables here. */
  readonly from: {
    readonly environment: string;
    /** ISO 8601, UTC. */
    readonly at: string;
    readonly milliseconds: number;
    readonly bytes: number;
  } | null;
  /** How many times as large the tables are here; null where the time does not depend on rows. */
  readonly factor: number | null;
}

/** What an estimate is made from. */
export interface EstimateInput {
  readonly id: string;
  readonly direction: "up" | "down";
  readonly sha256: string | null;
  readonly effects: Pick<MigrationEffects, "work" | "opaque">;
  /** Sizes now; null where they could not be had. */
  readonly sizes: readonly TableSize[] | null;
  /** The first that has a run of the same SQL is taken. */
  readonly sources: readonly DurationSource[];
}

/** Beyond this a small table says nothing about a large one: what a run costs anyway outweighs its rows. */
const LARGEST_FACTOR = 100;

/**
 * Estimates how long a migration takes: as long as its last run, times how much larger the tables are whose rows it goes
 * through. See the record of decisions 0021 for what is left unknown, and why.
 */
export function estimateTime(input: EstimateInput): TimeEstimate {
  const { id, direction, sha256, effects, sizes, sources } = input;
  const found = sources
    .flatMap(({ environment, durations }) => durations.map((duration) => ({ environment, duration })))
    .find(
      ({ duration }) =>
        duration.migration === id && duration.direction === direction && duration.sha256 === sha256,
    );
  const none = { milliseconds: null, from: null, factor: null };
  if (found === undefined) return { ...none, unknown: "never ran anywhere that is known" };
  const { environment, duration } = found;
  const tables = effects.work.map(({ table }) => table);
  const then = tables.map((table) => duration.tables.find(({ name }) => name === table));
  const bytes = sum(then);
  const { milliseconds, at } = duration;
  const from = { environment, at, milliseconds, bytes };
  const without = (unknown: string) => ({ ...none, from, unknown });
  if (effects.opaque) return without("it runs code that cannot be looked into");
  if (tables.length === 0) return { milliseconds, unknown: null, from, factor: null };
  if (tables.includes(null) || then.includes(undefined))
    return without("not every table that it works on has a known size there");
  if (sizes === null) return without("the sizes of its tables could not be read here");
  const now = tables.map((table) => sizes.find(({ name }) => name === table));
  if (now.includes(undefined)) return without("not every table that it works on is there yet");
  const bytesNow = sum(now);
  if (bytesNow === bytes) return { milliseconds, unknown: null, from, factor: 1 };
  if (bytes === 0) return without("its tables were empty there");
  const factor = bytesNow / bytes;
  if (factor > LARGEST_FACTOR) return without("its tables were too small there to tell");
  return { milliseconds: milliseconds * factor, unknown: null, from, factor };
}

function sum(tables: readonly (TableSize | undefined)[]): number {
  return tables.reduce((total, table) => total + (table?.bytes ?? 0), 0);
}
