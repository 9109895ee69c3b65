import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { lintMigrations } from "./lint-migrations.ts";
import { countFindings, renderFindings } from "./render-findings.ts";
import { renderSarif } from "./render-sarif.ts";
import { rulesTable } from "./rules-page.ts";
import { parseSquawk } from "./squawk.ts";

const text = [
  "create index a on t (a);",
  "-- slipway: allow ML101 until 2027-01-31 because nobody reads it",
  "alter table t drop column c;",
].join("\n");
const findings = await lintMigrations([{ up: { file: "1_a.sql", text }, rollback: null }], {
  now: new Date("2026-06-01"),
  supabase: false,
  rollbacks: false,
});

test("findings are told as place, weight, reason and what to do, with their sum", () => {
  expect(renderFindings(findings, 1)).toBe(
    [
      "1_a.sql:1:1 warning ML201: nobody can write to t until this index is built",
      "  Write CREATE INDEX CONCURRENTLY with a name, in a migration of its own",
      "1_a.sql:3:1 allowed until 2027-01-31 ML101: the older app still serves while this drops column c of t",
      "  nobody reads it",
      "1 migration: 0 errors, 1 warning, 1 allowed",
    ].join("\n"),
  );
  expect(countFindings(findings)).toEqual({ errors: 0, warnings: 1, notes: 0, waived: 1 });
});

test("SARIF has every rule once, a region for each result, and the waiver as a suppression", () => {
  const sarif = renderSarif(findings, "1.0.0") as {
    runs: { tool: { driver: { rules: { id: string }[] } }; results: Record<string, unknown>[] }[];
  };
  const ids = sarif.runs[0]!.tool.driver.rules.map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
  expect(sarif.runs[0]!.results).toMatchObject([
    {
      ruleId: "ML201",
      level: "warning",
      locations: [
        {
          physicalLocation: {
            artifactLocation: { uri: "1_a.sql" },
            region: { startLine: 1, startColumn: 1, byteOffset: 0, byteLength: 23 },
          },
        },
      ],
    },
    {
      ruleId: "ML101",
      suppressions: [{ kind: "inSource", justification: "until 2027-01-31: nobody reads it" }],
    },
  ]);
});

test("what squawk reports becomes notes with places counted from one", () => {
  const report =
    '[{"file":"1_a.sql","line":0,"column":14,"level":"Warning","message":"Too small.","help":null,"rule_name":"prefer-x"}]';
  expect(parseSquawk(report)).toMatchObject([
    { code: "squawk:prefer-x", severity: "note", file: "1_a.sql", line: 1, column: 15, message: "Too small" },
  ]);
});

test("the page of the rules holds every rule as it is", () => {
  const file = fileURLToPath(new URL("../../../docs/lint.md", import.meta.url));
  const page = existsSync(file) ? readFileSync(file, "utf8") : "";
  const [head = "", rest = ""] = page.split("## The rules\n");
  const wanted = `\n${rulesTable()}`;
  if (process.env.SLIPWAY_UPDATE_GOLDEN === "1") writeFileSync(file, `${head}## The rules\n${wanted}`);
  else expect(rest, "SLIPWAY_UPDATE_GOLDEN=1 writes it anew").toBe(wanted);
});
