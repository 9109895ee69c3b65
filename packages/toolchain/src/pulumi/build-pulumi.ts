import { spawn } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, renameSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { x } from "tinyexec";
import { versions } from "../versions.ts";
import { LANGUAGE_HOST, PULUMI } from "./pulumi-home.ts";

/** One program to build from Go modules. */
interface GoProgram {
  readonly module: string;
  readonly path: string;
  readonly version: string;
  readonly output: string;
}

const programs: readonly GoProgram[] = [
  {
    module: "pulumi-language-nodejs",
    path: "github.com/pulumi/pulumi/sdk/v3/nodejs/cmd/pulumi-language-nodejs",
    version: versions.pulumiLanguageHost,
    output: LANGUAGE_HOST,
  },
  {
    module: "pulumi-cli",
    path: "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi",
    version: versions.pulumi,
    output: PULUMI,
  },
];

const TELL_MS = 15_000;

/** The arguments of `go` that build one program. An empty version would break the Automation API. */
export function goBuild({ path, version }: Pick<GoProgram, "path" | "version">, output: string): string[] {
  const ldflags = `-s -w -X github.com/pulumi/pulumi/sdk/v3/go/common/version.Version=v${version}`;
  return ["build", "-trimpath", "-ldflags", ldflags, "-o", output, path];
}

/**
 * Builds the CLI and its language host from the modules in `go.sum` and puts both into the folder at once.
 * Go keeps what it has compiled, so an interrupted build goes on where it was.
 *
 * @returns why it is not possible, or null when it is done.
 */
export async function buildPulumi(
  folder: string,
  onProgress: (line: string) => void,
  signal?: AbortSignal,
): Promise<string | null> {
  const go = await goVersion();
  if (go === null) return "there is no Go on PATH";
  onProgress(
    `building the Pulumi CLI ${versions.pulumi} with ${go}: about 4 minutes on two cores, once per machine`,
  );
  const started = performance.now();
  const elapsed = () => `${Math.round((performance.now() - started) / 1000)} s`;
  const timer = setInterval(() => onProgress(`still building, ${elapsed()}`), TELL_MS);
  mkdirSync(dirname(folder), { recursive: true });
  const scratch = mkdtempSync(join(dirname(folder), "build-"));
  try {
    for (const program of programs) {
      const failed = await build(program, scratch, signal);
      if (failed !== null) return `go could not build ${program.path}: ${failed}`;
    }
    rmSync(folder, { recursive: true, force: true });
    renameSync(join(scratch, "bin"), folder);
    onProgress(`built in ${elapsed()}`);
    return null;
  } finally {
    clearInterval(timer);
    rmSync(scratch, { recursive: true, force: true });
  }
}

async function build(
  program: GoProgram,
  scratch: string,
  signal: AbortSignal | undefined,
): Promise<string | null> {
  const source = join(scratch, program.module);
  // Go writes beside go.mod; the project's own copy stays as it is.
  cpSync(fileURLToPath(new URL(`../../go/${program.module}`, import.meta.url)), source, { recursive: true });
  const child = spawn("go", goBuild(program, join(scratch, "bin", program.output)), {
    cwd: source,
    env: { ...process.env, CGO_ENABLED: "0", GOFLAGS: "-mod=mod", GOWORK: "off" },
    stdio: ["ignore", "ignore", "pipe"],
    ...(signal === undefined ? {} : { signal }),
  });
  let stderr = "";
  child.stderr.on("data", (chunk: Buffer) => {
    stderr = (stderr + chunk.toString()).slice(-2_000);
  });
  return await new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) =>
      resolve(code === 0 ? null : stderr.trim().split("\n").slice(-3).join("; ")),
    );
  });
}

async function goVersion(): Promise<string | null> {
  try {
    const { exitCode, stdout } = await x("go", ["version"]);
    return exitCode === 0 ? (stdout.split(" ")[2] ?? "go") : null;
  } catch {
    // Not installed.
    return null;
  }
}
