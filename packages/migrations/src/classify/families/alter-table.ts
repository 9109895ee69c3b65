import type { AlterTableCmd, AlterTableStmt, ColumnDef, Constraint, Node } from "libpg-query";
import { nameKey, relationName, typeParts } from "../../sql/syntax-tree.ts";
import { isVolatile } from "../is-volatile.ts";
import {
  type FamilyFacts,
  facts,
  type Lock,
  type LockMode,
  strongerLock,
  type Work,
} from "../statement-facts.ts";
import type { Family } from "./family.ts";

/** One command of ALTER TABLE: its words, its lock, and what is gone through. */
interface CommandFacts {
  readonly words: string;
  readonly mode: LockMode;
  readonly work?: Work;
  readonly mayBeLess?: boolean;
  /** Other relations that it locks. */
  readonly others?: readonly Lock[];
}

const AEL = "ACCESS EXCLUSIVE";
const SUE = "SHARE UPDATE EXCLUSIVE";
const SRE = "SHARE ROW EXCLUSIVE";

// Commands whose lock and work do not depend on anything else.
const simple: Readonly<Record<string, CommandFacts>> = {
  AT_DropColumn: { words: "DROP COLUMN", mode: AEL },
  AT_ColumnDefault: { words: "ALTER COLUMN … DEFAULT", mode: AEL },
  AT_DropNotNull: { words: "ALTER COLUMN … DROP NOT NULL", mode: AEL },
  AT_SetNotNull: { words: "ALTER COLUMN … SET NOT NULL", mode: AEL, work: "scan", mayBeLess: true },
  AT_SetExpression: { words: "ALTER COLUMN … SET EXPRESSION", mode: AEL, work: "rewrite" },
  AT_DropExpression: { words: "ALTER COLUMN … DROP EXPRESSION", mode: AEL },
  AT_AddIdentity: { words: "ALTER COLUMN … ADD GENERATED", mode: AEL },
  AT_SetIdentity: { words: "ALTER COLUMN … SET GENERATED", mode: AEL },
  AT_DropIdentity: { words: "ALTER COLUMN … DROP IDENTITY", mode: AEL },
  AT_SetStatistics: { words: "ALTER COLUMN … SET STATISTICS", mode: SUE },
  AT_SetOptions: { words: "ALTER COLUMN … SET (…)", mode: SUE },
  AT_ResetOptions: { words: "ALTER COLUMN … RESET (…)", mode: SUE },
  AT_SetStorage: { words: "ALTER COLUMN … SET STORAGE", mode: AEL },
  AT_SetCompression: { words: "ALTER COLUMN … SET COMPRESSION", mode: AEL },
  AT_AlterColumnType: { words: "ALTER COLUMN … TYPE", mode: AEL, work: "rewrite", mayBeLess: true },
  AT_AlterConstraint: { words: "ALTER CONSTRAINT", mode: AEL },
  AT_ValidateConstraint: { words: "VALIDATE CONSTRAINT", mode: SUE, work: "scan", mayBeLess: true },
  AT_DropConstraint: { words: "DROP CONSTRAINT", mode: AEL },
  AT_ChangeOwner: { words: "OWNER TO", mode: AEL },
  AT_ClusterOn: { words: "CLUSTER ON", mode: SUE },
  AT_DropCluster: { words: "SET WITHOUT CLUSTER", mode: SUE },
  AT_SetLogged: { words: "SET LOGGED", mode: AEL, work: "rewrite", mayBeLess: true },
  AT_SetUnLogged: { words: "SET UNLOGGED", mode: AEL, work: "rewrite", mayBeLess: true },
  AT_SetAccessMethod: { words: "SET ACCESS METHOD", mode: AEL, work: "rewrite", mayBeLess: true },
  AT_SetTableSpace: { words: "SET TABLESPACE", mode: AEL, work: "rewrite", mayBeLess: true },
  AT_SetRelOptions: { words: "SET (…)", mode: SUE },
  AT_ResetRelOptions: { words: "RESET (…)", mode: SUE },
  AT_EnableRowSecurity: { words: "ENABLE ROW LEVEL SECURITY", mode: AEL },
  AT_DisableRowSecurity: { words: "DISABLE ROW LEVEL SECURITY", mode: AEL },
  AT_ForceRowSecurity: { words: "FORCE ROW LEVEL SECURITY", mode: AEL },
  AT_NoForceRowSecurity: { words: "NO FORCE ROW LEVEL SECURITY", mode: AEL },
  AT_ReplicaIdentity: { words: "REPLICA IDENTITY", mode: AEL },
  AT_DropInherit: { words: "NO INHERIT", mode: AEL },
};

