import { existsSync } from "node:fs";
import { join } from "node:path";
import { SlipwayError } from "@slipway/kernel";
import { verifyAudit } from "@slipway/ledger";
import { artifactStore, listManifests, rebuildRelease, setPin } from "@slipway/release";
import { type LoadReport, startLoad } from "@slipway/targets/testing";
import { chainOfLedger } from "../audit/read-chain.ts";
import type { CliContext, OutputFormat } from "../cli-context.ts";
import { planView, renderPlan } from "../plan/plan-view.ts";
import { type Project, readEnvironment, stackFile, withEnvironment } from "../project.ts";
import { findPulumi, type StackRun } from "../pulumi/update-stack.ts";
import { planUp, runUp } from "../up/up.ts";
import { killDiscounts } from "./kill-discounts.ts";

/** One line of the tour's closing table. */
export interface TourStep {
  readonly step: string;
  readonly outcome: "done" | "refused";
  readonly seconds: number;
  readonly served: string;
  readonly schemaHead: string;
  readonly sent: number;
  readonly dropped: number;
}

/** What the tour saw. */
export interface TourResult {
  readonly steps: readonly TourStep[];
  readonly auditEvents: number;
  readonly auditHead: string;
  readonly url: string;
}

interface Stop {
  readonly title: string;
  /** Null: no release, the flag is killed. */
  readonly pin: string | null;
  readonly expect: "done" | "refused";
  /** The release that has to be served afterwards. */
  readonly served: string;
}

const stops: readonly Stop[] = [
  { title: "deploy 1.0.0", pin: "1.0.0", expect: "done", served: "1.0.0" },
  { title: "release 1.1.0", pin: "1.1.0", expect: "done", served: "1.1.0" },
  { title: "kill the flag of 1.1.0", pin: null, expect: "done", served: "1.1.0" },
  { title: "try 1.2.0, which is broken", pin: "1.2.0", expect: "refused", served: "1.1.0" },
  { title: "revert the pin to 1.0.0", pin: "1.0.0", expect: "done", served: "1.0.0" },
];

const REQUESTS_PER_SECOND = 50;
const REQUESTS = [{ path: "/products" }, { path: "/products/1" }, { path: "/shop" }];

/**
 * Releases the example forth and back under load, checks after each step what is served and what the schema
 * is, and throws when anything is not as it has to be: the tour is a test that people can watch.
 */
export async function tour(
  context: CliContext,
  project: Project,
  name: string,
  output: OutputFormat,
): Promise<TourResult> {
  const started = performance.now();
  refuseOtherProject(project);
  await buildMissingArtifacts(context, project);
  const stackRun = { context, pulumi: await findPulumi(context), project, name, output };
  context.progress(`prepared in ${secondsSince(started)} s`);
  const url = `http://127.0.0.1:${readEnvironment(project, name).settings.port}`;
  const steps: TourStep[] = [];
  for (const stop of stops) {
    // Nothing serves before the first step, so there is nobody to ask yet.
    const load =
      steps.length === 0
        ? undefined
        : startLoad({ url, requests: REQUESTS, ratePerSecond: REQUESTS_PER_SECOND });
    const ran = await runStop(stackRun, stop, url).catch(async (error: unknown) => {
      await load?.stop();
      throw error;
    });
    const report = await load?.stop();
    if (report !== undefined) refuseDrops(stop, report);
    steps.push({ ...ran, sent: report?.sent ?? 0, dropped: report?.dropped ?? 0 });
  }
  return { steps, url, ...(await verifiedAudit(context, name)) };
}

// The tour moves pins without asking: that is for the example only.
function refuseOtherProject({ root }: Project): void {
  if (existsSync(join(root, "packages/example/package.json"))) return;
  throw new SlipwayError("USAGE", {
    what: "Cannot take the tour here",
    why: `it releases the example in Slipway's own repository, and ${root} is another project`,
    todo: "Run npm start in a clone of Slipway's repository",
  });
}

