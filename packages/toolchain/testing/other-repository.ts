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
  const remove = () => rmSync(scratch, { recursive: true, force: true });
  try {
    const dist = join(scratch, "slipway", "dist");
    await packPackages(buildPackages(slipway, dist), join(dist, "archives"));
    await shell("git init -q -b main");
  } catch (error) {
    remove();
    throw error;
  }
  return { root, write, shell, remove };
}

/**
 * Whether npm's registry answers, as tests that install from it have to know.
 *
 * @returns null, or that it cannot be reached, as the reason of a skip.
 * @throws Error in CI, with what npm said.
 */
export async function registryMissing({ shell }: OtherRepository): Promise<string | null> {
  try {
    await shell("npm view --prefer-online --fetch-retries=1 --fetch-timeout=15000 @pulumi/pulumi version");
    return null;
  } catch (error) {
    const { stderr = "" } = error as { stderr?: string };
    const [why] = /\b(ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ENETUNREACH|ETIMEDOUT)\b/.exec(stderr) ?? [];
    if (why === undefined || process.env.CI) throw error;
    return `${MISSING_COMPONENT}the npm registry (${why})`;
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
    // npx runs what is installed, or nothing: somebody else's package of that name is not asked for.
    npm_config_yes: "false",
    npm_config_prefer_offline: "true",
    // npm asks again for minutes where there is no network.
    npm_config_fetch_retry_mintimeout: "1000",
    npm_config_fetch_retry_maxtimeout: "5000",
    npm_config_audit: "false",
    npm_config_fund: "false",
    SLIPWAY_EMBEDDED_FSYNC: "off",
    NO_COLOR: "1",
  };
}
