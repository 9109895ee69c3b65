import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { type ScratchProject, shopProject } from "@slipway/cli/testing";
import { startLoad } from "@slipway/targets/testing";
import { compileCacheFolder } from "@slipway/toolchain";
import { type BenchRow, benchRow, inTurn, timed } from "../table.ts";

const run = promisify(execFile);
const repository = fileURLToPath(new URL("../../../..", import.meta.url));
const RUNS = 5;
/** Resources of the scratch product's stack: release, schema, one service, smoke, traffic, settle. */
const RESOURCES = 6;

/**
 * `pulumi up` with nothing to do beside a bare program with as many resources, and the way back (pin
 * reverted, old release serving, rollback SQL run, under load) beside a bare `pulumi up` that updates them.
 */
export async function benchRuns(): Promise<BenchRow[]> {
  const project = await shopProject();
  const bare = bareProgram();
  try {
    const made = await project.slipway(["up", "--yes"]);
    if (made.code !== 0) throw new Error(`slipway up failed: ${made.stderr}`);
    await bare.up(0);
    const noop = await inTurn(
      RUNS,
      () => timed(() => up(project, "1.0.0")),
      () => timed(() => bare.up(0)),
    );
    let pins = 0;
    const back = await inTurn(
      RUNS,
      async () => {
        await up(project, "1.1.0");
        return await timedBack(project);
      },
      () => timed(() => bare.up(++pins)),
    );
    return [
      benchRow("pulumi up, nothing to do", noop.ours, { name: "bare program", samples: noop.peer }, 1.25),
      benchRow(
        "pin reverted to the old release serving",
        back.ours,
        { name: "bare pulumi up", samples: back.peer },
        3,
      ),
    ];
  } finally {
    await project.remove();
    bare.remove();
  }
}

async function up(project: ScratchProject, pin: string): Promise<void> {
  project.pin(pin);
  const { code, stdout, stderr } = await project.pulumi(["up", "--stack", "dev", "--yes", "--skip-preview"]);
  if (code !== 0) throw new Error(`pulumi up failed: ${stdout}${stderr}`);
}

async function timedBack(project: ScratchProject): Promise<number> {
  const load = startLoad({ url: project.url, requests: [{ path: "/products" }], ratePerSecond: 50 });
  const ms = await timed(() => up(project, "1.0.0"));
  const { sent, dropped, reasons } = await load.stop();
  if (sent === 0 || dropped > 0)
    throw new Error(`${dropped} of ${sent} requests were dropped: ${JSON.stringify(reasons)}`);
  return ms;
}

/** A program of plain resources, served by a provider that does nothing. */
function bareProgram() {
  const root = mkdtempSync(join(tmpdir(), "slipway-bare-"));
  const write = (file: string, text: string, mode = 0o644) => {
    mkdirSync(join(root, file, ".."), { recursive: true });
    writeFileSync(join(root, file), text, { mode });
  };
  symlinkSync(join(repository, "node_modules"), join(root, "node_modules"));
  write("package.json", '{ "type": "module" }');
  write(
    "Pulumi.yaml",
    "name: bare\nruntime:\n  name: nodejs\n  options:\n    typescript: false\nmain: index.ts\nbackend:\n  url: file://.\nplugins:\n  providers:\n    - name: bare\n      path: ./plugin\n",
  );
  write("plugin/pulumi-resource-bare", '#!/usr/bin/env node\nimport("./provider.mjs");\n', 0o755);
  write(
    "plugin/provider.mjs",
    `import * as provider from "@pulumi/pulumi/provider/index.js";
class Bare {
  version = "1.0.0";
  async check(_urn, _olds, news) { return { inputs: news, failures: [] }; }
  async diff(_id, _urn, olds, news) { return { changes: olds.pin !== news.pin, replaces: [] }; }
  async create(_urn, inputs) { return { id: "x", outs: inputs }; }
  async update(_id, _urn, _olds, news) { return { outs: news }; }
}
provider.main(new Bare(), process.argv.slice(2));
`,
  );
  write(
    "index.ts",
    `import * as pulumi from "@pulumi/pulumi";
const pin = new pulumi.Config().requireNumber("pin");
class Bare extends pulumi.CustomResource {
  constructor(name: string, dependsOn: pulumi.Resource[]) { super("bare:index:Bare", name, { pin }, { dependsOn }); }
}
let last: pulumi.Resource[] = [];
for (let n = 0; n < ${RESOURCES}; n++) last = [new Bare(\`r\${n}\`, last)];
`,
  );
  const env = {
    ...process.env,
    // As ours has it: the ratio is about resources.
    NODE_COMPILE_CACHE: compileCacheFolder(process.env),
    PULUMI_CONFIG_PASSPHRASE: "",
    PULUMI_SKIP_UPDATE_CHECK: "true",
    PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
  };
  let made = false;
  return {
    async up(pin: number): Promise<void> {
      if (!made) await run("pulumi", ["stack", "select", "--create", "dev"], { cwd: root, env });
      made = true;
      writeFileSync(join(root, "Pulumi.dev.yaml"), `config:\n  bare:pin: ${pin}\n`);
      await run("pulumi", ["up", "--stack", "dev", "--yes", "--skip-preview"], { cwd: root, env });
    },
    remove: () => rmSync(root, { recursive: true, force: true }),
  };
}
