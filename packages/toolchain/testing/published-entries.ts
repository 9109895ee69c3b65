import { readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { PublishedExport } from "../src/packaging/package-manifest.ts";

/** Something that others can name in a package. */
export interface PublishedEntry {
  /** `@slipway/ledger/verify-audit`; of a command its name. */
  readonly name: string;
  readonly file: string;
  /** Null for what is no module: a command, a text, a launcher. */
  readonly types: string | null;
}

/** The exports and commands of the packages in a folder. A pattern stands for each file that it fits. */
export function publishedEntries(folder: string): PublishedEntry[] {
  return readdirSync(folder).flatMap((short) => {
    const home = join(folder, short);
    const { name, exports, bin } = JSON.parse(readFileSync(join(home, "package.json"), "utf8")) as {
      readonly name: string;
      readonly exports?: Readonly<Record<string, PublishedExport>>;
      readonly bin?: Readonly<Record<string, string>>;
    };
    return [
      ...Object.entries(exports ?? {}).flatMap(([key, target]) =>
        entriesOf(home, name + key.slice(1), target),
      ),
      ...Object.entries(bin ?? {}).map(([command, file]) => entry(home, command, file)),
    ];
  });
}

function entriesOf(home: string, name: string, target: PublishedExport): PublishedEntry[] {
  if (typeof target !== "string")
    return [{ ...entry(home, name, target.default), types: join(home, target.types) }];
  if (!target.endsWith("/*")) return [entry(home, name, target)];
  const folder = dirname(target);
  return readdirSync(join(home, folder)).map((file) =>
    entry(home, name.replace("*", file), join(folder, file)),
  );
}

const entry = (home: string, name: string, file: string): PublishedEntry => ({
  name,
  file: join(home, file),
  types: null,
});
