import { readFile } from "node:fs/promises";
import { text as textOf } from "node:stream/consumers";
import type { OpenEnvironment } from "@slipway/environment";
import { SlipwayError } from "@slipway/kernel";
import { type AuditEvent, exportAudit } from "@slipway/ledger";

/** The chain in an environment's ledger; empty while nothing was released there. */
export async function chainOfLedger(environment: OpenEnvironment): Promise<AuditEvent[]> {
  const db = await environment.database();
  const { ledger } = await environment.observe();
  return db === null || ledger.version === 0 ? [] : await Array.fromAsync(exportAudit(db));
}

/**
 * The chain in a file that `slipway audit export` wrote.
 *
 * @param file `-` is the standard input.
 * @throws {SlipwayError} USAGE when it cannot be read, AUDIT_BROKEN when a line is no JSON.
 */
export async function chainOfFile(file: string): Promise<AuditEvent[]> {
  let text: string;
  try {
    text = file === "-" ? await textOf(process.stdin) : await readFile(file, "utf8");
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    throw new SlipwayError("USAGE", {
      what: `Cannot read "${file}"`,
      why: code === "ENOENT" ? "there is no such file" : message,
      todo: "Name a file that slipway audit export wrote",
      cause,
    });
  }
  return parseChain(text, file);
}

/** Reads one event per line, or a JSON list of them. */
export function parseChain(text: string, source: string): AuditEvent[] {
  if (text.trimStart().startsWith("[")) return parse(text, source) as AuditEvent[];
  return text
    .split("\n")
    .map((line, index) => [line, index] as const)
    .filter(([line]) => line.trim() !== "")
    .map(([line, index]) => parse(line, `line ${index + 1} of ${source}`) as AuditEvent);
}

function parse(text: string, source: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new SlipwayError("AUDIT_BROKEN", {
      what: "Cannot read the audit chain",
      why: `${source} is not JSON`,
      todo: "Name a file that slipway audit export wrote, as it was written",
      cause,
    });
  }
}
