import { SlipwayError } from "@slipway/kernel";
import type { MigrationDuration } from "@slipway/ledger";
import type { DurationSource } from "@slipway/migrations";

/**
 * Reads what `slipway migrate durations --output json` wrote.
 *
 * @param file its name, for messages.
 * @throws {SlipwayError} USAGE for anything else: a number that was read wrong would be an estimate that is wrong.
 */
export function readDurationsFile(file: string, text: string): DurationSource {
  const refuse = (why: string, cause?: unknown) =>
    new SlipwayError("USAGE", {
      what: `Cannot take estimates from "${file}"`,
      why,
      todo: "Write it anew with slipway migrate durations --env <env> --output json > <file>",
      cause,
    });
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch (cause) {
    throw refuse("it is not JSON", cause);
  }
  if (!isRecord(content) || typeof content.environment !== "string" || !Array.isArray(content.durations))
    throw refuse("it has no environment and no list of durations");
  const wrong = content.durations.findIndex((entry) => !isDuration(entry));
  if (wrong !== -1) throw refuse(`durations[${wrong}] is not how long a migration took`);
  return { environment: content.environment, durations: content.durations as MigrationDuration[] };
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const isCount = (value: unknown) => typeof value === "number" && Number.isFinite(value) && value >= 0;

function isDuration(entry: unknown): boolean {
  if (!isRecord(entry)) return false;
  const { migration, direction, sha256, milliseconds, tables, at } = entry;
  return (
    typeof migration === "string" &&
    (direction === "up" || direction === "down") &&
    typeof sha256 === "string" &&
    isCount(milliseconds) &&
    typeof at === "string" &&
    !Number.isNaN(Date.parse(at)) &&
    Array.isArray(tables) &&
    tables.every(
      (table) =>
        isRecord(table) &&
        typeof table.name === "string" &&
        isCount(table.bytes) &&
        (table.rows === null || isCount(table.rows)),
    )
  );
}
