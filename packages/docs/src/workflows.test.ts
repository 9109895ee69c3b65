import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { filesBelow, readFromRoot } from "./repository.ts";

interface Step {
  readonly name?: string;
  readonly uses?: string;
  readonly run?: string;
  readonly with?: Readonly<Record<string, unknown>>;
}

interface Job {
  readonly permissions?: Readonly<Record<string, string>>;
  readonly "timeout-minutes"?: number;
  readonly environment?: string;
  readonly concurrency?: { readonly group: string; readonly "cancel-in-progress": boolean };
  readonly steps: readonly Step[];
}

interface Workflow {
  readonly permissions?: Readonly<Record<string, string>>;
  readonly concurrency?: Job["concurrency"];
  readonly jobs: Readonly<Record<string, Job>>;
}

const files = filesBelow(".github/workflows", ".yml");
const read = (file: string) => parse(readFromRoot(file)) as Workflow;
const stepsOf = (file: string) => Object.values(read(file).jobs).flatMap(({ steps }) => steps);

test("the three workflows are there", () => {
  const names = files.map((file) => file.slice(".github/workflows/".length));
  expect(names).toEqual(expect.arrayContaining(["checks.yml", "deploy.yml", "rollback.yml"]));
});

describe.each(files)("%s", (file) => {
  test("pins every action by a full commit, with its version beside it", () => {
    const lines = readFromRoot(file)
      .split("\n")
      .filter((line) => /^\s*(?:- )?uses:/.test(line));
    expect(lines.length).toBeGreaterThan(0);
    for (const line of lines) expect(line).toMatch(/uses: [\w-]+\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
  });

  test("grants nothing to the workflow, and each job what it names", () => {
    const { permissions, jobs } = read(file);
    expect(permissions).toEqual({});
    for (const job of Object.values(jobs)) {
      const writes = file.endsWith("rollback.yml") ? { contents: "write" } : { contents: "read" };
      expect(job.permissions).toEqual(writes);
      expect(job["timeout-minutes"]).toBeGreaterThan(0);
    }
  });

  test("never puts an expression into a shell script", () => {
    const scripts = stepsOf(file).flatMap(({ run }) => run ?? []);
    expect(scripts.length).toBeGreaterThan(0);
    for (const script of scripts) expect(script).not.toContain("${{");
  });

  test("leaves no token behind for later steps", () => {
    const checkouts = stepsOf(file).filter(({ uses }) => uses?.startsWith("actions/checkout@"));
    expect(checkouts.length).toBeGreaterThan(0);
    for (const { with: options } of checkouts)
      expect(options).toMatchObject({ "persist-credentials": false });
  });

  test("prints no secret", () => {
    for (const { run } of stepsOf(file))
      expect(run ?? "").not.toMatch(/secrets\.|echo "?\$TOKEN|set -x|printenv/);
  });
});

test("a run that changes an environment is never cancelled by another, forward or back", () => {
  const forward = read(".github/workflows/deploy.yml").jobs.deploy?.concurrency;
  const back = read(".github/workflows/rollback.yml").concurrency;
  for (const concurrency of [forward, back]) {
    expect(concurrency?.group).toMatch(/^environment-\$\{\{/);
    expect(concurrency?.["cancel-in-progress"]).toBe(false);
  }
});

test("releasing and rolling back are bound to their environment, whose reviewers are asked", () => {
  expect(read(".github/workflows/deploy.yml").jobs.deploy?.environment).toMatch(
    /^\$\{\{ matrix\.environment \}\}$/,
  );
  expect(read(".github/workflows/rollback.yml").jobs.rollback?.environment).toMatch(
    /^\$\{\{ inputs\.environment \}\}$/,
  );
});

test("the checks run the command of the README", () => {
  expect(stepsOf(".github/workflows/checks.yml").map(({ run }) => run)).toContain("npm test");
});
