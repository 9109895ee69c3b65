import { readdirSync, readFileSync } from "node:fs";
import { extname, join, relative } from "node:path";
import { pathToFileURL } from "node:url";
import { SlipwayError } from "@slipway/kernel";
import { expectationTests } from "./expectation-file.ts";
import { pgtapTest } from "./pgtap-file.ts";
import type { RlsTest } from "./rls-test.ts";

const MODULES = [".ts", ".mts", ".js", ".mjs"];

/**
 * Reads the tests of a folder and those below it: SQL files with expectations (`-- rls: …`), pgTAP files, and modules
 * whose default export is a list of `rlsTest`. Anything else that looks like one of them is refused: a test that is
 * passed over in silence tests nothing.
 *
 * @throws {SlipwayError} RLS_TEST_INVALID, naming the file.
 */
export async function readRlsTests(folder: string): Promise<RlsTest[]> {
  const tests: RlsTest[] = [];
  for (const path of filesBelow(folder)) {
    const file = relative(folder, path);
    if (extname(path) === ".sql") tests.push(...(await sqlTests(file, readFileSync(path, "utf8"))));
    else if (MODULES.includes(extname(path))) tests.push(...(await moduleTests(file, path)));
  }
  return tests;
}

function filesBelow(folder: string): string[] {
  let entries: ReturnType<typeof readEntries>;
  try {
    entries = readEntries(folder);
  } catch (cause) {
    throw invalid(folder, "it cannot be read", cause);
  }
  return entries
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      const path = join(folder, entry.name);
      return entry.isDirectory() ? filesBelow(path) : [path];
    });
}

const readEntries = (folder: string) => readdirSync(folder, { withFileTypes: true });

async function sqlTests(file: string, text: string): Promise<RlsTest[]> {
  if (/^\s*--\s*rls\s*:/im.test(text)) return expectationTests({ file, text });
  if (/\b(?:no_plan|plan)\s*\(/i.test(text)) return [await pgtapTest({ file, text })];
  throw invalid(file, "it has neither a line -- rls: … nor a plan of pgTAP");
}

async function moduleTests(file: string, path: string): Promise<RlsTest[]> {
  const loaded: unknown = await import(pathToFileURL(path).href).catch((cause: unknown) => {
    throw invalid(file, cause instanceof Error ? cause.message : String(cause), cause);
  });
  const list = (loaded as { default?: unknown }).default;
  if (!Array.isArray(list) || list.some((item) => typeof item?.run !== "function")) {
    throw invalid(file, "its default export is no list of rlsTest(…)");
  }
  return (list as RlsTest[]).map((test) => ({ ...test, file }));
}

function invalid(file: string, why: string, cause?: unknown): SlipwayError {
  return new SlipwayError("RLS_TEST_INVALID", {
    what: `Cannot use "${file}" as a test of policies`,
    why,
    cause,
  });
}
