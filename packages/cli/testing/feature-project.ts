/** The project on which the page about migrations shows each row of its feature table: all of its files in one place. */
import { environmentOf } from "./environment-of.ts";
import { type ScratchMigration, type ScratchProject, scratchProject } from "./scratch-project.ts";

const migrations: ScratchMigration[] = [
  {
    id: "20260101000001_notes",
    up: `create role member nologin;
create table notes (id bigint generated always as identity primary key, owner text not null, text text);
alter table notes enable row level security;
grant select on notes to member;
create policy own on notes for select to member
  using (owner = current_setting('request.jwt.claims', true)::json ->> 'sub');
`,
    down: "drop table notes;\ndrop role member;\n",
  },
  {
    id: "20260102000001_tag",
    up: "alter table notes add column tag text;\n",
    down: "alter table notes drop column tag;\n",
  },
  {
    id: "20260102000002_search",
    up: "create index concurrently notes_text on notes (text);\n",
    down: "drop index concurrently notes_text;\n",
  },
  // Only where a release is applied: proofs have no ledger.
  {
    id: "20260103000001_slow",
    up: "select pg_sleep(60) where to_regnamespace('slipway') is not null;\n",
    down: "select 1;\n",
  },
];

const files = {
  "migrations/invariants/notes_have_text.sql": "select id from notes where text = '';\n",
  "migrations/tests/own.sql": `insert into notes (owner, text) values ('ana', 'a'), ('ben', 'b');
-- rls: test a member sees the own notes
-- rls: as member {"sub": "ana"}
-- rls: sees 1 row
select * from notes;
`,
  "drafts/20260105000001_drop.sql": "drop table notes;\n",
};

/** Makes it and cuts its releases: 1.0.0 with notes, 1.1.0 with tags and a search, 1.2.0 with what is too slow. */
export async function featureProject(): Promise<ScratchProject> {
  const project = await scratchProject(migrations, [{ version: "1.0.0", head: "20260101000001_notes" }]);
  for (const [file, text] of Object.entries(files)) project.write(file, text);
  project.configure("slipway:statementTimeoutSeconds: 3");
  await project.cut({ version: "1.1.0", head: "20260102000002_search" });
  await project.cut({ version: "1.2.0" });
  return project;
}

/** What somebody does by hand, or merges, before a line of the table. */
export const byHand: Readonly<Record<string, (project: ScratchProject) => Promise<void>>> = {
  "an empty note is written": (project) => sql(project, "insert into notes (owner, text) values ('ben', '')"),
  "the empty note is removed": (project) => sql(project, "delete from notes"),
  "an index is made by hand": (project) => sql(project, "create index by_hand on notes (owner)"),
  "the index is dropped, a note gets a tag": (project) =>
    sql(project, "drop index by_hand; insert into notes (owner, text, tag) values ('ana', 'a', 'red')"),
  "the stack allows the loss": async (project) => {
    project.configure("slipway:allowDataLoss: [20260102000001_tag]");
  },
  "an older branch is merged": async (project) => {
    const id = "20260101500000_owner_index";
    project.write(`migrations/${id}.sql`, "create index notes_owner on notes (owner);\n");
    project.write(`migrations/rollbacks/${id}.sql`, "drop index notes_owner;\n");
    project.commit();
  },
};

async function sql(project: ScratchProject, text: string): Promise<void> {
  const environment = environmentOf(project);
  try {
    await (await environment.database())?.script(text);
  } finally {
    await environment.close();
  }
}
