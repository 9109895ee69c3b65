// Cuts the example's releases again, from the last commit: to be run after the example's sources changed, which
// a real product's released sources never do. Usage: node packages/example/cut-releases.ts
import { execFileSync } from "node:child_process";
import { cpSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { cutRelease } from "@slipway/release";

/** The releases with the last migration of each. */
const releases = [
  ["1.0.0", "20260105090000_shop"],
  ["1.1.0", "20260112090000_discounts"],
  ["1.2.0", "20260119090000_order_notes"],
  ["1.3.0", "20260126090001_drop_product_name"],
] as const;

const root = fileURLToPath(new URL("../..", import.meta.url));
const manifests = join(root, "stacks", "releases");
const clone = mkdtempSync(join(tmpdir(), "slipway-example-"));
try {
  // A clone has the committed sources and nothing else; the old manifests would stand in the way of the new ones.
  execFileSync("git", ["clone", "--quiet", root, clone]);
  symlinkSync(join(root, "node_modules"), join(clone, "node_modules"));
  rmSync(join(clone, "stacks", "releases"), { recursive: true, force: true });
  for (const [version, head] of releases) {
    const { digest } = await cutRelease(version, { root: clone, head });
    console.log(`${version} ${digest}`);
  }
  rmSync(manifests, { recursive: true, force: true });
  for (const file of readdirSync(join(clone, "stacks", "releases")))
    cpSync(join(clone, "stacks", "releases", file), join(manifests, file));
} finally {
  rmSync(clone, { recursive: true, force: true });
}
