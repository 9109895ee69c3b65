import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { compileCacheFolder } from "./compile-cache-folder.ts";

test("what is loaded first keeps compiled code in that folder", () => {
  const home = mkdtempSync(join(tmpdir(), "slipway-cache-"));
  try {
    const preload = fileURLToPath(new URL("../compile-cache.cjs", import.meta.url));
    const program = "console.log(require('node:module').getCompileCacheDir())";
    const env = { ...process.env, XDG_CACHE_HOME: home };
    const said = execFileSync(process.execPath, ["--require", preload, "-e", program], { env }).toString();
    // Node adds a folder for its own version.
    expect(said.startsWith(compileCacheFolder(env))).toBe(true);
  } finally {
    rmSync(home, { recursive: true });
  }
});
