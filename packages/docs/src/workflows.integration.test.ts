import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { filesBelow, repositoryRoot } from "./repository.ts";

const ACTIONLINT = "github.com/rhysd/actionlint/cmd/actionlint@v1.7.12";
const run = promisify(execFile);

const go = await run("go", ["version"]).then(
  () => true,
  () => false,
);
const missing = !go && process.env.CI === undefined;
if (missing) process.stderr.write("skipped: actionlint is built with Go, and this machine has no go\n");

test.skipIf(missing)(
  "actionlint finds nothing in the workflows",
  async () => {
    const files = filesBelow(".github/workflows", ".yml");
    expect(files.length).toBeGreaterThan(0);
    // Without the linters that may or may not be installed beside it, so that every machine says the same.
    const words = ["run", ACTIONLINT, "-shellcheck=", "-pyflakes=", "-oneline", ...files];
    const { stdout } = await run("go", words, { cwd: repositoryRoot, timeout: 280_000 }).catch((error) => {
      throw new Error(`${error.stdout}${error.stderr}` || String(error));
    });
    expect(stdout).toBe("");
    // Where it is not built yet, it is fetched and built first.
  },
  300_000,
);
