import { createHash } from "node:crypto";
import { writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { installPeer } from "../../install-peer.ts";
import type { Fixture } from "../write-fixture.ts";
import type { MigrationPeer } from "./migration-runner.ts";
import { newFolder } from "./new-folder.ts";

const VERSION = "1.4.1";

/** Its committed files carry a chain of hashes. */
export function graphileMigrate({ folder, migrations }: Fixture, cache: string): MigrationPeer {
  const name = "graphile-migrate";
  const installed = installPeer(cache, name, VERSION);
  if ("leftOut" in installed) return { name, ...installed };
  const home = newFolder(folder, name);
  const committed = newFolder(home, join("migrations", "committed"));
  writeFileSync(join(home, ".gmrc"), "{}");
  const modules = createRequire(join(installed.home, "package.json"));
  let previous: string | null = null;
  for (const [index, { up }] of migrations.entries()) {
    const chained = `${`${previous ?? ""}\n${up.trim()}`.trim()}\n`;
    const hash: string = `sha1:${createHash("sha1").update(chained).digest("hex")}`;
    const head = `--! Previous: ${previous ?? "-"}\n--! Hash: ${hash}\n\n`;
    writeFileSync(join(committed, `${String(index + 1).padStart(6, "0")}.sql`), `${head}${up.trim()}\n`);
    previous = hash;
  }
  const program = join(dirname(modules.resolve("graphile-migrate/package.json")), "dist", "cli.js");
  return {
    name,
    folder: home,
    command: () => [process.execPath, program, "migrate"],
    env: (url) => ({ DATABASE_URL: url }),
  };
}
