import { execFileSync } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import type { Fixture } from "../write-fixture.ts";
import type { MigrationPeer } from "./migration-runner.ts";

/** One psql that runs one script: each file a transaction, with a row in a ledger. */
export function psql({ script }: Fixture): MigrationPeer {
  const program = findPsql();
  try {
    execFileSync(program, ["--version"], { stdio: "ignore" });
  } catch (error) {
    return { name: "psql", leftOut: `it does not start: ${error instanceof Error ? error.message : error}` };
  }
  return {
    name: "psql",
    command: (url) => [program, "-X", "-q", "-v", "ON_ERROR_STOP=1", "-d", url, "-f", script],
  };
}

// Debian's /usr/bin/psql is a wrapper in Perl that takes 20 ms of its own.
function findPsql(): string {
  const debian = "/usr/lib/postgresql";
  const found = existsSync(debian)
    ? readdirSync(debian)
        .map((version) => join(debian, version, "bin", "psql"))
        .filter((path) => existsSync(path))
    : [];
  return found.at(-1) ?? "psql";
}
