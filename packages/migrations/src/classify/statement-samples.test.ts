import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { statementSamples } from "../../testing/statement-samples.ts";
import { parseSql } from "../sql/parse-sql.ts";
import { classifyStatements } from "./classify-statements.ts";
import type { StatementFacts } from "./statement-facts.ts";

const file = fileURLToPath(new URL("../../testing/statement-facts.golden.txt", import.meta.url));

test("what is said of every kind of statement is as in the golden file", async () => {
  const blocks = await Promise.all(
    statementSamples.map(async (sql) => {
      const [facts] = classifyStatements(await parseSql({ file: "1_a.sql", text: sql }));
      return `${sql}\n  ${describe(facts!)}`;
    }),
  );
  const text = `${blocks.join("\n")}\n`;
  if (process.env.SLIPWAY_UPDATE_GOLDEN === "1") writeFileSync(file, text);
  const golden = existsSync(file) ? readFileSync(file, "utf8") : "";
  expect(text, "SLIPWAY_UPDATE_GOLDEN=1 writes it anew").toBe(golden);
});

test("a statement's place is told in characters and in bytes, and what a file made itself is felt by nobody", async () => {
  const text = "-- ä\ncreate table a (n int);\ncreate index on a (n);\ncreate index on b (n);";
  const statements = classifyStatements(await parseSql({ file: "1_a.sql", text }));
  expect(statements.map(({ start, startByte, endByte }) => [start, startByte, endByte])).toEqual([
    [5, 6, 28],
    [29, 30, 51],
    [52, 53, 74],
  ]);
  expect(statements.map(({ felt, workFelt }) => [felt, workFelt])).toEqual([
    [[], false],
    [[], false],
    [[{ relation: "b", mode: "SHARE" }], true],
  ]);
});

function describe({
  name,
  locks,
  work,
  mayBeLess,
  touches,
  transactional,
  cost,
  breaks,
}: StatementFacts): string {
  return [
    name,
    locks.map(({ relation, mode }) => `${mode} on ${relation ?? "its table"}`).join(" + ") || "no lock",
    mayBeLess ? `${work} at most` : work,
    touches,
    ...(transactional ? [] : ["outside a transaction"]),
    cost,
    breaks === null ? "expand" : `contract: ${breaks}`,
  ].join(" | ");
}
