import type { Node } from "libpg-query";
import { nameKey, objectName, relationName } from "../../sql/syntax-tree.ts";
import { type FamilyFacts, facts, type Lock, type LockMode } from "../statement-facts.ts";
import type { Family } from "./family.ts";
import { readLocks } from "./read-locks.ts";

/** Views, functions, triggers, policies, types, sequences, schemas, roles and rights. */
export const codeFamily: Family = {
  ViewStmt: ({ view, query, replace }) =>
    facts(replace === true ? "CREATE OR REPLACE VIEW" : "CREATE VIEW", {
      // One that replaces a view locks it as well; one that does not cannot have it there.
      locks: [...readLocks(query), ...(replace === true ? onTable(view, "ACCESS EXCLUSIVE") : [])],
    }),
  RefreshMatViewStmt: ({ relation, concurrent }) => {
    const view = nameKey(relationName(relation));
    return facts(`REFRESH MATERIALIZED VIEW${concurrent === true ? " CONCURRENTLY" : ""}`, {
      locks: [{ relation: view, mode: concurrent === true ? "EXCLUSIVE" : "ACCESS EXCLUSIVE" }],
      work: concurrent === true ? "scan" : "rewrite",
      workOn: view,
      touches: "data",
    });
  },
  CreateTrigStmt: ({ relation, replace }) =>
    facts(replace === true ? "CREATE OR REPLACE TRIGGER" : "CREATE TRIGGER", {
      locks: onTable(relation, "SHARE ROW EXCLUSIVE"),
    }),
  CreatePolicyStmt: ({ table, qual, with_check }) =>
    facts("CREATE POLICY", {
      locks: [...onTable(table, "ACCESS EXCLUSIVE"), ...readLocks([qual, with_check])],
    }),
  AlterPolicyStmt: ({ table, qual, with_check }) =>
    facts("ALTER POLICY", {
      locks: [...onTable(table, "ACCESS EXCLUSIVE"), ...readLocks([qual, with_check])],
    }),
  RuleStmt: ({ relation, actions, whereClause }) =>
    facts("CREATE RULE", {
      locks: [
        ...onTable(relation, "ACCESS EXCLUSIVE"),
        ...readLocks([actions, whereClause], [nameKey(relationName(relation)), "old", "new"]),
      ],
    }),
  CreateFunctionStmt: ({ is_procedure, replace }) =>
    facts(
      `CREATE ${replace === true ? "OR REPLACE " : ""}${is_procedure === true ? "PROCEDURE" : "FUNCTION"}`,
    ),
  AlterFunctionStmt: () => facts("ALTER FUNCTION"),
  CreateSeqStmt: () => facts("CREATE SEQUENCE"),
  AlterSeqStmt: ({ sequence, options = [] }) =>
    facts("ALTER SEQUENCE", { locks: [...onTable(sequence, "SHARE ROW EXCLUSIVE"), ...owner(options)] }),
  CreateEnumStmt: () => facts("CREATE TYPE … ENUM"),
  AlterEnumStmt: ({ newVal, oldVal }) =>
    facts(
      oldVal === undefined && newVal !== undefined ? "ALTER TYPE … ADD VALUE" : "ALTER TYPE … RENAME VALUE",
    ),
  CompositeTypeStmt: () => facts("CREATE TYPE"),
  CreateRangeStmt: () => facts("CREATE TYPE … RANGE"),
  CreateDomainStmt: () => facts("CREATE DOMAIN"),
  AlterDomainStmt: ({ def }) => {
    const later = def !== undefined && "Constraint" in def && def.Constraint.skip_validation === true;
    // Every column of the domain's type is looked through; which ones they are no text tells.
    const checks = def !== undefined && !later;
    return facts("ALTER DOMAIN", {
      locks: checks ? [{ relation: null, mode: "SHARE" }] : [],
      work: checks ? "scan" : "none",
      mayBeLess: true,
    });
  },
  CreateSchemaStmt: () => facts("CREATE SCHEMA"),
  CreateExtensionStmt: () => facts("CREATE EXTENSION"),
  AlterExtensionStmt: () => facts("ALTER EXTENSION"),
  GrantStmt: ({ is_grant, objtype, objects }) =>
    facts(is_grant === true ? "GRANT" : "REVOKE", {
      locks: objtype === "OBJECT_TABLE" ? readLocks(objects) : [],
    }),
  GrantRoleStmt: ({ is_grant }) => facts(is_grant === true ? "GRANT role" : "REVOKE role"),
  AlterDefaultPrivilegesStmt: () => facts("ALTER DEFAULT PRIVILEGES"),
  AlterOwnerStmt: ({ objectType, relation, object }) =>
    facts(`ALTER ${(objectType ?? "").replace("OBJECT_", "").replaceAll("_", " ")} … OWNER TO`, {
      locks: relation ? onTable(relation, "ACCESS EXCLUSIVE") : ownedRelation(objectType, objectName(object)),
    }),
  CreateRoleStmt: () => facts("CREATE ROLE"),
  AlterRoleStmt: () => facts("ALTER ROLE"),
  AlterRoleSetStmt: () => facts("ALTER ROLE … SET"),
  DropRoleStmt: () => facts("DROP ROLE"),
  AlterDatabaseSetStmt: () => facts("ALTER DATABASE … SET"),
  CreatePublicationStmt: ({ pubobjects = [] }) =>
    facts("CREATE PUBLICATION", { locks: published(pubobjects) }),
  AlterPublicationStmt: ({ pubobjects = [] }) => facts("ALTER PUBLICATION", { locks: published(pubobjects) }),
};

function onTable(relation: Parameters<typeof relationName>[0], mode: LockMode): Lock[] {
  return [{ relation: nameKey(relationName(relation)), mode }];
}

function ownedRelation(type: string | undefined, name: readonly string[]): Lock[] {
  const isRelation = /^OBJECT_(?:TABLE|VIEW|MATVIEW|SEQUENCE|FOREIGN_TABLE)$/.test(type ?? "");
  return isRelation ? [{ relation: nameKey(name), mode: "ACCESS EXCLUSIVE" }] : [];
}

function published(objects: readonly unknown[]): FamilyFacts["locks"] {
  return readLocks(objects).map(({ relation }) => ({ relation, mode: "SHARE UPDATE EXCLUSIVE" as const }));
}

// OWNED BY table.column.
function owner(options: readonly Node[]): Lock[] {
  return options.flatMap((option) => {
    if (!("DefElem" in option) || option.DefElem.defname !== "owned_by") return [];
    const name = objectName(option.DefElem.arg).slice(0, -1);
    return name.length === 0 ? [] : [{ relation: nameKey(name), mode: "ACCESS SHARE" as const }];
  });
}
