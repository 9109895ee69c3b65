import type { SqlCheck } from "../definition/system-checks.ts";
import { CheckFailure } from "../engine/check-failure.ts";
import type { Look, PlanContext } from "../engine/planned-check.ts";
import { checkMatchers } from "./check-expectation.ts";
import { readJsonPath } from "./json-path.ts";
import { finding, judgeValue } from "./judge-answer.ts";

/** What the database driver looks at beside the URL; runtimes with permissions have to allow it. */
const pgVariables = [
  ...["PGBINARY", "PGCLIENT_ENCODING", "PGCONNECT_TIMEOUT", "PGOPTIONS", "PGPASSWORD", "PGREPLICATION"],
  ...["PGSSLMODE", "PGSSLNEGOTIATION"],
];

/** Makes the one look of an SQL check. */
export function planSql(check: SqlCheck, { redactor }: PlanContext): Look[] {
  if (!URL.canParse(check.database))
    throw new CheckFailure("configuration", "database is not a connection URL");
  const { hostname, port, password } = new URL(check.database);
  redactor.add(decodeURIComponent(password));
  checkMatchers(check.rows ?? {});
  return [
    {
      label: `query on ${hostname}`,
      needs: { hosts: [`${hostname}:${port || "5432"}`], env: pgVariables },
      attempt: async (tools) => {
        const query = tools.ports.sql;
        if (query === undefined)
          throw new CheckFailure("configuration", "this runtime cannot query databases");
        const rows = await query({ database: check.database, query: check.query, signal: tools.signal });
        tools.answered();
        if (rows.length === 0 && check.rows === undefined) {
          return {
            findings: [
              { ok: false, what: "rows", expected: "at least one", seen: "none", failure: "no-data" },
            ],
          };
        }
        const findings = Object.entries(check.rows ?? {}).map(([path, matcher]) =>
          judgeValue(path, readJsonPath(rows, path), matcher),
        );
        return { findings: [finding("rows", "an answer", String(rows.length), true), ...findings] };
      },
    },
  ];
}
