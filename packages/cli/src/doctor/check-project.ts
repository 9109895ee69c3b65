import { join } from "node:path";
import { historyWarnings, type OpenEnvironment } from "@slipway/environment";
import { listSavedData, verifyAudit } from "@slipway/ledger";
import { readMigrations } from "@slipway/migrations";
import { artifactStore, listManifests } from "@slipway/release";
import { chainOfLedger } from "../audit/read-chain.ts";
import type { CliContext } from "../cli-context.ts";
import { findProject, openProject, readEnvironment } from "../project.ts";
import { checkFlagSources, checkStaleFlags } from "./check-flags.ts";
import { type Finding, finding } from "./finding.ts";
import { savedFinding } from "./saved-finding.ts";

/** Looks at the project around the working folder and at one of its environments, as far as they are there. */
export async function checkProject(context: CliContext, name: string): Promise<Finding[]> {
  const project = await finding("project", () => findProject(context.process.cwd).root);
  if (project.status === "fail") return [project];
  const found = findProject(context.process.cwd);
  const config = await finding("configuration", () => {
    const { release } = readEnvironment(found, name).config;
    return `${name} is pinned to ${release}`;
  });
  if (config.status === "fail") return [project, config];
  const environment = openProject(context, found, readEnvironment(found, name).settings);
  try {
    return [project, config, ...(await checkFiles(environment)), ...(await checkWorld(environment))];
  } finally {
    await environment.close();
  }
}

async function checkFiles(environment: OpenEnvironment): Promise<Finding[]> {
  const { folders } = environment;
  return [
    await finding("releases", () => {
      const count = listManifests(folders.releases).length;
      if (count > 0) return `${count} ${count === 1 ? "manifest" : "manifests"}, all as cut`;
      return { status: "warn", detail: "none is cut yet", suggestion: "slipway cut 1.0.0" };
    }),
    await finding("migrations", async () => {
      const count = (await readMigrations(folders.migrations)).length;
      return count === 1 ? "1 migration with its rollback" : `${count} migrations with their rollbacks`;
    }),
    await finding("artifacts", () => checkArtifacts(folders.releases, folders.artifacts)),
    await checkFlagSources(environment),
  ];
}

// The pinned release's artifacts are asked for by every plan; the others are needed to go back.
async function checkArtifacts(releases: string, artifacts: string): Promise<string | Omit<Finding, "id">> {
  const store = artifactStore(artifacts);
  const missing: string[] = [];
  const present = new Set<string>();
  for (const { version, services } of listManifests(releases)) {
    const digests = Object.values(services).map(({ artifact }) => artifact);
    if (digests.every((digest) => store.has(digest))) for (const digest of digests) present.add(digest);
    else missing.push(version);
  }
  for (const digest of present) await store.verify(digest, digest);
  if (missing.length === 0) return `${present.size} in ${join(".slipway", "artifacts")}, all whole`;
  return {
    status: "warn",
    detail: `those of ${missing.join(", ")} are not on this machine`,
    suggestion: missing.map((version) => `slipway cut ${version} --rebuild`).join("; "),
  };
}

async function checkWorld(environment: OpenEnvironment): Promise<Finding[]> {
  const database = await finding("database", async () =>
    (await environment.database()) === null ? "not made yet: the first up makes it" : "answers",
  );
  const target = await finding("target", async () => {
    await environment.target.preflight();
    return `port ${environment.settings.port}`;
  });
  if (database.status === "fail") return [target, database];
  const audit = await finding("audit", async () => {
    const events = await chainOfLedger(environment);
    if (events.length === 0) return "empty: nothing was released yet";
    const verification = verifyAudit(events);
    if (verification.ok) return `${events.length} events verify`;
    return {
      status: "fail",
      detail: `event ${verification.seq}: ${verification.why}`,
      suggestion: "slipway explain AUDIT_BROKEN",
    };
  });
  const saved = await finding("saved data", async () => {
    const db = await environment.database();
    const { ledger } = await environment.observe();
    return savedFinding(
      environment.settings.environment,
      db === null || ledger.version === 0 ? [] : await listSavedData(db),
    );
  });
  const history = await finding("supabase history", async () => {
    const problems = await historyWarnings(environment);
    if (problems.length === 0) return "nothing differs from the ledger";
    return { status: "warn", detail: problems.join("; "), suggestion: "slipway migrate status" };
  });
  return [target, database, audit, saved, history, await checkStaleFlags(environment)];
}
