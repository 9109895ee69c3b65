import { type ChildProcess, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { compileCacheFolder, ensurePulumi } from "@slipway/toolchain";

/** A Pulumi project in a folder of its own, with a file backend, run by the real CLI. */
export interface PulumiProject {
  readonly folder: string;
  /** Replaces the program: an ES module, without its imports of `pulumi`, `local` and `remote`. */
  program(source: string): void;
  /** Runs `pulumi <args>` to its end. Never rejects because of the exit code. */
  run(...args: string[]): Promise<PulumiRun>;
  /** Starts `pulumi <args>` without waiting; `output` grows. */
  start(...args: string[]): {
    readonly child: ChildProcess;
    readonly output: () => string;
    readonly ended: Promise<PulumiRun>;
  };
  /** A resource as the state holds it, by its name. */
  resource(name: string): StoredResource | undefined;
  /** The stack's outputs, secrets in plain text. */
  outputs(): Promise<Record<string, unknown>>;
  remove(): void;
}

export interface PulumiRun {
  readonly status: number | null;
  /** Both streams, in their order. */
  readonly output: string;
}

export interface StoredResource {
  readonly urn: string;
  readonly id: string;
  readonly inputs: Record<string, unknown>;
  readonly outputs: Record<string, unknown>;
}

const STACK = "dev";
const header = `import * as pulumi from "@pulumi/pulumi";
import { local, remote } from "@pulumi/command";
`;

/** @param plugin folder of the plugin for `@pulumi/command`. */
export async function pulumiProject(
  plugin: string,
  env: Record<string, string> = {},
): Promise<PulumiProject> {
  const cli = await ensurePulumi();
  const folder = mkdtempSync(join(tmpdir(), "command-conformance-"));
  const state = join(folder, "state");
  mkdirSync(state);
  // Wherever npm put the SDK, the program has to find it from a folder that is not below the project.
  const sdk = dirname(createRequire(import.meta.url).resolve("@pulumi/command/package.json"));
  symlinkSync(join(sdk, "../.."), join(folder, "node_modules"));
  writeFileSync(join(folder, "package.json"), '{ "type": "module" }\n');
  writeFileSync(
    join(folder, "Pulumi.yaml"),
    [
      "name: conformance",
      "runtime: { name: nodejs, options: { typescript: false } }",
      "main: index.mjs",
      `backend: { url: "file://${state}" }`,
      `plugins: { providers: [{ name: command, path: ${JSON.stringify(plugin)} }] }`,
      "",
    ].join("\n"),
  );
  const childEnv = {
    ...process.env,
    NODE_COMPILE_CACHE: compileCacheFolder(process.env),
    PULUMI_CONFIG_PASSPHRASE: "",
    PULUMI_SKIP_UPDATE_CHECK: "true",
    PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
    PATH: `${cli.binFolder}:${process.env.PATH}`,
    ...env,
  };

  const start: PulumiProject["start"] = (...args) => {
    const child = spawn(cli.binary, [...args, "--non-interactive"], {
      cwd: folder,
      env: childEnv,
      stdio: ["ignore", "pipe", "pipe"],
    });
    let output = "";
    const add = (chunk: Buffer) => {
      output += chunk.toString();
    };
    child.stdout.on("data", add);
    child.stderr.on("data", add);
    const ended = new Promise<PulumiRun>((resolve, reject) => {
      child.once("error", reject);
      child.once("close", (status) => resolve({ status, output }));
    });
    return { child, output: () => output, ended };
  };
  const run: PulumiProject["run"] = (...args) => start(...args).ended;

  const initialised = await run("stack", "init", STACK);
  if (initialised.status !== 0) throw new Error(`Cannot make the stack: ${initialised.output}`);
  return {
    folder,
    program: (source) => writeFileSync(join(folder, "index.mjs"), header + source),
    run,
    start,
    resource: (name) => {
      const file = join(state, ".pulumi/stacks/conformance", `${STACK}.json`);
      const { checkpoint } = JSON.parse(readFileSync(file, "utf8"));
      const resources: StoredResource[] = checkpoint.latest.resources ?? [];
      return resources.find(({ urn }) => urn.endsWith(`::${name}`));
    },
    outputs: async () => JSON.parse((await run("stack", "output", "--json", "--show-secrets")).output),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
