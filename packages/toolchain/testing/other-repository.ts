import { execFile } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { buildPackages } from "../src/packaging/build-packages.ts";
import { packPackages } from "../src/packaging/pack-packages.ts";
import { MISSING_COMPONENT } from "../src/tasks/test-counts.ts";

/** A repository that is not this one, beside a folder `slipway` with the packed packages, as a guide has it. */
export interface OtherRepository {
  readonly root: string;
  write(file: string, text: string): void;
  /** Runs a command as a person would type it, and gives what it wrote to stdout. */
  shell(command: string): Promise<string>;
  remove(): void;
}

const run = promisify(execFile);
const slipway = fileURLToPath(new URL("../../..", import.meta.url));
const COMMAND_MS = 240_000;

/** Builds and packs the packages, and makes an empty git repository beside them. */
export async function otherRepository(name: string): Promise<OtherRepository> {
  const scratch = mkdtempSync(join(tmpdir(), "slipway-other-"));
  // The embedded Postgres may run as another user, who has to be able to enter.
  chmodSync(scratch, 0o755);
  const dist = join(scratch, "slipway", "dist");
  await packPackages(buildPackages(slipway, dist), join(dist, "archives"));
  const root = join(scratch, name);
  const write = (file: string, text: string) => {
    mkdirSync(dirname(join(root, file)), { recursive: true });
    writeFileSync(join(root, file), text);
  };
  const shell = async (command: string) => {
    const { stdout } = await run("sh", ["-c", command], {
      cwd: root,
      env: environment(),
      timeout: COMMAND_MS,
    });
    return stdout;
  };
  write("package.json", `${JSON.stringify({ name, private: true }, null, 2)}\n`);
  await shell("git init -q -b main");
  return { root, write, shell, remove: () => rmSync(scratch, { recursive: true, force: true }) };
}

/**
 * Runs a command that needs the npm registry.
 *
 * @returns null, or that the registry cannot be reached, as the reason of a skip.
 * @throws Error for everything else, and in CI for this too.
 */
export async function withRegistry(work: () => Promise<unknown>): Promise<string | null> {
  try {
    await work();
    return null;
  } catch (error) {
    const { stderr = "" } = error as { stderr?: string };
    const [unreachable] = /\b(ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ENETUNREACH|ETIMEDOUT)\b/.exec(stderr) ?? [];
    if (unreachable === undefined || process.env.CI) throw error;
    return `${MISSING_COMPONENT}the npm registry (${unreachable})`;
  }
}

/** A person's shell: nothing of this repository's programs, and nothing that npm or Vitest tell their children. */
function environment(): Record<string, string> {
  const kept = /^(?!npm_|VITEST|NODE_ENV$|NODE_OPTIONS$|INIT_CWD$)|^npm_config_(registry|cache|userconfig)$/;
  const own = Object.fromEntries(
    Object.entries(process.env).filter(
      (entry): entry is [string, string] => entry[1] !== undefined && kept.test(entry[0]),
    ),
  );
  const folders = (process.env.PATH ?? "")
    .split(delimiter)
    .filter((folder) => !folder.includes("node_modules"));
  return {
    ...own,
    PATH: [dirname(process.execPath), ...folders].join(delimiter),
    GIT_AUTHOR_NAME: "test",
    GIT_AUTHOR_EMAIL: "test@localhost",
    GIT_COMMITTER_NAME: "test",
    GIT_COMMITTER_EMAIL: "test@localhost",
    npm_config_prefer_offline: "true",
    npm_config_fetch_retries: "0",
    npm_config_audit: "false",
    npm_config_fund: "false",
    SLIPWAY_EMBEDDED_FSYNC: "off",
    NO_COLOR: "1",
  };
}