const trigger = /^AT_(?:Enable|Disable)(?:Always|Replica)?Trig/;

function commandFacts(table: string, cmd: AlterTableCmd): CommandFacts {
  const { subtype = "", def } = cmd;
  const known = simple[subtype];
  if (known !== undefined) return known;
  if (trigger.test(subtype)) return { words: "ENABLE or DISABLE TRIGGER", mode: SRE };
  if (subtype === "AT_AddColumn") return addColumn(table, bodyOf(def, "ColumnDef"));
  if (subtype === "AT_AddConstraint") return addConstraint(table, bodyOf(def, "Constraint"));
  if (subtype === "AT_AttachPartition" || subtype === "AT_DetachPartition") return partition(subtype, def);
  if (subtype === "AT_AddInherit") {
    const parent = bodyOf(def, "RangeVar");
    return {
      words: "INHERIT",
      mode: AEL,
      others: [{ relation: nameKey(relationName(parent)), mode: SUE }],
    };
  }
  const words = subtype
    .replace(/^AT_/, "")
    .replace(/(?<=[a-z])(?=[A-Z])/g, " ")
    .toUpperCase();
  return { words, mode: AEL };
}

function addColumn(table: string, column: ColumnDef | undefined): CommandFacts {
  const words = "ADD COLUMN";
  const constraints = (column?.constraints ?? []).flatMap((node) => bodyOf(node, "Constraint") ?? []);
  const filled = constraints.some(({ contype }) => contype === "CONSTR_DEFAULT");
  const parts = constraints.map((constraint) => columnConstraint(table, constraint, filled));
  const serial = /^(?:small|big)?serial[248]?$/.test(typeParts(column?.typeName).at(-1) ?? "");
  const works = [
    ...parts.map(({ work = "none" }) => work),
    serial ? ("rewrite" as const) : ("none" as const),
  ];
  // A domain's constraints are checked, and no text here says whether a type is a domain: "none" is for all others.
  return {
    words,
    mode: AEL,
    work: worst(works),
    others: parts.flatMap(({ others = [] }) => others),
  };
}

function columnConstraint(
  table: string,
  constraint: Constraint,
  filled: boolean,
): Pick<CommandFacts, "work" | "others"> {
  const { contype, raw_expr, generated_kind } = constraint;
  if (contype === "CONSTR_DEFAULT") return { work: isVolatile(raw_expr) ? "rewrite" : "none" };
  if (contype === "CONSTR_IDENTITY") return { work: "rewrite" };
  // A virtual column is computed when it is read; nothing is stored.
  if (contype === "CONSTR_GENERATED") return { work: generated_kind === "v" ? "none" : "rewrite" };
  if (contype === "CONSTR_PRIMARY" || contype === "CONSTR_UNIQUE") return { work: "build" };
  if (contype === "CONSTR_CHECK") return { work: "scan" };
  // Without a value of its own the column holds nothing but NULL, which needs no look at the other table.
  if (contype === "CONSTR_FOREIGN")
    return { work: filled ? "scan" : "none", others: [referenced(table, constraint)] };
  return {};
}

