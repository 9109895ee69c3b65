import type { Constraint, CreateStmt, DropStmt, Node, RenameStmt } from "libpg-query";
import { nameKey, objectName, relationName } from "../../sql/syntax-tree.ts";
import { facts, type Lock } from "../statement-facts.ts";
import type { Family } from "./family.ts";
import { readLocks } from "./read-locks.ts";

/** Making, dropping and renaming of tables and of what hangs on them. */
export const tablesFamily: Family = {
  CreateStmt: (body) =>
    facts(body.partbound === undefined ? "CREATE TABLE" : "CREATE TABLE … PARTITION OF", {
      locks: createLocks(body),
    }),
  CreateForeignTableStmt: () => facts("CREATE FOREIGN TABLE"),
  CreateTableAsStmt: (body) => {
    const materialized = body.objtype === "OBJECT_MATVIEW";
    return facts(materialized ? "CREATE MATERIALIZED VIEW" : "CREATE TABLE AS", {
      locks: readLocks(body.query),
      touches: "both",
    });
  },
  DropStmt: (body) => drop(body),
  RenameStmt: (body) => rename(body),
  AlterObjectSchemaStmt: ({ objectType, relation }) =>
    facts(`ALTER ${words(objectType)} … SET SCHEMA`, { locks: lockOf(relation && relationName(relation)) }),
  TruncateStmt: ({ relations = [] }) =>
    facts("TRUNCATE", {
      locks: relations.flatMap((node) =>
        lockOf("RangeVar" in node ? relationName(node.RangeVar) : undefined),
      ),
      touches: "data",
    }),
  CommentStmt: ({ objtype, object }) =>
    facts(`COMMENT ON ${words(objtype)}`, {
      locks: commentedRelation(objtype, object).map((relation) => ({
        relation,
        mode: "SHARE UPDATE EXCLUSIVE" as const,
      })),
    }),
};

function createLocks({ constraints = [], tableElts = [], inhRelations = [], partbound }: CreateStmt): Lock[] {
  const all: Constraint[] = [...constraints, ...tableElts].flatMap((node) => {
    if ("Constraint" in node) return [node.Constraint];
    if (!("ColumnDef" in node)) return [];
    return (node.ColumnDef.constraints ?? []).flatMap((inner) =>
      "Constraint" in inner ? [inner.Constraint] : [],
    );
  });
  const keys = all
    .filter(({ contype }) => contype === "CONSTR_FOREIGN")
    .map(({ pktable }): Lock => ({ relation: nameKey(relationName(pktable)), mode: "SHARE ROW EXCLUSIVE" }));
  const parents = inhRelations.map(
    (node): Lock => ({
      relation: nameKey(relationName("RangeVar" in node ? node.RangeVar : undefined)),
      mode: partbound === undefined ? "SHARE UPDATE EXCLUSIVE" : "ACCESS EXCLUSIVE",
    }),
  );
  const likes = tableElts.flatMap((node): Lock[] =>
    "TableLikeClause" in node
      ? [{ relation: nameKey(relationName(node.TableLikeClause.relation)), mode: "ACCESS SHARE" }]
      : [],
  );
  return [...keys, ...parents, ...likes];
}

// What hangs on a table is named behind it: the lock is on the table.
const onTable = ["OBJECT_TRIGGER", "OBJECT_POLICY", "OBJECT_RULE"];
const relations = ["TABLE", "VIEW", "MATVIEW", "SEQUENCE", "FOREIGN_TABLE", "INDEX"].map(
  (type) => `OBJECT_${type}`,
);

function drop({ removeType, objects = [], concurrent }: DropStmt) {
  const mode = concurrent === true ? "SHARE UPDATE EXCLUSIVE" : "ACCESS EXCLUSIVE";
  const locks = objects.flatMap((object): Lock[] => {
    const parts = objectName(object);
    if (onTable.includes(removeType ?? "")) return [{ relation: nameKey(parts.slice(0, -1)), mode }];
    if (removeType === "OBJECT_STATISTIC_EXT") return [{ relation: null, mode: "SHARE UPDATE EXCLUSIVE" }];
    if (!relations.includes(removeType ?? "")) return [];
    const own: Lock = { relation: nameKey(parts), mode };
    return removeType === "OBJECT_INDEX" ? [own, { relation: null, mode }] : [own];
  });
  return facts(`DROP ${words(removeType)}${concurrent === true ? " CONCURRENTLY" : ""}`, {
    locks,
    transactional: concurrent !== true,
    touches: removeType === "OBJECT_TABLE" ? "both" : "schema",
  });
}

function rename({ renameType, relationType, relation }: RenameStmt) {
  const column = renameType === "OBJECT_COLUMN";
  const name = column
    ? `ALTER ${words(relationType)} … RENAME COLUMN`
    : `ALTER ${words(renameType)} … RENAME`;
  const mode = renameType === "OBJECT_INDEX" ? "SHARE UPDATE EXCLUSIVE" : "ACCESS EXCLUSIVE";
  return facts(name, { locks: relation ? [{ relation: nameKey(relationName(relation)), mode }] : [] });
}

function commentedRelation(type: string | undefined, object: Node | undefined): string[] {
  const name = objectName(object);
  if (type === "OBJECT_COLUMN") return [nameKey(name.slice(0, -1))];
  return ["OBJECT_TABLE", "OBJECT_VIEW", "OBJECT_MATVIEW"].includes(type ?? "") ? [nameKey(name)] : [];
}

function lockOf(name: readonly string[] | undefined): Lock[] {
  return name === undefined ? [] : [{ relation: nameKey(name), mode: "ACCESS EXCLUSIVE" }];
}

// Where the parser's name of an object is not that of the manual.
const manual: Readonly<Record<string, string>> = {
  OBJECT_MATVIEW: "MATERIALIZED VIEW",
  OBJECT_TABCONSTRAINT: "TABLE CONSTRAINT",
  OBJECT_STATISTIC_EXT: "STATISTICS",
};

function words(type = ""): string {
  return manual[type] ?? type.replace("OBJECT_", "").replaceAll("_", " ");
}
