import { execFile } from "node:child_process";
import type { MetricQuery } from "./metric-query.ts";

const TIMEOUT_MS = 60_000;

/**
 * A metric that a program prints: the last line of its output is the number. It is told what it is asked about by
 * SLIPWAY_FLAG, SLIPWAY_PERCENT and SLIPWAY_SINCE (RFC 3339). An empty last line is no value; an exit code other
 * than 0, and a line that is no number, are failures.
 *
 * @param program the program; no shell reads it.
 * @param ambient the variables that it inherits.
 */
export function commandMetric(
  program: string,
  ambient: Readonly<Record<string, string | undefined>>,
): MetricQuery {
  return {
    name: program,
    read: ({ flag, percent, since }, signal) =>
      new Promise((resolve, reject) => {
        const env = {
          ...ambient,
          SLIPWAY_FLAG: flag,
          SLIPWAY_PERCENT: String(percent),
          SLIPWAY_SINCE: new Date(since).toISOString(),
        };
        execFile(program, [], { env, signal, timeout: TIMEOUT_MS }, (error, stdout) => {
          if (error !== null) return reject(new Error(`${program} failed: ${reasonOf(error)}`));
          const line = stdout.trimEnd().split("\n").at(-1)?.trim() ?? "";
          if (line === "" || /^nan$/i.test(line)) return resolve(null);
          const value = Number(line);
          if (Number.isNaN(value)) return reject(new Error(`${program} printed no number`));
          resolve(value);
        });
      }),
  };
}

// The message of execFile repeats the whole command, and with it whatever is secret there.
function reasonOf({
  code,
  killed,
  signal,
}: Error & { code?: unknown; killed?: boolean; signal?: unknown }): string {
  if (killed === true) return `no answer within ${TIMEOUT_MS / 1000} s`;
  return code === null || code === undefined ? `signal ${signal}` : `it ended with ${code}`;
}
