import {
  type ChainProof,
  describeDifference,
  type MigrationProof,
  type SchemaDifference,
  type SuggestedRollback,
} from "@slipway/migrations";
import type { ProofView } from "./proof-view.ts";
import { wherePart } from "./where-part.ts";

const MARKS = { pass: "proved", fail: "failed", "no-data": "not tried" } as const;
const SHOWN = 12;

/** One line for a pair, and more below it for what is wrong or worth knowing. */
export function renderPair(proof: MigrationProof): string {
  const { id, verdict, irreversible, ms, why, differences, reordered, rows } = proof;
  const mark = verdict === "pass" && irreversible ? "applied, without a rollback" : MARKS[verdict];
  const notes = [
    ...(why === null ? [] : [why]),
    ...renderDifferences(differences, `migrations/rollbacks/${id}.sql`),
    ...reordered.map((table) => `the columns of ${table} stand in another order after it`),
    ...(rows === null ? [] : renderRows(rows)),
  ];
  return [`${mark}  ${id}  ${ms} ms`, ...notes.map((note) => `    ${note}`)].join("\n");
}

/** The objects that differ, each with the place where what it was and is part. */
export function renderDifferences(differences: readonly SchemaDifference[], file: string): string[] {
  if (differences.length === 0) return [];
  const more = differences.length - SHOWN;
  return [
    `${file}:`,
    ...differences.slice(0, SHOWN).flatMap((difference) => renderDifference(difference)),
    ...(more > 0 ? [`  and ${more} more`] : []),
  ];
}

function renderDifference(difference: SchemaDifference): string[] {
  const { before, after } = difference;
  const parted = before === undefined || after === undefined ? null : wherePart(before, after);
  const lines = parted === null ? [] : [`    was ${parted[0]}`, `    is  ${parted[1]}`];
  return [`  ${describeDifference(difference)}`, ...lines];
}

function renderRows({ verdict, why, tables, notFilled }: NonNullable<MigrationProof["rows"]>): string[] {
  const counted = tables.filter(({ before }) => before > 0);
  const lines = counted.map(({ table, before, source, compared, dropped }) => {
    const rows = `${before} ${source === "generated" ? "generated " : ""}${before === 1 ? "row" : "rows"}`;
    const how = { all: "", first: ", the first of them compared", none: ", only counted" }[compared];
    const gone = dropped.length === 0 ? "" : `; the migration itself drops ${dropped.join(", ")}`;
    return `rows: ${table} ${rows}${how}${gone}`;
  });
  return [
    ...lines,
    ...(verdict === "no-data" && why !== null ? [`rows: not tried: ${why}`] : []),
    ...notFilled.map(({ table, why: reason }) => `rows: ${table} could not be given any: ${reason}`),
  ];
}

/** The whole chain, in a line or a few. */
export function renderChain({ verdict, why, differences, length, ms }: ChainProof): string {
  const all = `all ${length} rolled back and applied again`;
  if (verdict === "pass") return `proved  ${all}  ${ms} ms`;
  return [
    `failed  ${all}  ${ms} ms`,
    `    ${why}`,
    ...renderDifferences(differences, "what differs").map((line) => `    ${line}`),
  ].join("\n");
}

/** A suggestion as it could stand in the file, with what is known of it above. */
export function renderSuggestion({ id, sql, proved, remarks }: SuggestedRollback): string {
  const known = proved
    ? "run, and the catalog was what it was before"
    : ["not proved", ...remarks].join("; ").replaceAll("\n", " ");
  return `-- migrations/rollbacks/${id}.sql, suggested: ${known}\n${sql}\n`;
}

/** The closing line. */
export function renderSummary({ verdict, proofs }: ProofView): string {
  const passed = proofs.filter((proof) => proof.verdict === "pass");
  const without = passed.filter(({ irreversible }) => irreversible).length;
  const count = proofs.length - without;
  const counted = [
    ...(count > 0 ? [`${passed.length - without} of ${migrations(count)} proved`] : []),
    ...(without > 0 ? [`${migrations(without)} applied only, for want of a rollback`] : []),
  ].join("; ");
  return verdict === "pass" ? counted : `${counted}; more: slipway explain ROLLBACK_NOT_PROVED`;
}

function migrations(count: number): string {
  return `${count} ${count === 1 ? "migration" : "migrations"}`;
}