function addConstraint(table: string, constraint: Constraint | undefined): CommandFacts {
  const { contype, skip_validation, indexname } = constraint ?? {};
  const later = skip_validation === true;
  const words = `ADD CONSTRAINT ${(contype ?? "").replace("CONSTR_", "").toLowerCase()}`;
  if (contype === "CONSTR_FOREIGN") {
    const others = constraint === undefined ? [] : [referenced(table, constraint)];
    return { words: `${words} key`, mode: SRE, work: later ? "none" : "scan", others };
  }
  if (contype === "CONSTR_CHECK" || contype === "CONSTR_NOTNULL") {
    return {
      words,
      mode: AEL,
      work: later ? "none" : "scan",
      mayBeLess: contype === "CONSTR_NOTNULL" && !later,
    };
  }
  if (indexname !== undefined && indexname !== "") {
    // A primary key also demands values: the rows are looked at unless that was known before.
    const isPrimary = contype === "CONSTR_PRIMARY";
    return {
      words: `${words} using index`,
      mode: AEL,
      work: isPrimary ? "scan" : "none",
      mayBeLess: isPrimary,
    };
  }
  return { words, mode: AEL, work: "build" };
}

function referenced(table: string, { pktable }: Constraint): Lock {
  return { relation: nameKey(relationName(pktable)) || table, mode: SRE };
}

function partition(subtype: string, def: Node | undefined): CommandFacts {
  const command = bodyOf(def, "PartitionCmd");
  const child = nameKey(relationName(command?.name));
  if (subtype === "AT_AttachPartition") {
    return {
      words: "ATTACH PARTITION",
      mode: SUE,
      work: "scan",
      mayBeLess: true,
      others: [{ relation: child, mode: AEL }],
    };
  }
  const concurrent = command?.concurrent === true;
  const words = concurrent ? "DETACH PARTITION CONCURRENTLY" : "DETACH PARTITION";
  return { words, mode: concurrent ? SUE : AEL, others: [{ relation: child, mode: AEL }] };
}

function bodyOf<TAG extends string>(
  node: Node | undefined,
  tag: TAG,
): Extract<Node, Record<TAG, unknown>>[TAG] | undefined {
  return node !== undefined && tag in node ? (node as never)[tag] : undefined;
}

const works: readonly Work[] = ["none", "scan", "build", "rewrite"];
function worst(list: readonly Work[]): Work {
  return works[Math.max(0, ...list.map((work) => works.indexOf(work)))]!;
}

const objects: Readonly<Record<string, string>> = {
  OBJECT_TABLE: "TABLE",
  OBJECT_INDEX: "INDEX",
  OBJECT_VIEW: "VIEW",
  OBJECT_MATVIEW: "MATERIALIZED VIEW",
  OBJECT_SEQUENCE: "SEQUENCE",
  OBJECT_FOREIGN_TABLE: "FOREIGN TABLE",
  OBJECT_TYPE: "TYPE",
};

function alterTable({ relation, cmds = [], objtype = "OBJECT_TABLE" }: AlterTableStmt): FamilyFacts {
  const table = nameKey(relationName(relation));
  const commands = cmds.flatMap((cmd) =>
    "AlterTableCmd" in cmd ? [commandFacts(table, cmd.AlterTableCmd)] : [],
  );
  const verb = `ALTER ${objects[objtype] ?? "TABLE"}`;
  const name = `${verb} … ${commands.map(({ words }) => words).join(", ")}`;
  if (objtype === "OBJECT_TYPE")
    return facts(name, { locks: [{ relation: table, mode: AEL }], workOn: table });
  // Options of tables and indexes wait for no reader; those of a view do.
  const least = objtype === "OBJECT_VIEW" ? AEL : "ACCESS SHARE";
  const mode = commands.map(({ mode }) => mode).reduce(strongerLock, least);
  const work = objtype === "OBJECT_TABLE" ? worst(commands.map(({ work = "none" }) => work)) : "none";
  return facts(name, {
    locks: [{ relation: table, mode }, ...commands.flatMap(({ others = [] }) => others)],
    work,
    workOn: table,
    mayBeLess:
      work !== "none" &&
      commands.every(({ work: own = "none", mayBeLess }) => own !== work || mayBeLess === true),
    transactional: !commands.some(({ words }) => words.endsWith("CONCURRENTLY")),
  });
}

/** ALTER TABLE and its relatives: the lock of the strongest command, the work of the heaviest. */
export const alterTableFamily: Family = { AlterTableStmt: alterTable };
