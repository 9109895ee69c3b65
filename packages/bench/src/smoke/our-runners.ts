import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { arch, platform } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Runner } from "./runner.ts";

const smoke = dirname(fileURLToPath(import.meta.resolve("@slipway/smoke/node")));

/** Deno without the launcher of the npm package, which takes ten times as long to start. */
export function denoBinary(): string {
  const require = createRequire(createRequire(import.meta.url).resolve("deno/package.json"));
  const libc = platform() === "linux" ? "-glibc" : "";
  return join(dirname(require.resolve(`@deno/${platform()}-${arch()}${libc}/package.json`)), "deno");
}

/** Writes the self-contained build, which is what is measured beside the sources. */
export function buildSmoke(): void {
  execFileSync(process.execPath, [join(smoke, "scripts", "build.ts")], { stdio: "inherit" });
}

/** Our command under Node and Deno, built and from its sources, with the least permissions that do. */
export function ourRunners(folder: string): Record<"deno" | "denoSources" | "node" | "nodeSources", Runner> {
  const suite = (url: string) => {
    const file = join(folder, "suite.json");
    const checks = [
      { path: "/healthz", expect: { health: true } },
      { kind: "version", sources: [{ path: "/meta" }, { path: "/openapi.json", version: "$.info.version" }] },
    ];
    const services = { api: { address: url } };
    writeFileSync(file, JSON.stringify({ services, expected: { release: "v1.2.0" }, checks }));
    return file;
  };
  const deno = (...entry: readonly string[]) => ({
    name: "slipway smoke under Deno",
    command: (url: string) => {
      const file = suite(url);
      const variables = "GITHUB_ACTIONS,SLIPWAY_SMOKE_DEADLINE_MS,SLIPWAY_SMOKE_EXPECTED";
      const permissions = [
        `--allow-net=${new URL(url).host}`,
        `--allow-env=${variables}`,
        `--allow-read=${file}`,
      ];
      return [denoBinary(), "run", "--no-prompt", ...permissions, ...entry, "run", file];
    },
  });
  const node = (entry: string) => ({
    name: "slipway smoke under Node",
    command: (url: string) => [process.execPath, entry, "run", suite(url)],
  });
  return {
    deno: deno("--no-config", join(smoke, "dist", "deno.js")),
    denoSources: deno(join(smoke, "deno.ts")),
    node: node(join(smoke, "dist", "node.js")),
    nodeSources: node(join(smoke, "node.ts")),
  };
}
