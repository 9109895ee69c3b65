import { readFileSync } from "node:fs";
import { createRedactor } from "@slipway/kernel";
import { expect, test } from "vitest";
import { parse } from "yaml";
import type { Suite } from "./definition/suite.ts";
import { prepare } from "./engine/prepare.ts";
import { checkSuite } from "./schema/check-suite.ts";

const page = readFileSync(new URL("../../packages/docs/smoke.md", import.meta.url), "utf8");
const suites = [...page.matchAll(/```yaml\n(.*?)```/gs)]
  .map(([, text]) => parse(text!) as Partial<Suite>)
  .filter((value) => Array.isArray(value.checks));

test("every suite on the page could be run, and one of them has a check of every kind that YAML can write", async () => {
  expect(suites.length).toBeGreaterThanOrEqual(3);
  const kinds: string[] = [];
  for (const suite of suites) {
    const selection = { env: () => "https://value.example", runId: "page", redactor: createRedactor() };
    // On the page the first of them gets its release from the command line.
    const expecting = { expected: { release: "1.4.0" }, ...checkSuite(suite, "smoke.md") };
    const { checks } = await prepare(expecting, selection);
    kinds.push(...checks.map(({ kind }) => kind));
  }
  const all = ["command", "dns", "function", "http", "metrics", "site", "sql", "tcp", "tls", "version"];
  expect([...new Set(kinds)].sort()).toEqual(all);
});
