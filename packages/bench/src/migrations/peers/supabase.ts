import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { installPeer } from "../../install-peer.ts";
import type { Fixture } from "../write-fixture.ts";
import type { MigrationPeer } from "./migration-runner.ts";
import { newFolder } from "./new-folder.ts";

const VERSION = "3.1.0";

/** Its binary alone, without the launcher, told to send nothing home. */
export function supabase({ folder, migrations }: Fixture, cache: string): MigrationPeer {
  const name = "supabase db push";
  const installed = installPeer(cache, "supabase", VERSION);
  if ("leftOut" in installed) return { name, ...installed };
  const platform = `cli-${process.platform === "win32" ? "windows" : process.platform}-${process.arch}`;
  const binary = join(installed.home, "node_modules", "@supabase", platform, "bin", "supabase");
  if (!existsSync(binary)) return { name, leftOut: "it has no binary for this machine" };
  const home = newFolder(folder, "supabase-project");
  const layout = newFolder(home, join("supabase", "migrations"));
  writeFileSync(join(home, "supabase", "config.toml"), 'project_id = "bench"\n');
  for (const { id, up } of migrations) writeFileSync(join(layout, `${id}.sql`), up);
  return {
    name,
    folder: home,
    command: (url) => [binary, "db", "push", "--db-url", `${url}?sslmode=disable`, "--yes"],
    env: () => ({
      HOME: home,
      DO_NOT_TRACK: "1",
      SUPABASE_TELEMETRY_DISABLED: "1",
      SUPABASE_INTERNAL_NO_UPDATE_CHECK: "1",
    }),
  };
}
