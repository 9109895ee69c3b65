import { guardRun, pinnedManifest, planRun, planWarnings, type RunSession } from "@slipway/environment";
import type { SlipwayError } from "@slipway/kernel";
import type { ResourceInputs, ResourceKind } from "./resource-inputs.ts";

/** Inputs with the computed lists, and every reason why the run must not start. */
export interface Checked {
  readonly inputs: ResourceInputs;
  readonly refusals: readonly SlipwayError[];
}

/**
 * Adds to a resource's inputs what it would do now, so that a plain preview shows it, and asks the guards.
 * Pulumi calls this in previews and before every step; it changes nothing.
 */
export async function checkResource(
  session: RunSession,
  kind: ResourceKind,
  olds: Partial<ResourceInputs>,
  inputs: ResourceInputs,
): Promise<Checked> {
  const { environment } = session;
  if (kind === "Service" || kind === "Traffic")
    return { inputs: await checkRunning(session, kind, inputs), refusals: [] };
  const manifest = await pinnedManifest(environment, String(inputs.release));
  const plan = planRun({
    manifest,
    settings: environment.settings,
    observation: await environment.observe(),
  });
  const { schema } = plan;
  switch (kind) {
    case "Release": {
      // A state that was lost, or is older than the ledger, gets a new attempt: its smoke results are not ours.
      const known = Number(olds.attempt ?? 0) === plan.attempt;
      const attempt = plan.change || known ? plan.attempt : plan.attempt + 1;
      for (const warning of await planWarnings(environment, plan))
        environment.context.log("warning", warning);
      const refusals = await guardRun(environment, manifest, { ...plan, change: plan.change || !known });
      return { inputs: { ...inputs, attempt, reasons: plan.reasons }, refusals };
    }
    case "Schema":
      return { inputs: { ...inputs, apply: schema.apply.expand, undo: schema.undo.contract }, refusals: [] };
    case "Flag":
      return {
        inputs: { ...inputs, declare: plan.flags.declare.filter((key) => key === inputs.flag) },
        refusals: [],
      };
    case "Settle":
      return {
        inputs: {
          ...inputs,
          stop: plan.stop,
          archive: plan.flags.archive,
          apply: schema.apply.contract,
          undo: schema.undo.expand,
        },
        refusals: [],
      };
  }
}

async function checkRunning(
  { environment }: RunSession,
  kind: ResourceKind,
  inputs: ResourceInputs,
): Promise<ResourceInputs> {
  if (kind === "Traffic") return inputs;
  const { instances } = await environment.observe();
  const alive = instances.some(({ id, alive }) => id === inputs.instance && alive);
  return { ...inputs, start: alive ? [] : [String(inputs.instance)] };
}
