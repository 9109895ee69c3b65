import { join } from "node:path";
import { isSlipwayError } from "@slipway/kernel";
import { exportAudit, verifyAudit } from "@slipway/ledger";
import { readMigrations } from "@slipway/migrations";
import { artifactStore, listManifests } from "@slipway/release";
import { checkToolchain } from "@slipway/toolchain";
import { buildCommand } from "@stricli/core";
import { type CliContext, reportError } from "../cli-context.ts";
import { exitCodes } from "../exit-codes.ts";
import { type CommonFlags, envFlag, outputFlag } from "../flags.ts";
import { findProject, openProject, readEnvironment } from "../project.ts";

/** One thing that was looked at. */
interface Finding {
  readonly id: string;
  readonly status: "pass" | "warn" | "fail";
  readonly detail: string;
  readonly suggestion: string | null;
}

export const doctorCommand = buildCommand<CommonFlags, [], CliContext>({
  docs: {
    brief: "Check this machine, the project and an environment",
    fullDescription:
      "Each line is a check: pass, warn or fail, with what to do. Exits 1 when one fails.\n\nExamples:\n  slipway doctor\n  slipway doctor --env production --output json",
  },
  parameters: { flags: { env: envFlag, output: outputFlag } },
  async func({ env, output }) {
    try {
      const findings: Finding[] = (await checkToolchain()).map((finding) => ({
        ...finding,
        suggestion: finding.suggestion ?? null,
      }));
      findings.push(...(await checkProject(this, env)));
      const text = findings.map(
        ({ id, status, detail, suggestion }) =>
          `${status.padEnd(4)}  ${id.padEnd(20)} ${detail}${suggestion === null || status === "pass" ? "" : `\n      do: ${suggestion}`}`,
      );
      this.result(output, { findings }, text.join("\n"));
      if (findings.some(({ status }) => status === "fail")) this.exit(exitCodes.failed);
    } catch (error) {
      reportError(this, output, error);
    }
  },
});

async function checkProject(context: CliContext, env: string): Promise<Finding[]> {
  const project = findProject(context.process.cwd);
  const environment = openProject(context, project, readEnvironment(project, env).settings);
  const attempt = async (id: string, check: () => Promise<string>): Promise<Finding> => {
    try {
      return { id, status: "pass", detail: await check(), suggestion: null };
    } catch (error) {
      if (!isSlipwayError(error)) throw error;
      return { id, status: "fail", detail: `${error.code}: ${error.message}`, suggestion: error.todo };
    }
  };
  try {
    return [
      await attempt(
        "releases",
        async () => `${listManifests(environment.folders.releases).length} manifests, all as cut`,
      ),
      await attempt(
        "migrations",
        async () =>
          `${(await readMigrations(environment.folders.migrations)).length} migrations with their rollbacks`,
      ),
      await attempt("artifacts", async () => {
        const store = artifactStore(environment.folders.artifacts);
        const digests = new Set(
          listManifests(environment.folders.releases).flatMap(({ services }) =>
            Object.values(services).map(({ artifact }) => artifact),
          ),
        );
        for (const digest of digests) await store.verify(digest, digest);
        return `${digests.size} in ${join(".slipway", "artifacts")}`;
      }),
      await attempt("target", async () => {
        await environment.target.preflight();
        return `port ${environment.settings.port}`;
      }),
      await attempt("database", async () =>
        (await environment.database()) === null ? "not made yet" : "answers",
      ),
      await attempt("audit", async () => {
        const db = await environment.database();
        if (db === null || (await environment.observe()).ledger.version === 0) return "empty";
        const events = await Array.fromAsync(exportAudit(db));
        const verification = verifyAudit(events);
        return verification.ok
          ? `${events.length} events verify`
          : `event ${verification.seq}: ${verification.why}`;
      }),
    ];
  } finally {
    await environment.close();
  }
}
