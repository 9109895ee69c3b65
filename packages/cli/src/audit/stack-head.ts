import { SlipwayError } from "@slipway/kernel";
import type { AuditHead } from "@slipway/ledger";
import type { CliContext } from "../cli-context.ts";
import type { Project } from "../project.ts";
import { stackOutput } from "../pulumi/pulumi-commands.ts";
import { findPulumi, readPulumi } from "../pulumi/update-stack.ts";

/**
 * The head that the last run left in the stack's outputs, outside of the database; null when the stack has
 * none. Later events may follow it: stops and failed runs do not update a stack's outputs.
 */
export async function stackHead(
  context: CliContext,
  project: Project,
  environment: string,
): Promise<AuditHead | null> {
  const text = await readPulumi(
    context,
    await findPulumi(context),
    project,
    stackOutput(environment, "auditHead"),
  );
  return text === null || text === "" ? null : parseHead(text);
}

/** Reads `<seq>:<hash>`. @throws {SlipwayError} USAGE. */
export function parseHead(text: string): AuditHead {
  const [, seq, hash] = /^(\d+):([0-9a-f]{64})$/.exec(text) ?? [];
  if (seq !== undefined && hash !== undefined) return { seq: Number(seq), hash };
  throw new SlipwayError("USAGE", {
    what: `Cannot read the head "${text}"`,
    why: "it is not <seq>:<64 hexadecimal characters>",
    todo: "Give it as slipway up and the stack's outputs print it",
  });
}
