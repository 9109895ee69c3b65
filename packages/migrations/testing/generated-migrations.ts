/** Random chains of migrations, each with the inverse that a careful author would write. One model, so one file. */
import fc from "fast-check";

/** Up and rollback SQL. */
export type Pair = readonly [up: string, down: string];

interface Table {
  readonly name: string;
  /** Column names with their types. */
  readonly columns: ReadonlyMap<string, string>;
  /** Names of indexes with their columns. */
  readonly indexes: ReadonlyMap<string, string>;
  readonly secured: boolean;
  readonly comment: string | null;
}

type Model = ReadonlyMap<string, Table>;

/** What fast-check draws for one migration: which change, and on what. */
interface Draw {
  readonly change: number;
  readonly table: number;
  readonly column: number;
}

const types = ["int", "text", "numeric(8, 2)", "timestamptz", "jsonb", "text[]"];

/** Chains of `length` migrations over a few tables. */
export function generatedChains(length: {
  readonly min: number;
  readonly max: number;
}): fc.Arbitrary<Pair[]> {
  const draw = fc.record({
    change: fc.nat(changes.length - 1),
    table: fc.nat(1000),
    column: fc.nat(1000),
  });
  return fc.array(draw, { minLength: length.min, maxLength: length.max }).map((draws) => {
    let model: Model = new Map();
    return draws.map((drawn, index) => {
      const [next, pair] = step(model, drawn, index);
      model = next;
      return pair;
    });
  });
}

function step(model: Model, drawn: Draw, index: number): [Model, Pair] {
  const tables = [...model.values()];
  const table = tables[drawn.table % Math.max(1, tables.length)];
  const made = table && changes[drawn.change]!(table, drawn, index);
  if (!made) return create(model, drawn, index);
  const next = new Map(model);
  next.delete(table.name);
  if (made.table !== null) next.set(made.table.name, made.table);
  return [next, made.pair];
}

function create(model: Model, drawn: Draw, index: number): [Model, Pair] {
  const table: Table = {
    name: `t${index}`,
    columns: new Map([
      ["a", types[drawn.column % types.length]!],
      ["b", "int"],
    ]),
    indexes: new Map(),
    secured: false,
    comment: null,
  };
  return [new Map(model).set(table.name, table), [definition(table), `drop table ${table.name};`]];
}

/** A change of a table: null where the table has nothing to change in this way. */
type Change = (
  table: Table,
  drawn: Draw,
  index: number,
) => { readonly table: Table | null; readonly pair: Pair } | null;

const changes: readonly Change[] = [
  () => null,
  (table) => ({ table: null, pair: [`drop table ${table.name};`, definition(table)] }),
  (table, { column }, index) => {
    const name = `c${index}`;
    const type = types[column % types.length]!;
    return {
      table: { ...table, columns: new Map(table.columns).set(name, type) },
      pair: [
        `alter table ${table.name} add column ${name} ${type};`,
        `alter table ${table.name} drop column ${name};`,
      ],
    };
  },
  (table, drawn) => {
    const [name, type] = pick(table, drawn);
    if (table.columns.size < 2 || [...table.indexes.values()].includes(name)) return null;
    const columns = new Map(table.columns);
    columns.delete(name);
    return {
      table: { ...table, columns },
      pair: [
        `alter table ${table.name} drop column ${name};`,
        `alter table ${table.name} add column ${name} ${type};`,
      ],
    };
  },
  (table, drawn, index) => {
    const [name, type] = pick(table, drawn);
    const to = `r${index}`;
    const columns = new Map([...table.columns].filter(([column]) => column !== name)).set(to, type);
    const indexes = new Map([...table.indexes].map(([key, column]) => [key, column === name ? to : column]));
    return {
      table: { ...table, columns, indexes },
      pair: [
        `alter table ${table.name} rename column ${name} to ${to};`,
        `alter table ${table.name} rename column ${to} to ${name};`,
      ],
    };
  },
  (table, _drawn, index) => {
    const name = `n${index}`;
    return {
      table: { ...table, name },
      pair: [`alter table ${table.name} rename to ${name};`, `alter table ${name} rename to ${table.name};`],
    };
  },
  (table, drawn, index) => {
    const [column] = pick(table, drawn);
    const name = `i${index}`;
    return {
      table: { ...table, indexes: new Map(table.indexes).set(name, column) },
      pair: [`create index ${name} on ${table.name} (${column});`, `drop index ${name};`],
    };
  },
  (table) => {
    const [found] = table.indexes;
    if (found === undefined) return null;
    const indexes = new Map(table.indexes);
    indexes.delete(found[0]);
    return {
      table: { ...table, indexes },
      pair: [`drop index ${found[0]};`, `create index ${found[0]} on ${table.name} (${found[1]});`],
    };
  },
  (table) => {
    const [on, off] = [security(table.name), unsecurity(table.name)];
    return { table: { ...table, secured: !table.secured }, pair: table.secured ? [off, on] : [on, off] };
  },
  (table, { column }, index) => {
    // Never what it was: a change that changes nothing would need no rollback.
    const comment = `about ${column}, ${index}`;
    const write = (text: string | null) =>
      `comment on table ${table.name} is ${text === null ? "null" : `'${text}'`};`;
    return { table: { ...table, comment }, pair: [write(comment), write(table.comment)] };
  },
];

function pick(table: Table, { column }: Draw): [name: string, type: string] {
  const columns = [...table.columns];
  return columns[column % columns.length]!;
}

const security = (name: string) =>
  `alter table ${name} enable row level security; create policy own on ${name} using (true);`;
const unsecurity = (name: string) =>
  `drop policy own on ${name}; alter table ${name} disable row level security;`;

/** All of a table anew, for the rollback of its drop. */
function definition({ name, columns, indexes, secured, comment }: Table): string {
  const list = [...columns].map(([column, type]) => `${column} ${type}`).join(", ");
  return [
    `create table ${name} (${list});`,
    ...[...indexes].map(([index, column]) => `create index ${index} on ${name} (${column});`),
    ...(secured ? [security(name)] : []),
    ...(comment === null ? [] : [`comment on table ${name} is '${comment}';`]),
  ].join("\n");
}
