import { renderError } from "@slipway/kernel";
import type { CliContext } from "../cli-context.ts";
import type { UpOutcome } from "./up.ts";

/** The outcome as JSON. */
export function outcomeView(environment: string, outcome: UpOutcome) {
  const error =
    "error" in outcome
      ? {
          code: outcome.error.code,
          what: outcome.error.what,
          why: outcome.error.why ?? null,
          todo: outcome.error.todo,
        }
      : null;
  return {
    environment,
    outcome: outcome.kind,
    release: outcome.release,
    rolledBackTo: outcome.kind === "rolled-back" ? outcome.to : null,
    seconds: "seconds" in outcome ? outcome.seconds : null,
    error,
  };
}

/** The outcome for people: one sentence, and the next step where there is one. */
export function renderOutcome(
  context: CliContext,
  environment: string,
  url: string | null,
  outcome: UpOutcome,
): string {
  const { style } = context;
  switch (outcome.kind) {
    case "nothing":
      return `${environment} is at ${outcome.release}: nothing to do`;
    case "done":
      return `${style("green", "done")} ${environment} serves ${outcome.release}${url === null ? "" : ` at ${url}`} after ${outcome.seconds.toFixed(1)} s\n  back: slipway rollback --env ${environment}`;
    case "rolled-back":
      return `${style("yellow", "rolled back")} ${environment} serves ${outcome.to} again after ${outcome.seconds.toFixed(1)} s; ${outcome.release} failed:\n${renderError(outcome.error)}`;
    case "failed":
      return `${style("red", "failed")} ${renderError(outcome.error)}${outcome.served === null ? "" : `\n  ${environment} last passed at ${outcome.served}; back: slipway rollback ${outcome.served} --env ${environment}`}`;
  }
}
