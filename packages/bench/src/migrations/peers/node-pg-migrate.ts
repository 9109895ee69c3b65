import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { installPeer } from "../../install-peer.ts";
import type { Fixture } from "../write-fixture.ts";
import type { MigrationPeer } from "./migration-runner.ts";
import { newFolder } from "./new-folder.ts";

const VERSION = "9.0.0";

/** SQL files with both directions in one. */
export function nodePgMigrate({ folder, migrations }: Fixture, cache: string): MigrationPeer {
  const name = "node-pg-migrate";
  const installed = installPeer(cache, name, VERSION, ["pg@8.23.1"]);
  if ("leftOut" in installed) return { name, ...installed };
  const layout = newFolder(folder, name);
  for (const { id, up, down } of migrations)
    writeFileSync(join(layout, `${id}.sql`), `-- Up Migration\n${up}\n-- Down Migration\n${down}`);
  const program = join(installed.home, "node_modules", name, "bin", "node-pg-migrate.js");
  return {
    name,
    command: () => [process.execPath, program, "up", "-m", layout],
    env: (url) => ({ DATABASE_URL: url }),
  };
}
