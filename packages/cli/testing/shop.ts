import {
  type ScratchMigration,
  type ScratchProject,
  type ScratchRelease,
  scratchProject,
} from "./scratch-project.ts";

/** The migrations of the scratch shop: two expands, and a rename by expand and contract. */
export const shopMigrations: readonly ScratchMigration[] = [
  {
    id: "20260101000001_things",
    up: "create table things (id int primary key, name text not null);\ninsert into things select n, 'thing ' || n from generate_series(1, 20) n;\n",
    down: "drop table things;\n",
  },
  {
    id: "20260102000001_note",
    up: "alter table things add column note text;\n",
    down: "alter table things drop column note;\n",
  },
  {
    id: "20260103000001_index",
    up: "create index things_name on things (name);\n",
    down: "drop index things_name;\n",
  },
  {
    id: "20260104000001_title",
    up: "-- slipway: lossless name holds the same values\nalter table things add column title text;\nupdate things set title = name;\n",
    down: "alter table things drop column title;\n",
  },
  {
    id: "20260104000002_drop_name",
    up: "-- slipway: contract\n-- slipway: lossless title holds the same values\ndrop index things_name;\nalter table things alter column title set not null;\nalter table things drop column name;\n",
    down: "alter table things add column name text;\nupdate things set name = title;\nalter table things alter column name set not null;\nalter table things alter column title drop not null;\ncreate index things_name on things (name);\n",
  },
  {
    id: "20260105000001_tags",
    up: "create table tags (id int primary key);\n",
    down: "drop table tags;\n",
  },
];

/** Good releases with their flags, and 1.2.0, which does not pass its smoke test. 1.4.0 needs an expand after a contract. */
export const shopReleases: readonly ScratchRelease[] = [
  { version: "1.0.0", head: "20260101000001_things", flags: ["search"] },
  { version: "1.1.0", head: "20260102000001_note", flags: ["notes", "search"] },
  {
    version: "1.2.0",
    head: "20260103000001_index",
    behaviour: { broken: true },
    flags: ["fast-lists", "notes", "search"],
  },
  { version: "1.3.0", head: "20260104000002_drop_name", flags: ["notes", "search"] },
  { version: "1.4.0", head: "20260105000001_tags", flags: ["notes", "search"] },
];

/** What the releases' migrations leave as the schema's head. */
export const shopHeads: Readonly<Record<string, string>> = Object.fromEntries(
  shopReleases.map(({ version, head = "" }) => [version, head]),
);

/** A scratch project with the shop's releases. */
export function shopProject(releases: readonly ScratchRelease[] = shopReleases): Promise<ScratchProject> {
  return scratchProject(shopMigrations, releases);
}
