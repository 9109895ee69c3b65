import type { AuditHead } from "@slipway/ledger";
import type { CliContext } from "../cli-context.ts";
import { withEnvironment } from "../project.ts";

/** What an environment is after a run, as ledger and router say: not what the run says of itself. */
export interface Facts {
  /** The release of the last run that passed. */
  readonly served: string | null;
  readonly url: string | null;
  readonly schemaHead: string | null;
  readonly auditHead: AuditHead | null;
}

/** Looks at an environment anew. */
export function readFacts(context: CliContext, name: string): Promise<Facts> {
  return withEnvironment(context, name, async ({ environment }) => {
    const { ledger, traffic } = await environment.observe();
    return {
      served: ledger.verified?.release ?? null,
      url: traffic.running ? traffic.address : null,
      schemaHead: ledger.applied.at(-1)?.id ?? null,
      auditHead: ledger.auditHead,
    };
  });
}
