import { SlipwayError } from "@slipway/kernel";
import type { Imported } from "../import/imported.ts";
import { exitCodes } from "../reports/exit-code.ts";
import type { ImportSource } from "./arguments.ts";
import type { Host } from "./host.ts";

/** Makes a suite of another tool's file: YAML on stdout, and on stderr what has no place in it. */
export async function importVerb(
  host: Host,
  { from, file }: { readonly from: ImportSource; readonly file: string },
): Promise<number> {
  const { parse, stringify } = await import("yaml");
  let imported: Imported;
  try {
    // JSON is YAML, so one parser reads both.
    imported = await importers[from](await host.readText(file), parse);
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new SlipwayError("SMOKE_INVALID", {
      what: `Cannot import ${file} as ${from}`,
      why,
      todo: "Name another file",
      cause,
    });
  }
  const { suite, unmapped } = imported;
  const lines = unmapped.map(({ where, why }) => `not carried over: ${where}: ${why}\n`);
  if (suite.checks.length === 0) {
    await host.err(lines.join(""));
    throw new SlipwayError("SMOKE_INVALID", {
      what: `Cannot import ${file} as ${from}`,
      why: "it has nothing that a check can be made of, and an empty suite proves nothing",
      todo: "Name another file, or write the suite by hand",
    });
  }
  await host.out(stringify(suite, { lineWidth: 110 }));
  await host.err(
    `${lines.join("")}${suite.checks.length} checks made, ${unmapped.length} things not carried over\n`,
  );
  return exitCodes.pass;
}

type Importer = (text: string, parse: (text: string) => unknown) => Promise<Imported>;

const importers: Readonly<Record<ImportSource, Importer>> = {
  openapi: async (text, parse) => (await import("../import/openapi.ts")).importOpenapi(parse(text)),
  postman: async (text, parse) => (await import("../import/postman.ts")).importPostman(parse(text)),
  hurl: async (text) => (await import("../import/hurl.ts")).importHurl(text),
};
