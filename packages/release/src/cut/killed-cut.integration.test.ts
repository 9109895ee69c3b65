import { spawn } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { scratchRepository } from "../../testing/scratch-repository.ts";
import { artifactStore } from "../artifact/artifact-store.ts";
import { listManifests } from "../manifest/manifest.ts";
import { cutRelease } from "./cut-release.ts";

const main = fileURLToPath(new URL("../../testing/cut-main.ts", import.meta.url));

/** Starts a cut and kills it so long after a line of its output; gives whether it was killed before its end. */
function killedAfter(root: string, line: string, delayMs: number): Promise<boolean> {
  const child = spawn(process.execPath, [main, root, "1.0.0"], { stdio: ["ignore", "pipe", "inherit"] });
  let output = "";
  let killing = false;
  child.stdout.on("data", (chunk: Buffer) => {
    output += chunk.toString();
    if (killing || !output.includes(line)) return;
    killing = true;
    setTimeout(() => child.kill("SIGKILL"), delayMs);
  });
  return new Promise((resolve) => child.once("close", (_code, signal) => resolve(signal === "SIGKILL")));
}

// The last step before the manifest is the storefront's packing: the delays spread over what follows it.
test.each([
  ["api: | building", 20],
  ["storefront: building", 0],
  ["storefront: sha256:", 0],
  ["storefront: sha256:", 5],
  ["storefront: sha256:", 15],
])(
  "killed after %o and %i ms, a cut leaves a whole release or none, and the next one converges",
  async (line, delayMs) => {
    const { root, git } = scratchRepository();
    await killedAfter(root, line, delayMs);
    const folder = join(root, ".slipway/artifacts");
    const store = artifactStore(folder);
    const artifacts = existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith(".tar")) : [];
    for (const name of artifacts) await store.verify(`sha256:${name.slice(0, -4)}`, name);
    const [left] = listManifests(join(root, "stacks/releases"));
    const manifest = left ?? (await cutRelease("1.0.0", { root }));
    for (const [name, { artifact }] of Object.entries(manifest.services)) await store.verify(artifact, name);
    expect(manifest.commit).toBe(git("rev-parse", "HEAD"));
  },
);
