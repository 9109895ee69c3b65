import type { MigrationPlan } from "@slipway/environment";
import { describeLoss } from "@slipway/migrations";
import { age } from "../age.ts";
import { bytesText } from "../migrate/save/render-saved.ts";

/** One migration of a plan as JSON. Additive only. */
export type MigrationView = MigrationPlan;

/**
 * One migration for people: a few words for its line, and lines below it only for what blocks, works on rows, cannot be
 * taken back whole, or loses.
 *
 * @param name the environment of the plan.
 * @param now milliseconds since 1970, for the age of what an estimate comes from.
 */
export function renderMigration(
  view: MigrationView,
  { name, now }: { readonly name: string; readonly now: number },
): { words: string; details: string[] } {
  const { kind, effects, direction, time } = view;
  const details = [
    ...lockLines(view),
    ...workLines(view),
    ...(effects?.opaque ? ["runs code that cannot be looked into: its locks and its work may be more"] : []),
    ...(effects?.backfill ? ["a backfill: runs in chunks, and can be stopped and gone on with"] : []),
    ...(effects?.transactional === false
      ? ["runs outside a transaction, statement by statement: what is done stays if one fails"]
      : []),
    ...stakeLines(view),
    ...view.putsBack.map(
      ({ name: copy, rows }) => `puts back ${counted(rows, "row")} from slipway_saved.${copy}`,
    ),
    ...view.unknown.map((what) => `not known: ${what}`),
  ];
  const told = direction === "up" && kind === "lossless" ? "" : `${kind}, `;
  const source = sourceOf(time, name, now);
  const about = time.milliseconds === null ? "no estimate" : `about ${durationText(time.milliseconds)}`;
  return details.length === 0
    ? { words: `${told}${about} (${source})`, details }
    : { words: `${told}${about}`, details: [...details, `time: ${source}`] };
}

function lockLines({ effects }: MigrationView): string[] {
  return (["reads and writes", "writes"] as const).flatMap((blocks) => {
    const locks = effects?.locks.filter((lock) => lock.blocks === blocks) ?? [];
    const [first] = locks;
    if (first === undefined) return [];
    const modes = [...new Set(locks.map(({ mode }) => mode))].join(", ");
    const names = locks.map(({ relation }) => relation ?? "a table that it does not name").join(", ");
    return [`blocks ${blocks} of ${names} (${modes})`];
  });
}

const verbs = { rewrite: "rewrites", build: "builds an index on", scan: "scans", rows: "works on rows of" };

function workLines({ effects, tables }: MigrationView): string[] {
  return (effects?.work ?? []).map(({ table, work }) => {
    const size = tables.find(({ name }) => name === table);
    const rows = size?.rows == null ? "" : `about ${counted(size.rows, "row")}, `;
    const large = size === undefined ? "" : ` (${rows}${bytesText(size.bytes)})`;
    return `${verbs[work]} ${table ?? "a table that it does not name"}${large}`;
  });
}

function stakeLines({ direction, kind, atStake, savedFirst }: MigrationView): string[] {
  if (direction === "up") return [];
  if (kind === "irreversible") return ["cannot be undone"];
  if (atStake.length === 0) return kind === "lossy" ? ["loses nothing as things are now"] : [];
  const saved = savedFirst
    ? "all of it is saved to slipway_saved first"
    : "once permitted, it is saved to slipway_saved first";
  return [...atStake.map((item) => `loses ${describeLoss(item)}`), saved];
}

function sourceOf(
  { milliseconds, unknown, from, factor }: MigrationView["time"],
  name: string,
  now: number,
): string {
  if (from === null) return unknown ?? "";
  const where = from.environment === name ? "here" : `in ${from.environment}`;
  const ran = `took ${durationText(from.milliseconds)} ${where} ${age(from.at, now)}`;
  if (milliseconds === null) return `${unknown}; it ${ran}`;
  if (factor === null || factor === 1) return ran;
  return `${ran}, with tables of ${bytesText(from.bytes)}; ${factor >= 10 ? Math.round(factor) : factor.toFixed(2)} times that now`;
}

/** A duration for people: `8 ms`, `4.2 s`, `12 min`. */
export function durationText(milliseconds: number): string {
  if (milliseconds < 1) return "1 ms";
  if (milliseconds < 1_000) return `${Math.round(milliseconds)} ms`;
  const seconds = milliseconds / 1_000;
  if (seconds < 120) return `${seconds < 10 ? seconds.toFixed(1) : Math.round(seconds)} s`;
  const minutes = seconds / 60;
  return minutes < 120 ? `${Math.round(minutes)} min` : `${(minutes / 60).toFixed(1)} h`;
}

function counted(count: number, noun: string): string {
  return `${count.toLocaleString("en")} ${noun}${count === 1 ? "" : "s"}`;
}
