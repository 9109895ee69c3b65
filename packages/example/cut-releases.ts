// Cuts the example's releases again, from the last commit: to be run after the example's sources changed, which
// a real product's released sources never do. Usage: npm run cut -w @slipway/example
import { execFileSync } from "node:child_process";
import { cpSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { applyCut, gatherFacts, planCut } from "@slipway/release";
import { exampleReleases, manifestsFolder, root } from "./example-releases.ts";

const clone = mkdtempSync(join(tmpdir(), "slipway-example-"));
try {
  // A clone has the committed sources and nothing else; the old manifests would stand in the way of the new ones.
  execFileSync("git", ["clone", "--quiet", root, clone]);
  symlinkSync(join(root, "node_modules"), join(clone, "node_modules"));
  const cut = join(clone, "stacks", "releases");
  rmSync(cut, { recursive: true, force: true });
  const artifacts = join(root, ".slipway", "artifacts");
  for (const { version, head, flags } of exampleReleases) {
    const options = { root: clone, head, artifacts };
    const facts = await gatherFacts(version, options);
    // The product file is today's: a release has the flags that there were.
    const declared = facts.product.flags.filter(({ key }) => (flags as readonly string[]).includes(key));
    const plan = planCut({ ...facts, product: { ...facts.product, flags: declared } });
    const { digest } = await applyCut(plan, options);
    console.log(`${version} ${digest}`);
  }
  rmSync(manifestsFolder, { recursive: true, force: true });
  for (const file of readdirSync(cut)) cpSync(join(cut, file), join(manifestsFolder, file));
} finally {
  rmSync(clone, { recursive: true, force: true });
}
