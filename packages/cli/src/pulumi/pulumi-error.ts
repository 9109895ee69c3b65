import { type ErrorCode, errorCodes, SlipwayError } from "@slipway/kernel";
import { parseStackLock } from "./stack-lock.ts";

const SHOWN_LINES = 5;
/** `Release 1.2.0 did not pass (fail): <why>. (21 ms)` */
const DID_NOT_PASS = /^\s*Release \S+ did not pass \([\w-]+\): (.*?)\.?(?: \([\d.]+ m?s\))?$/m;

/**
 * Finds Slipway's own error in what Pulumi printed: the provider can only pass text through the engine, so
 * the code, the message and the next step are read back from it.
 *
 * @param output error messages of Pulumi, newest last.
 */
export function pulumiError(output: readonly string[], stderr: string): SlipwayError {
  for (const text of output) {
    const found = parse(text);
    if (found !== null) return found;
  }
  const all = [...output, stderr].join("\n");
  const lock = parseStackLock(all);
  if (lock !== null) {
    return new SlipwayError("STACK_LOCKED", {
      what: "Cannot update the stack",
      why: `${lock.user} holds its lock since ${lock.since} (pid ${lock.pid} on ${lock.host})`,
    });
  }
  if (/passphrase/.test(all) && /incorrect|must be set/.test(all)) {
    return new SlipwayError("PULUMI_FAILED", {
      what: "Cannot read the stack",
      why: "PULUMI_CONFIG_PASSPHRASE is not the passphrase that the stack was made with",
      todo: "Set PULUMI_CONFIG_PASSPHRASE or PULUMI_CONFIG_PASSPHRASE_FILE",
    });
  }
  const smoke = output.find((text) => /smoke|exit status/.test(text));
  if (smoke !== undefined)
    return new SlipwayError("SMOKE_FAILED", {
      what: "The release did not pass its smoke test",
      // The smoke package says it in one sentence; anything else is a command that could not even start.
      why: DID_NOT_PASS.exec(smoke)?.[1] ?? lastLines(smoke),
    });
  return new SlipwayError("PULUMI_FAILED", {
    what: "pulumi up failed",
    why: lastLines(all) || "it said nothing",
  });
}

function parse(text: string): SlipwayError | null {
  const found = /\b([A-Z][A-Z_]{3,}): ([\s\S]*?)\n\s+do:\s+(.+)/.exec(text);
  const [, code, what, todo] = found ?? [];
  if (code === undefined || what === undefined || todo === undefined || !(code in errorCodes)) return null;
  return new SlipwayError(code as ErrorCode, { what: what.trim(), todo });
}

/** The last lines that tell something: a stack trace of Pulumi's own code does not. */
function lastLines(text: string): string {
  const lines = text.split("\n").filter((line) => line.trim() !== "" && !/^\s+at /.test(line));
  return lines.slice(-SHOWN_LINES).join("\n");
}
