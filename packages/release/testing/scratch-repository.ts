import { execFileSync } from "node:child_process";
import { cpSync, existsSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { extract } from "tar";
import { artifactStore } from "../src/artifact/artifact-store.ts";
import { listManifests } from "../src/manifest/manifest.ts";
import { scratchFolder, writeFiles } from "./scratch-folder.ts";

/** A product in a git repository of its own, for one test. */
export interface ScratchRepository {
  readonly root: string;
  /** Writes files without committing them. */
  write(files: Readonly<Record<string, string>>): void;
  remove(file: string): void;
  /** Commits everything and gives the commit. */
  commit(): string;
  git(...args: string[]): string;
}

const product = `name: shop
services:
  api:
    build: [node, build.mjs, api, "{version}", "{output}"]
    command: [node, server.mjs]
    env: [DATABASE_URL]
  storefront:
    build: [node, build.mjs, storefront, "{version}", "{output}"]
    command: [node, server.mjs]
    path: /shop
migrations: ../migrations
`;

// Copies src/<service> and does what src/<service>/build.json says.
const build = `import { appendFileSync, cpSync, existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
const [service, version, output] = process.argv.slice(2);
const file = \`src/\${service}/build.json\`;
const { fail, write, forVersion, sleepMs } = existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : {};
console.log(\`building \${service} \${version} with \${Object.keys(process.env).sort().join(" ")}\`);
if (sleepMs) await new Promise((resolve) => setTimeout(resolve, sleepMs));
if (fail) { console.error("cannot find module ./missing.ts"); process.exit(3); }
if (write) appendFileSync(write, "written by the build");
cpSync(\`src/\${service}\`, output, { recursive: true });
rmSync(\`\${output}/build.json\`, { force: true });
if (forVersion) writeFileSync(\`\${output}/version.txt\`, version);
`;

/** Makes a repository with two services and one migration, committed. */
export function scratchRepository(files: Readonly<Record<string, string>> = {}): ScratchRepository {
  const root = scratchFolder();
  const git = (...args: string[]) =>
    execFileSync("git", ["-c", "user.name=test", "-c", "user.email=test@localhost", ...args], {
      cwd: root,
      encoding: "utf8",
      env: { ...process.env, GIT_DIR: undefined, GIT_INDEX_FILE: undefined },
      stdio: ["ignore", "pipe", "pipe"],
    }).trim();
  const repository: ScratchRepository = {
    root,
    git,
    write: (more) => writeFiles(root, more),
    remove: (file) => rmSync(join(root, file), { recursive: true }),
    commit() {
      git("add", "-A");
      git("commit", "-q", "--allow-empty", "-m", "test");
      return git("rev-parse", "HEAD");
    },
  };
  git("init", "-q", "-b", "main");
  repository.write({
    ".gitignore": ".slipway/\ndist/\n",
    "stacks/product.yaml": product,
    "build.mjs": build,
    "src/api/server.mjs": "// api 1\n",
    "src/storefront/server.mjs": "// storefront 1\n",
    ...migrationFiles("20260101000000_products", "create table products (id int);", "drop table products;"),
    ...files,
  });
  repository.commit();
  return repository;
}

/** The two files of a migration. */
export function migrationFiles(id: string, up: string, down: string): Record<string, string> {
  return { [`migrations/${id}.sql`]: `${up}\n`, [`migrations/rollbacks/${id}.sql`]: `${down}\n` };
}

/** A second checkout of a repository as it is, without what git ignores. */
export function copyOf(repository: ScratchRepository): string {
  const root = scratchFolder();
  cpSync(repository.root, root, { recursive: true, filter: (file) => !file.endsWith(".slipway") });
  return root;
}

/** The versions that are cut, oldest first. */
export function cutVersions({ root }: ScratchRepository): string[] {
  return listManifests(join(root, "stacks/releases")).map(({ version }) => version);
}

/** The files of the repository's artifact store. */
export function storedFiles({ root }: ScratchRepository): string[] {
  const folder = join(root, ".slipway/artifacts");
  return existsSync(folder) ? readdirSync(folder) : [];
}

/** Unpacks an artifact of the repository's store and gives the folder. */
export async function unpacked({ root }: ScratchRepository, digest: string): Promise<string> {
  const folder = scratchFolder();
  await extract({ file: artifactStore(join(root, ".slipway/artifacts")).path(digest), cwd: folder });
  return folder;
}
