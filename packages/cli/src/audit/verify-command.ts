import { SlipwayError } from "@slipway/kernel";
import { type AuditEvent, type AuditHead, verifyAudit } from "@slipway/ledger";
import { buildCommand } from "@stricli/core";
import type { CliContext } from "../cli-context.ts";
import { environmentName } from "../environment-name.ts";
import { type CommonFlags, envFlag, outputFlag } from "../flags.ts";
import { withEnvironment } from "../project.ts";
import { verb } from "../verb.ts";
import { chainOfFile, chainOfLedger } from "./read-chain.ts";
import { parseHead, stackHead } from "./stack-head.ts";

interface VerifyFlags extends CommonFlags {
  readonly head?: string;
}

/** A chain, and the head that it has to contain. */
interface Evidence {
  readonly events: readonly AuditEvent[];
  readonly head: AuditHead | null;
  /** Where the head comes from. */
  readonly source: "flag" | "stack" | null;
}

export const auditVerifyCommand = buildCommand<VerifyFlags, [string?], CliContext>({
  docs: {
    customUsage: ["[flags] [<file>]"],
    brief: "Verify the audit chain, from an exported file or from the ledger",
    fullDescription: [
      "With a file nothing else is needed: no database, no network. A chain that was rewritten as a whole",
      "is found out by a head that was kept elsewhere: give it with --head. For a ledger it is read from",
      "the stack's output auditHead, which every run renews, unless --head is given.",
      "",
      "Examples:",
      "  slipway audit verify --env production",
      "  slipway audit verify audit.ndjson",
      "  slipway audit verify audit.ndjson --head 42:9f86d081884c7d65…",
      "  slipway audit export | slipway audit verify -",
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
      head: {
        kind: "parsed",
        parse: String,
        optional: true,
        placeholder: "seq:hash",
        brief: "The newest known entry",
      },
      output: outputFlag,
    },
  },
  func: verb(async (context, flags: VerifyFlags, file?: string) => {
    const { events, head: expected, source } = await evidence(context, flags, file);
    const verification = verifyAudit(events, expected ?? undefined);
    if (!verification.ok) {
      throw new SlipwayError("AUDIT_BROKEN", {
        what: "The audit chain does not verify",
        why: `event ${verification.seq}: ${verification.why}`,
      });
    }
    const { head } = verification;
    const against = source === null ? "" : `, and contains the head ${expected?.seq} of the ${source}`;
    context.result(
      flags.output,
      { ok: true, events: events.length, head, comparedWith: source },
      `the chain of ${events.length} ${events.length === 1 ? "event" : "events"} verifies${against}\n  head: ${head.seq}:${head.hash}`,
    );
  }),
});

async function evidence(context: CliContext, flags: VerifyFlags, file?: string): Promise<Evidence> {
  const given = flags.head === undefined ? null : parseHead(flags.head);
  const source = given === null ? null : "flag";
  if (file !== undefined) return { events: await chainOfFile(file), head: given, source };
  const name = environmentName(context.process.env, flags);
  return withEnvironment(context, name, async ({ project, environment }) => {
    const events = await chainOfLedger(environment);
    const head = given ?? (await stackHead(context, project, name));
    if (events.length === 0 && head === null) {
      throw new SlipwayError("AUDIT_BROKEN", {
        what: `Cannot verify the audit of "${name}"`,
        why: "there is no chain yet: nothing was released here",
        todo: `slipway up --env ${name} begins it`,
      });
    }
    return { events, head, source: source ?? (head === null ? null : "stack") };
  });
}
