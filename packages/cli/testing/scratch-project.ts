import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { compileCacheFolder } from "@slipway/toolchain";
import { freePort } from "@slipway/toolchain/testing";

const repository = fileURLToPath(new URL("../../..", import.meta.url));
const cli = join(repository, "packages/cli/bin/slipway.cjs");

/** A migration of a scratch project: `contract` marks its phase in the file. */
export interface ScratchMigration {
  readonly id: string;
  readonly up: string;
  readonly down: string;
}

/** A release to cut: which migrations are the newest of it, and how its service behaves. */
export interface ScratchRelease {
  readonly version: string;
  readonly head?: string;
  readonly behaviour?: Readonly<Record<string, unknown>>;
  /** Keys of its flags; the product file declares them. */
  readonly flags?: readonly string[];
}

/** How a command ended. */
export interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * A real project in a folder of its own: a git repository with a product of one service, migrations,
 * releases that were cut by the real command, and a `dev` stack on ports of its own.
 */
export interface ScratchProject {
  readonly root: string;
  readonly port: number;
  readonly url: string;
  /** Runs `slipway` with the given words and waits. */
  slipway(words: readonly string[], env?: Record<string, string>): Promise<Ended>;
  /** Runs a line of shell in the project's folder. */
  sh(line: string, env?: Record<string, string>): Promise<Ended>;
  /** Runs plain `pulumi` in `stacks/`. */
  pulumi(words: readonly string[], env?: Record<string, string>): Promise<Ended>;
  /** Starts `slipway` and returns at once. */
  start(words: readonly string[], env?: Record<string, string>): ChildProcess;
  /** Starts plain `pulumi` and returns at once. */
  startPulumi(words: readonly string[], env?: Record<string, string>): ChildProcess;
  pin(version: string): void;
  /** Adds a line to the stack file's `config:`, for example `slipway:port: 8081`. */
  configure(line: string): void;
  /** The body of a GET through the router. */
  get(path: string): Promise<{ status: number; body: unknown }>;
  /** Writes files, commits them and cuts the release. */
  cut(release: ScratchRelease): Promise<void>;
  write(file: string, text: string, mode?: number): void;
  commit(): void;
  /** Stops everything that it runs and removes the folder. */
  remove(): Promise<void>;
}

const TIMEOUT_MS = 180_000;

