import { readFile } from "node:fs/promises";
import { text as textOf } from "node:stream/consumers";
import { SlipwayError } from "@slipway/kernel";
import { type AuditEvent, exportAudit, verifyAudit } from "@slipway/ledger";
import { buildCommand } from "@stricli/core";
import { type CliContext, type OutputFormat, reportError } from "../cli-context.ts";
import { exitCodes } from "../exit-codes.ts";
import { envFlag, outputFlag } from "../flags.ts";
import { findProject, openProject, readEnvironment } from "../project.ts";

interface VerifyFlags {
  readonly env: string;
  readonly output: OutputFormat;
  readonly head?: string;
}

export const auditVerifyCommand = buildCommand<VerifyFlags, [string?], CliContext>({
  docs: {
    brief: "Verify the audit chain, from an exported file or from the ledger",
    fullDescription: [
      "With a file nothing else is needed: no database, no network. Give the head that the stack printed to",
      "find out a chain that was rewritten as a whole.",
      "",
      "Examples:",
      "  slipway audit verify audit.ndjson",
      "  slipway audit verify audit.ndjson --head 42:9f86d081884c7d65…",
      "  slipway audit verify --env production",
    ].join("\n"),
  },
  parameters: {
    positional: {
      kind: "tuple",
      parameters: [
        {
          parse: String,
          brief: "The exported file, - for standard input",
          placeholder: "file",
          optional: true,
        },
      ],
    },
    flags: {
      env: envFlag,
      head: { kind: "parsed", parse: String, optional: true, brief: "The newest known entry, <seq>:<hash>" },
      output: outputFlag,
    },
  },
  async func({ env, output, head }, file) {
    try {
      const events = file === undefined ? await fromLedger(this, env) : await fromFile(file);
      const verification = verifyAudit(events, head === undefined ? undefined : parseHead(head));
      const last = events.at(-1);
      const text = verification.ok
        ? `the chain of ${events.length} events verifies; head ${last === undefined ? "none" : `${last.seq}:${last.hash}`}`
        : "";
      if (!verification.ok) {
        throw new SlipwayError("AUDIT_BROKEN", {
          what: "The audit chain does not verify",
          why: `event ${verification.seq}: ${verification.why}`,
        });
      }
      this.result(
        output,
        {
          ok: true,
          events: events.length,
          head: last === undefined ? null : { seq: last.seq, hash: last.hash },
        },
        text,
      );
    } catch (error) {
      reportError(this, output, error);
      if (this.process.exitCode === exitCodes.refused) this.exit(exitCodes.failed);
    }
  },
});

async function fromLedger(context: CliContext, env: string): Promise<AuditEvent[]> {
  const project = findProject(context.process.cwd);
  const environment = openProject(context, project, readEnvironment(project, env).settings);
  try {
    const db = await environment.database();
    const { ledger } = await environment.observe();
    return db === null || ledger.version === 0 ? [] : await Array.fromAsync(exportAudit(db));
  } finally {
    await environment.close();
  }
}

async function fromFile(file: string): Promise<AuditEvent[]> {
  let text: string;
  try {
    text = file === "-" ? await textOf(process.stdin) : await readFile(file, "utf8");
  } catch (cause) {
    throw new SlipwayError("USAGE", {
      what: `Cannot read "${file}"`,
      why: (cause as Error).message,
      todo: "Name a file that slipway audit export wrote",
      cause,
    });
  }
  return text
    .split("\n")
    .filter((line) => line.trim() !== "")
    .map((line, index) => {
      try {
        return JSON.parse(line) as AuditEvent;
      } catch (cause) {
        throw new SlipwayError("AUDIT_BROKEN", {
          what: `Cannot read line ${index + 1} of "${file}"`,
          why: "it is not JSON",
          cause,
        });
      }
    });
}

function parseHead(head: string): { seq: number; hash: string } {
  const [, seq, hash] = /^(\d+):([0-9a-f]{64})$/.exec(head) ?? [];
  if (seq === undefined || hash === undefined)
    throw new SlipwayError("USAGE", {
      what: `Cannot read the head "${head}"`,
      why: "it is not <seq>:<64 hexadecimal characters>",
    });
  return { seq: Number(seq), hash };
}
