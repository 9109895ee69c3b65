import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { withProcessLock } from "../plain/process-lock.mjs";
import { findOnPath } from "./find-on-path.ts";
import { runTool } from "./run-tool.ts";
import { MISSING_COMPONENT } from "./tasks/test-counts.ts";

/** What matters of the machine; tests give another one. */
export interface DebianMachine {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly uid: number | undefined;
  readonly onProgress: (line: string) => void;
  /** Where apt keeps its package lists. */
  readonly lists: string;
  /** The script that tells packages whether they may start their services; written while root installs. */
  readonly policy: string;
}

const thisMachine = (): DebianMachine => ({
  env: process.env,
  uid: process.getuid?.(),
  onProgress: (line) => process.stderr.write(`${line}\n`),
  lists: "/var/lib/apt/lists",
  policy: "/usr/sbin/policy-rc.d",
});

/** Forbids packages to start what they install: tests start their own, on loopback. */
const NO_SERVICES = "#!/bin/sh\n# Made by Slipway's tests while they install packages.\nexit 101\n";

/**
 * Installs Debian packages that tests need. Installed ones cost one look; two processes at once install one
 * after the other.
 *
 * @returns null when all are there, or else why not, as the reason of a skip.
 * @example
 * test("a command runs over ssh", async ({ skip }) => {
 *   const missing = await debianPackages(["openssh-server"]);
 *   skip(missing !== null, missing ?? "");
 * });
 */
export async function debianPackages(
  names: readonly string[],
  machine: DebianMachine = thisMachine(),
): Promise<string | null> {
  const wrong = names.find((name) => !/^[a-z0-9][a-z0-9+.-]+$/.test(name));
  if (wrong !== undefined) throw new RangeError(`"${wrong}" is no name of a Debian package`);
  const { env, uid, onProgress } = machine;
  const missing = (why: string) => `${MISSING_COMPONENT}${names.join(", ")} (${why})`;
  const [apt] = findOnPath("apt-get", env.PATH ?? "");
  const [query] = findOnPath("dpkg-query", env.PATH ?? "");
  if (apt === undefined || query === undefined) return missing("no apt-get here");
  if ((await absent(query, names)).length === 0) return null;
  // Without a question, and on machines that are thrown away only: sudo is not asked on somebody's own.
  const [sudo] = env.CI ? findOnPath("sudo", env.PATH ?? "") : [];
  const asRoot = uid === 0 ? [] : sudo === undefined ? null : [sudo, "-n"];
  if (asRoot === null) return missing(`run as root: apt-get install ${names.join(" ")}`);

  const lock = join(tmpdir(), `slipway-apt-${uid ?? "user"}.lock`);
  return await withProcessLock(lock, { purpose: "installs Debian packages" }, async () => {
    const wanted = await absent(query, names);
    if (wanted.length === 0) return null;
    onProgress(`Installing Debian packages: ${wanted.join(", ")}`);
    const withApt = async (...args: string[]): Promise<string | null> => {
      const [command = apt, ...rest] = [...asRoot, apt, "-o", "DPkg::Lock::Timeout=300", ...args];
      const { exitCode, stderr } = await runTool(command, rest, {
        env: { DEBIAN_FRONTEND: "noninteractive" },
      });
      return exitCode === 0 ? null : (stderr.trim().split("\n").at(-1) ?? `apt-get ended with ${exitCode}`);
    };
    const install = () =>
      withoutServices(machine, () => withApt("install", "-y", "--no-install-recommends", ...wanted));
    const update = async () => {
      onProgress("Updating apt's package lists");
      return await withApt("update");
    };
    if (!hasLists(machine.lists)) {
      const failed = await update();
      if (failed !== null) return missing(`apt-get update: ${failed}`);
    }
    const failed = await install();
    if (failed === null) return null;
    // Lists that are older than the archive name files that it no longer has.
    onProgress(`apt-get install: ${failed}`);
    const again = (await update()) ?? (await install());
    return again === null ? null : missing(`apt-get: ${again}`);
  });
}

/**
 * Like {@link debianPackages}, for what CI must have: there a missing package is an error.
 *
 * @throws Error in CI, with what apt said.
 */
export async function requireDebian(
  names: readonly string[],
  machine: DebianMachine = thisMachine(),
): Promise<string | null> {
  const missing = await debianPackages(names, machine);
  if (missing !== null && machine.env.CI) throw new Error(missing);
  return missing;
}

/** Those that are not installed. */
async function absent(query: string, names: readonly string[]): Promise<string[]> {
  // It ends with 1 when one is unknown, and tells of the others all the same.
  // biome-ignore lint/suspicious/noTemplateCurlyInString: the placeholders are dpkg-query's own.
  const { stdout } = await runTool(query, ["-W", "-f", "${db:Status-Abbrev}\\t${Package}\\n", ...names]);
  const installed = stdout.split("\n").map((line) => line.split("\t"));
  return names.filter(
    (name) => !installed.some(([state, found]) => found === name && state?.startsWith("ii")),
  );
}

function hasLists(folder: string): boolean {
  return existsSync(folder) && readdirSync(folder).some((name) => name.includes("_Packages"));
}

/** Keeps packages from starting services while `work` runs. A policy that the machine has stays as it is. */
async function withoutServices<T>({ uid, policy }: DebianMachine, work: () => Promise<T>): Promise<T> {
  // One with this text was left by a process that was killed: under the lock nobody else uses it.
  const ours = !existsSync(policy) || readFileSync(policy, "utf8") === NO_SERVICES;
  if (uid !== 0 || !ours) return await work();
  writeFileSync(policy, NO_SERVICES, { mode: 0o755 });
  try {
    return await work();
  } finally {
    rmSync(policy, { force: true });
  }
}