/** Makes a scratch project and cuts its releases. */
export async function scratchProject(
  migrations: readonly ScratchMigration[],
  releases: readonly ScratchRelease[],
): Promise<ScratchProject> {
  const root = mkdtempSync(join(tmpdir(), "slipway-project-"));
  execFileSync("chmod", ["755", root]);
  const port = await freePort();
  const write = (file: string, text: string, mode?: number) => {
    mkdirSync(dirname(join(root, file)), { recursive: true });
    writeFileSync(join(root, file), text);
    if (mode !== undefined) chmodSync(join(root, file), mode);
  };
  const git = (...words: string[]) =>
    execFileSync("git", ["-c", "user.name=test", "-c", "user.email=test@localhost", ...words], {
      cwd: root,
      stdio: "pipe",
    });

  const environment = (env: Record<string, string> = {}): Record<string, string> => {
    const own = Object.fromEntries(
      Object.entries(process.env).filter((entry): entry is [string, string] => entry[1] !== undefined),
    );
    const path = `${join(repository, "node_modules/.bin")}:${own.PATH ?? ""}`;
    // npm's variables would tell the launcher of Pulumi about this repository and not about the project.
    return {
      ...own,
      PATH: path,
      PULUMI_CONFIG_PASSPHRASE: "",
      SLIPWAY_EMBEDDED_FSYNC: "off",
      NO_COLOR: "1",
      SLIPWAY_ACTOR: "test",
      ...env,
    };
  };
  const start = (command: string, words: readonly string[], cwd: string, env?: Record<string, string>) =>
    spawn(command, words, {
      cwd,
      env: environment(env),
      stdio: ["ignore", "pipe", "pipe"],
      timeout: TIMEOUT_MS,
      killSignal: "SIGKILL",
    });

  const project: ScratchProject = {
    root,
    port,
    url: `http://127.0.0.1:${port}`,
    slipway: (words, env) => ended(start(process.execPath, [cli, ...words], root, env)),
    sh: (line, env) => ended(start("sh", ["-c", line], root, env)),
    pulumi: (words, env) => ended(start("pulumi", words, join(root, "stacks"), { ...offline, ...env })),
    start: (words, env) => start(process.execPath, [cli, ...words], root, env),
    startPulumi: (words, env) => start("pulumi", words, join(root, "stacks"), { ...offline, ...env }),
    pin(version) {
      const file = join(root, "stacks/Pulumi.dev.yaml");
      writeFileSync(
        file,
        readFileSync(file, "utf8").replace(/slipway:release: .*/, `slipway:release: ${version}`),
      );
    },
    configure(line) {
      const file = join(root, "stacks/Pulumi.dev.yaml");
      writeFileSync(file, readFileSync(file, "utf8").replace(/^config:\n/, `config:\n  ${line}\n`));
    },
    async get(path) {
      const response = await fetch(`http://127.0.0.1:${port}${path}`, {
        signal: AbortSignal.timeout(20_000),
      });
      const text = await response.text();
      return {
        status: response.status,
        body: text.startsWith("{") || text.startsWith("[") ? JSON.parse(text) : text,
      };
    },
    async cut({ version, head, behaviour, flags = [] }) {
      write(
        "stacks/product.yaml",
        `${product}${flags.length === 0 ? "" : "flags:\n"}${flags.map(declared).join("")}`,
      );
      if (behaviour !== undefined)
        write(`behaviours/${version}.json`, JSON.stringify({ release: version, ...behaviour }));
      project.commit();
      const { code, stderr } = await project.slipway([
        "cut",
        version,
        // Proofs have tests of their own, and take a second for each release.
        "--no-prove",
        "--reason",
        "proofs have tests of their own",
        ...(head === undefined ? [] : ["--head", head]),
      ]);
      if (code !== 0) throw new Error(`cannot cut ${version}: ${stderr}`);
    },
    write,
    commit() {
      git("add", "-A");
      git("commit", "-q", "--allow-empty", "-m", "test");
    },
    async remove() {
      await project.slipway(["down", "--yes"]);
      // What a test has killed may have children that still write here for a moment.
      rmSync(root, { recursive: true, force: true, maxRetries: 10 });
    },
  };

  symlinkSync(join(repository, "node_modules"), join(root, "node_modules"));
  for (const file of ["server.mjs", "build.mjs"])
    copyFileSync(new URL(`scratch-product/${file}`, import.meta.url), join(root, file));
  write(".gitignore", "node_modules\n.slipway/\n.pulumi/\n");
  for (const { id, up, down } of migrations) {
    write(`migrations/${id}.sql`, up);
    write(`migrations/rollbacks/${id}.sql`, down);
  }
  write("stacks/product.yaml", product);
  write("stacks/smoke.yaml", smoke);
  write("stacks/Pulumi.yaml", stack(repository));
  write(
    "stacks/index.ts",
    'import { Environment } from "@slipway/pulumi";\n\nexport const { url, version, schemaHead, auditHead } = new Environment("shop");\n',
  );
  write("stacks/package.json", '{ "name": "stacks", "private": true, "type": "module" }\n');
  write(
    "stacks/Pulumi.dev.yaml",
    `config:\n  slipway:release: ${releases[0]?.version ?? "1.0.0"}\n  slipway:port: ${port}\n  slipway:stabilitySeconds: 0.1\n`,
  );
  git("init", "-q", "-b", "main");
  for (const release of releases) await project.cut(release);
  project.commit();
  return project;
}

/** Whether anything of a project is left on disk, for tests of removal. */
export const exists = (project: ScratchProject, file: string): boolean =>
  existsSync(join(project.root, file));

/** Waits for a process and gathers what it printed. */
export function ended(child: ChildProcess): Promise<Ended> {
  let stdout = "";
  let stderr = "";
  child.stdout?.on("data", (chunk: Buffer) => {
    stdout += chunk.toString();
  });
  child.stderr?.on("data", (chunk: Buffer) => {
    stderr += chunk.toString();
  });
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code, signal) =>
      resolve({ code: code ?? (signal === null ? -1 : 128), stdout, stderr }),
    );
  });
}

/** What `slipway env` gives to people who run Pulumi themselves. */
const offline = {
  NODE_COMPILE_CACHE: compileCacheFolder(process.env),
  PULUMI_SKIP_UPDATE_CHECK: "true",
  PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
};

const product = `name: shop
services:
  api:
    build: [node, build.mjs, "{version}", "{output}"]
    command: [node, server.mjs]
    path: /
    port: PORT
    env: [DATABASE_URL]
migrations: ../migrations
smoke: smoke.yaml
`;

const declared = (key: string): string =>
  `  - key: ${key}\n    description: The feature ${key}\n    owner: shop\n    expires: 2099-12-31\n`;

const smoke = "checks:\n  - name: products are listed\n    service: api\n    path: /products\n";

const stack = (root: string): string => `name: shop
runtime:
  name: nodejs
  options:
    typescript: false
main: index.ts
backend:
  url: file://.
plugins:
  providers:
    - name: slipway
      path: ${join(root, "packages/pulumi/provider")}
    - name: command
      path: ${join(root, "packages/pulumi/command")}
`;
