import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import coerce from "semver/functions/coerce.js";
import compare from "semver/functions/compare.js";
import { findOnPath } from "../find-on-path.ts";
import { runTool } from "../run-tool.ts";
import { versions } from "../versions.ts";
import { findPulumiInFolder } from "./find-pulumi.ts";
import { type Progress, withElapsed } from "./progress.ts";
import { LANGUAGE_HOST, PULUMI } from "./pulumi-home.ts";
import { replaceFolder } from "./replace-folder.ts";

/** One program to build from Go modules. */
interface GoProgram {
  /** The folder below `go/` with its go.mod and go.sum. */
  readonly module: string;
  readonly path: string;
  readonly version: string;
  readonly output: string;
}

/** The two programs, the quick one first. */
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

const ESTIMATE = "about 3 to 4 minutes on two idle cores";

/** What a build needs. */
export interface BuildOptions {
  /** The folder that the programs go to, both or none. */
  readonly folder: string;
  /** The PATH to find Go on. */
  readonly path: string;
  readonly onProgress: Progress;
  readonly signal?: AbortSignal | undefined;
}

/** The arguments of `go` that build one program. An empty version would break the Automation API. */
export function goBuild({ path, version }: Pick<GoProgram, "path" | "version">, output: string): string[] {
  const ldflags = `-s -w -X github.com/pulumi/pulumi/sdk/v3/go/common/version.Version=v${version}`;
  return ["build", "-trimpath", "-ldflags", ldflags, "-o", output, path];
}

/**
 * What Go is told beside its arguments: exactly the modules of go.sum, for this machine, without what a
 * workspace or settings of the user's other projects would change.
 */
export const goEnvironment: Readonly<Record<string, string>> = {
  CGO_ENABLED: "0",
  GOFLAGS: "-mod=readonly -buildvcs=false",
  GOWORK: "off",
  GOOS: "",
  GOARCH: "",
};

/**
 * Builds the CLI and its language host from the modules that `go.sum` pins. Go keeps what it has compiled, so
 * a build that was interrupted goes on where it was.
 *
 * @returns why it is not possible, or null when it is done.
 */
export async function buildPulumi({
  folder,
  path,
  onProgress,
  signal,
}: BuildOptions): Promise<string | null> {
  const [go] = findOnPath(process.platform === "win32" ? "go.exe" : "go", path);
  if (go === undefined) return "there is no Go on PATH";
  const version = await goVersion(go);
  if (compare(version, versions.go) < 0) return `${go} is ${version}, older than ${versions.go}`;
  mkdirSync(dirname(folder), { recursive: true });
  const scratch = mkdtempSync(join(dirname(folder), "partial-"));
  try {
    onProgress(`Building Pulumi ${versions.pulumi} with Go ${version}: ${ESTIMATE}, once per machine`);
    const failed = await withElapsed(
      onProgress,
      (elapsed) => `Building Pulumi: ${elapsed} (${ESTIMATE})`,
      () => buildAll(go, join(scratch, "bin"), signal),
    );
    if (failed !== null) return failed;
    const built = await findPulumiInFolder(join(scratch, "bin"), "build");
    if ("why" in built) return `what Go built is of no use: ${built.why}`;
    replaceFolder(join(scratch, "bin"), folder);
    return null;
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

async function buildAll(go: string, bin: string, signal: AbortSignal | undefined): Promise<string | null> {
  for (const program of programs) {
    const { exitCode, stderr } = await runTool(go, goBuild(program, join(bin, program.output)), {
      cwd: moduleFolder(program.module),
      env: goEnvironment,
      signal,
    });
    const last = stderr.trim().split("\n").slice(-3).join("; ");
    if (exitCode !== 0) return `go build ${program.path} ended with ${exitCode}: ${last}`;
  }
  return null;
}

/** Asked inside the module: there a Go that fetches newer ones by itself names the one that it will run. */
async function goVersion(go: string): Promise<string> {
  const { stdout } = await runTool(go, ["env", "GOVERSION"], {
    cwd: moduleFolder("pulumi-cli"),
    env: goEnvironment,
    timeoutMs: 60_000,
  });
  return coerce(stdout)?.version ?? "0.0.0";
}

const moduleFolder = (name: string): string => fileURLToPath(new URL(`../../go/${name}`, import.meta.url));
