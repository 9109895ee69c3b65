import { renderError } from "@slipway/kernel";
import type { CliContext } from "../cli-context.ts";
import { type ErrorView, errorView } from "../report-error.ts";
import type { Facts } from "./facts.ts";
import type { UpOutcome } from "./up.ts";

/** How an `up` ended, with what is told beside it. */
export interface UpEnd {
  readonly environment: string;
  readonly outcome: UpOutcome;
  readonly facts: Facts;
  /** The release that passed here before this run; null when there was none. */
  readonly before: string | null;
}

/** The end of an `up` as JSON. Additive only. */
export interface UpView {
  readonly environment: string;
  readonly outcome: UpOutcome["kind"];
  readonly release: string;
  readonly rolledBackTo: string | null;
  readonly seconds: number | null;
  readonly error: ErrorView | null;
  /** Keys of flags that onFailure: flag-off killed; null where the stack does not ask for it. */
  readonly flagsOff: readonly string[] | null;
  readonly served: string | null;
  readonly url: string | null;
  readonly schemaHead: string | null;
  readonly auditHead: Facts["auditHead"];
}

/** Reduces the end of an `up` to its view. */
export function upView({ environment, outcome, facts }: UpEnd): UpView {
  return {
    environment,
    outcome: outcome.kind,
    release: outcome.release,
    rolledBackTo: outcome.kind === "rolled-back" ? outcome.to : null,
    seconds: "seconds" in outcome ? outcome.seconds : null,
    error: "error" in outcome ? errorView(outcome.error) : null,
    flagsOff: outcome.kind === "failed" ? outcome.flagsOff : null,
    ...facts,
  };
}

/** The end for people: one sentence, the facts that a later look can be compared with, and the way back. */
export function renderUp({ style }: Pick<CliContext, "style">, end: UpEnd): string {
  return [headline(style, end), ...factLines(end), ...nextLines(end)].join("\n");
}

function headline(style: CliContext["style"], { environment, outcome, facts }: UpEnd): string {
  const where = facts.url === null ? "" : ` at ${facts.url}`;
  switch (outcome.kind) {
    case "nothing":
      return `${environment} is at ${outcome.release}: nothing to do`;
    case "done":
      return `${style("green", "done")} ${environment} serves ${outcome.release}${where} after ${outcome.seconds.toFixed(1)} s`;
    case "rolled-back":
      return `${style("yellow", "rolled back")} ${environment} serves ${outcome.to} again${where} after ${outcome.seconds.toFixed(1)} s; ${outcome.release} failed:\n${renderError(outcome.error)}`;
    case "failed":
      return `${style("red", "failed")} ${renderError(outcome.error)}`;
  }
}

function factLines({ outcome, facts }: UpEnd): string[] {
  const { served, url, schemaHead, auditHead } = facts;
  return [
    ...(outcome.kind === "failed" ? [`  last passed  ${served ?? "nothing yet"}`] : []),
    ...flagLines(outcome),
    ...(outcome.kind === "nothing" && url !== null ? [`  served at    ${url}`] : []),
    `  schema head  ${schemaHead ?? "none"}`,
    `  audit head   ${auditHead === null ? "none" : `${auditHead.seq}:${auditHead.hash}`}`,
  ];
}

function flagLines(outcome: UpOutcome): string[] {
  if (outcome.kind !== "failed" || outcome.flagsOff === null) return [];
  const { flagsOff, release } = outcome;
  return [
    `  flags off    ${flagsOff.length === 0 ? `none: ${release} brought no flag that was on` : flagsOff.join(", ")}`,
  ];
}

function nextLines({ environment, outcome, facts, before }: UpEnd): string[] {
  const back = (release: string) => `  go back      slipway rollback ${release} --env ${environment}`;
  switch (outcome.kind) {
    case "nothing":
      return [];
    case "done":
      return before === null || before === outcome.release ? [] : [back(before)];
    case "rolled-back":
      return [`  next         commit the pin: stacks/Pulumi.${environment}.yaml has ${outcome.to} again`];
    case "failed":
      if (!outcome.changed) return ["  changed      nothing"];
      return [
        `  look         slipway status --env ${environment}`,
        ...(facts.served === null || facts.served === outcome.release ? [] : [back(facts.served)]),
      ];
  }
}
