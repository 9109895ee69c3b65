import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { installPeer } from "../../install-peer.ts";
import type { Fixture } from "../write-fixture.ts";
import type { MigrationPeer } from "./migration-runner.ts";
import { newFolder } from "./new-folder.ts";

const VERSION = "2.36.0";

/** Twice: started by npm's launcher, as it is used, and its binary alone. */
export function dbmate({ folder, migrations }: Fixture, cache: string): readonly MigrationPeer[] {
  const names = ["dbmate npm", "dbmate binary"] as const;
  const installed = installPeer(cache, "dbmate", VERSION);
  if ("leftOut" in installed) return names.map((name) => ({ name, ...installed }));
  const layout = newFolder(folder, "dbmate");
  for (const { id, up, down } of migrations)
    writeFileSync(join(layout, `${id}.sql`), `-- migrate:up\n${up}\n-- migrate:down\n${down}`);
  const modules = join(installed.home, "node_modules");
  const binary = join(modules, "@dbmate", `${process.platform}-${process.arch}`, "bin", "dbmate");
  const words = (url: string) => [
    "--url",
    `${url}?sslmode=disable`,
    "--no-dump-schema",
    "-d",
    layout,
    "migrate",
  ];
  const launcher = join(modules, "dbmate", "dist", "cli.js");
  return [
    { name: names[0], command: (url) => [process.execPath, launcher, ...words(url)] },
    existsSync(binary)
      ? { name: names[1], command: (url) => [binary, ...words(url)] }
      : { name: names[1], leftOut: "it has none for this machine" },
  ];
}
