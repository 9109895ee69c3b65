import { pinnedManifest } from "@slipway/environment";
import { type AuditEvent, exportAudit, history, verifyAudit } from "@slipway/ledger";
import { fingerprint } from "@slipway/migrations";
import { expect } from "vitest";
import { environmentOf } from "./environment-of.ts";
import type { ScratchProject } from "./scratch-project.ts";

/**
 * The invariants of a verified run, asked of the world: I1 the version that answers is the pin, I2 the
 * applied migrations are the pin's, I3 the catalog is that of a fresh deploy, I5 the audit verifies and
 * contains every run with its end, and one instance runs, with all the traffic. And no migration was applied
 * twice, or undone twice, without the other in between.
 *
 * @param fingerprints catalogs of fresh deploys by head; a head that is not there yet is learnt.
 */
export async function expectSettled(
  project: ScratchProject,
  version: string,
  head: string,
  fingerprints?: Map<string, string>,
): Promise<void> {
  expect(await project.get("/meta")).toMatchObject({ status: 200, body: { version } });
  const environment = environmentOf(project);
  try {
    const db = await environment.database();
    if (db === null) throw new Error("a settled environment has a database");
    const { ledger, flags, instances, traffic } = await environment.observe();
    const pinned = await pinnedManifest(environment, version);
    expect(flags.filter(({ state }) => !state.archived).map(({ key }) => key)).toEqual(
      pinned.flags.map(({ key }) => key),
    );
    expect(ledger.verified).toMatchObject({ release: version });
    expect(ledger.applied.at(-1)?.id).toBe(head);
    expect(instances.map((instance) => [instance.version, instance.alive])).toEqual([[version, true]]);
    expect(
      traffic.routes.flatMap(({ backends }) => backends).filter(({ weight }) => weight > 0),
    ).toHaveLength(1);
    expect(ledger.lease?.live ?? false).toBe(false);
    if (fingerprints !== undefined) {
      const { hash } = await fingerprint(db);
      const fresh = fingerprints.get(head);
      if (fresh === undefined) fingerprints.set(head, hash);
      else expect(hash, `catalog at ${head}`).toBe(fresh);
    }
    const events = await Array.fromAsync(exportAudit(db));
    expect(verifyAudit(events, ledger.auditHead ?? undefined)).toMatchObject({ ok: true });
    const runs = await history(db, 1_000);
    expect(runs.find(({ outcome }) => outcome !== "killed")).toMatchObject({
      outcome: "verified",
      release: version,
    });
    expect(runEnds(events)).toEqual(new Map(runs.map(({ id, outcome }) => [id, [outcome]])));
    expect(appliedByAudit(events)).toEqual(ledger.applied.map(({ id }) => id));
  } finally {
    await environment.close();
  }
}

// Every run that was opened, with the ends that the audit has of it.
function runEnds(events: readonly AuditEvent[]): Map<number, string[]> {
  const ends = new Map<number, string[]>();
  for (const { kind, run } of events) {
    if (run === null) continue;
    if (kind === "run.opened") ends.set(run, []);
    else if (/^run\.(verified|failed|rolled-back|killed)$/.test(kind))
      ends.get(run)?.push(kind.slice("run.".length));
  }
  return ends;
}

/** The applied migrations by the audit alone; fails where one is applied twice, or undone out of order. */
export function appliedByAudit(events: readonly AuditEvent[]): string[] {
  const applied: string[] = [];
  for (const { seq, kind, subject } of events) {
    if (kind === "migration.applied") {
      expect(applied, `event ${seq} applies what is there`).not.toContain(subject);
      applied.push(String(subject));
    }
    if (kind === "migration.reverted") {
      expect(applied.at(-1), `event ${seq} undoes what is not the newest`).toBe(subject);
      applied.pop();
    }
  }
  return applied;
}