function refuseDrops({ title }: Stop, { sent, dropped, reasons }: LoadReport): void {
  if (sent > 0 && dropped === 0) return;
  throw new SlipwayError("INVARIANT_BROKEN", {
    what: `The tour dropped requests in its step "${title}"`,
    why: `${dropped} of ${sent}: ${JSON.stringify(reasons)}`,
  });
}

async function runStop(
  stackRun: StackRun,
  stop: Stop,
  url: string,
): Promise<Omit<TourStep, "sent" | "dropped">> {
  const { context, name } = stackRun;
  context.progress(`\n${context.style("bold", stop.title)}`);
  const { ended, seconds, error } =
    stop.pin === null
      ? { ended: "done", seconds: await killDiscounts(context, name, url), error: undefined }
      : await release(stackRun, stop.pin);
  const { served, schemaHead } = await lookAround(context, name);
  if (ended !== stop.expect || served !== stop.served) {
    throw new SlipwayError("INVARIANT_BROKEN", {
      what: `The tour's step "${stop.title}" did not end as it has to`,
      why: `it was ${ended} and serves ${served}, and has to be ${stop.expect} and serve ${stop.served}`,
      ...(error === undefined ? {} : { cause: error }),
    });
  }
  return { step: stop.title, outcome: stop.expect, seconds, served, schemaHead };
}

async function release(stackRun: StackRun, pin: string) {
  const { context, project, name } = stackRun;
  setPin(stackFile(project, name), pin);
  const pins = await showPlan(context, name, pin);
  const started = performance.now();
  const outcome = await runUp(stackRun, pins);
  const seconds = Number(secondsSince(started));
  if (outcome.kind !== "failed") return { ended: "done", seconds, error: undefined };
  const { error } = outcome;
  context.progress(`  ${error.code}: ${error.message}`);
  return { ended: "refused", seconds, error };
}

function showPlan(context: CliContext, name: string, pin: string): Promise<string[]> {
  return withEnvironment(context, name, async ({ environment }) => {
    const { pins, first } = await planUp(environment, pin);
    context.progress(renderPlan(name, planView(first.plan)));
    const [refusal] = first.refusals;
    if (refusal !== undefined) throw refusal;
    return pins;
  });
}

// Asks the router as any client would, and the ledger for the schema: not what the run said of itself.
function lookAround(context: CliContext, name: string): Promise<{ served: string; schemaHead: string }> {
  return withEnvironment(context, name, async ({ environment }) => {
    const { ledger, traffic } = await environment.observe();
    const answer = await fetch(`${traffic.address}/meta`, { signal: AbortSignal.timeout(5_000) });
    const { version } = (await answer.json()) as { version: string };
    return { served: version, schemaHead: ledger.applied.at(-1)?.id ?? "none" };
  });
}

function verifiedAudit(context: CliContext, name: string) {
  return withEnvironment(context, name, async ({ environment }) => {
    const verification = verifyAudit(await chainOfLedger(environment));
    if (verification.ok) {
      const { events, head } = verification;
      return { auditEvents: events, auditHead: `${head.seq}:${head.hash}` };
    }
    throw new SlipwayError("AUDIT_BROKEN", {
      what: "The tour's audit chain does not verify",
      why: verification.why,
    });
  });
}

// Artifacts are not checked in: they are built from source, and have to come out as the manifests say.
async function buildMissingArtifacts(context: CliContext, project: Project): Promise<void> {
  const store = artifactStore(`${project.root}/.slipway/artifacts`);
  for (const manifest of listManifests(`${project.stacks}/releases`)) {
    const digests = Object.values(manifest.services).map(({ artifact }) => artifact);
    if (digests.every((digest) => store.has(digest))) continue;
    context.progress(`building the artifacts of ${manifest.version}`);
    await rebuildRelease(manifest.version, { root: project.root, signal: context.signal });
  }
}

const secondsSince = (since: number): string => ((performance.now() - since) / 1000).toFixed(1);
