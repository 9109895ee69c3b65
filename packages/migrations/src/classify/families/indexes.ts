import { nameKey, relationName } from "../../sql/syntax-tree.ts";
import { facts } from "../statement-facts.ts";
import type { Family } from "./family.ts";

/** Indexes and extended statistics. */
export const indexesFamily: Family = {
  IndexStmt: ({ relation, concurrent, unique }) => {
    const table = nameKey(relationName(relation));
    const kind = `${unique === true ? "UNIQUE " : ""}INDEX`;
    return concurrent === true
      ? facts(`CREATE ${kind} CONCURRENTLY`, {
          locks: [{ relation: table, mode: "SHARE UPDATE EXCLUSIVE" }],
          work: "build",
          workOn: table,
          transactional: false,
        })
      : facts(`CREATE ${kind}`, {
          locks: [{ relation: table, mode: "SHARE" }],
          work: "build",
          workOn: table,
        });
  },
  ReindexStmt: ({ kind = "", relation, params = [] }) => {
    const concurrent = params.some((param) => "DefElem" in param && param.DefElem.defname === "concurrently");
    const whole = ["REINDEX_OBJECT_SCHEMA", "REINDEX_OBJECT_SYSTEM", "REINDEX_OBJECT_DATABASE"].includes(
      kind,
    );
    const name = nameKey(relationName(relation));
    const ofIndex = kind === "REINDEX_OBJECT_INDEX";
    const what = kind.replace("REINDEX_OBJECT_", "");
    const own = concurrent ? "SHARE UPDATE EXCLUSIVE" : ofIndex ? "ACCESS EXCLUSIVE" : "SHARE";
    return facts(`REINDEX ${what}${concurrent ? " CONCURRENTLY" : ""}`, {
      locks: whole
        ? []
        : [
            { relation: name, mode: own },
            ...(ofIndex
              ? [
                  {
                    relation: null,
                    mode: concurrent ? ("SHARE UPDATE EXCLUSIVE" as const) : ("SHARE" as const),
                  },
                ]
              : []),
          ],
      work: "build",
      workOn: whole ? null : name,
      transactional: !concurrent && !whole,
    });
  },
  CreateStatsStmt: ({ relations = [] }) =>
    facts("CREATE STATISTICS", {
      locks: relations.flatMap((node) =>
        "RangeVar" in node
          ? [{ relation: nameKey(relationName(node.RangeVar)), mode: "SHARE UPDATE EXCLUSIVE" as const }]
          : [],
      ),
    }),
  AlterStatsStmt: () => facts("ALTER STATISTICS"),
};
