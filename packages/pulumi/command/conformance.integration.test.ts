// One file on purpose: this is the contract of `@pulumi/command` 1.2.1, for this plugin and for any other that
// SLIPWAY_COMMAND_PLUGIN names (a folder with pulumi-resource-command). Every `pulumi up` costs more than a
// second, so each program holds many resources, and the tests below it look at one of them each.
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { requireDebian } from "@slipway/toolchain/testing";
import { afterAll, beforeAll, describe, expect, type TestContext, test } from "vitest";
import { type PulumiProject, type PulumiRun, pulumiProject } from "./testing/pulumi-project.ts";
import { type ScratchSshd, scratchSshd } from "./testing/scratch-sshd.ts";
import { isSecret } from "./wire/property-value.ts";

const ours = resolve(fileURLToPath(new URL(".", import.meta.url)));
const plugin = resolve(process.env.SLIPWAY_COMMAND_PLUGIN || ours);
const isOurs = plugin === ours;

/** Marks a test of what README.md lists as a difference: another plugin need not pass it. */
function difference({ skip }: TestContext): void {
  if (isOurs) return;
  console.log(`skipped, a documented difference of ${ours}: SLIPWAY_COMMAND_PLUGIN is ${plugin}`);
  skip("a documented difference");
}

const UP = ["up", "--yes", "--skip-preview"] as const;
const succeeded = (run: PulumiRun) => expect(run.status, run.output).toBe(0);

describe("commands on this machine", () => {
  let project: PulumiProject;
  const lines = (name: string) => {
    const file = join(project.folder, name);
    return existsSync(file) ? readFileSync(file, "utf8").trim().split("\n") : [];
  };
  const outputs = (name: string) => project.resource(name)?.outputs ?? {};

  beforeAll(async () => {
    project = await pulumiProject(plugin, { PASSED_ON: "by the CLI" });
    mkdirSync(join(project.folder, "sub"));
    writeFileSync(join(project.folder, "given.txt"), "given");
  });
  afterAll(() => project.remove());

  const first = `
    new local.Command("plain", { create: "echo out; echo err >&2", delete: "echo deleted >> plain.log" });
    new local.Command("nothing", { update: "echo never", delete: "true" });
    new local.Command("breaks", { create: "printf 'a\\\\n\\\\n'" });
    new local.Command("environment", { create: "echo $A $PASSED_ON; echo run >> environment.log", environment: { A: "1" } });
    new local.Command("stdin", { create: "cat; echo run >> stdin.log", stdin: "one\\ntwo" });
    new local.Command("dir", { create: "pwd", dir: "sub" });
    new local.Command("interpreter", { create: "process.stdout.write('node ' + (1 + 1))", interpreter: [${JSON.stringify(process.execPath)}, "-e"] });
    new local.Command("lifecycle", {
      create: "echo created >> lifecycle.log; echo first",
      update: "echo updated after $PULUMI_COMMAND_STDOUT >> lifecycle.log; echo second",
      delete: "echo deleted after $PULUMI_COMMAND_STDOUT with $A >> lifecycle.log",
      environment: { A: "1" },
    });
    new local.Command("trigger", {
      create: "echo created >> trigger.log", update: "echo updated >> trigger.log", delete: "echo deleted >> trigger.log", triggers: ["1"],
    });
    new local.Command("silent", { create: "echo [$PULUMI_COMMAND_STDOUT]", environment: { A: "1" }, addPreviousOutputInEnv: false });
    new local.Command("secretive", { create: "echo $TOKEN", environment: { TOKEN: pulumi.secret("hunter22") } });
    new local.Command("quiet", { create: "echo not for the log", logging: "none" });
    new local.Command("loud", { create: "echo shown out; echo shown err >&2", logging: "stderr" });
    new local.Command("secretState", { create: "echo made secret" }, { additionalSecretOutputs: ["stdout"] });
    new local.Command("passphrase", { create: "printenv PULUMI_CONFIG_PASSPHRASE || echo none" });
    new local.Command("recorded", { create: "echo run >> recorded.log", delete: "echo old" });
    const files = new local.Command("files", {
      create: "echo one > sub/one.txt; echo two > sub/two.txt; echo no > sub/secret.txt",
      assetPaths: ["sub/*.txt", "!**secret.txt"], archivePaths: ["sub/**"],
    });
    const { FileAsset, AssetArchive } = pulumi.asset;
    const same = files.stdout.apply(() => new AssetArchive(Object.fromEntries(["one", "two", "secret"].map((name) =>
      ["sub/" + name + ".txt", new FileAsset("sub/" + name + ".txt")]))));
    new local.Command("consumer", { create: "echo consumed", triggers: [files.archive, same] });
    export const ran = local.runOutput({ command: "echo $A; cat; echo ran >> run.log", environment: { A: "run" }, stdin: "in" });
    export const listed = local.runOutput({ command: "true", assetPaths: ["given.*"] }).assets;
    ${isOurs ? `new local.Command("long", { create: "head -c 140000 /dev/zero | tr '\\\\0' x", environment: { A: "1" } });` : ""}
  `;

  describe("a preview", () => {
    test("runs no resource's command, knows no output, and runs functions", async () => {
      project.program(`${first}
        export const preview = new local.Command("previewed", { create: "touch previewed" }).stdout;`);
      const run = await project.run("preview");
      succeeded(run);
      expect(run.output).toMatch(/preview *: \[unknown\]/);
      expect(existsSync(join(project.folder, "previewed"))).toBe(false);
      expect(lines("environment.log")).toEqual([]);
      expect(lines("run.log")).toEqual(["ran"]);
    });
  });

  describe("created", () => {
    let run: PulumiRun;
    beforeAll(async () => {
      project.program(first);
      run = await project.run(...UP);
      succeeded(run);
    });

    test("the state holds the inputs and what the command wrote", () => {
      const { id, inputs, outputs } = project.resource("plain")!;
      const given = { create: "echo out; echo err >&2", delete: "echo deleted >> plain.log" };
      expect(id).toMatch(/^plain[0-9a-f]{8}$/);
      expect(inputs).toEqual(given);
      expect(outputs).toEqual({ ...given, stdout: "out", stderr: "err" });
    });

    test("without `create` nothing is run", () => {
      expect(outputs("nothing")).toEqual({ update: "echo never", delete: "true", stdout: "", stderr: "" });
    });

    test("of the output one line break at the end is left out", () => {
      expect(outputs("breaks").stdout).toBe("a\n");
    });

    test("variables, input, folder and interpreter reach the command", () => {
      expect(outputs("environment").stdout).toBe("1 by the CLI");
      expect(outputs("stdin").stdout).toBe("one\ntwo");
      expect(outputs("dir").stdout).toMatch(/\/sub$/);
      expect(outputs("interpreter").stdout).toBe("node 2");
    });

    test("secret variables are stored as secrets", () => {
      expect(isSecret((outputs("secretive").environment as Record<string, unknown>).TOKEN)).toBe(true);
      expect(isSecret(outputs("secretState").stdout)).toBe(true);
      expect(isSecret(outputs("plain").stdout)).toBe(false);
    });

    test("(difference) output of a command that is given secrets is stored as a secret and never shown", (context) => {
      difference(context);
      expect(isSecret(outputs("secretive").stdout)).toBe(true);
      expect(run.output).not.toContain("hunter22");
    });

    test("`logging` says which streams are shown", () => {
      expect(run.output).toContain("shown err");
      expect(run.output).not.toContain("shown out");
      expect(run.output).not.toContain("not for the log");
      expect(outputs("quiet").stdout).toBe("not for the log");
    });

    test("(difference) children do not see the stack's passphrase", (context) => {
      difference(context);
      expect(outputs("passphrase").stdout).toBe("none");
    });

    test("(difference) a line of more than 64 KiB does not hang", (context) => {
      difference(context);
      expect(outputs("long").stdout).toHaveLength(140_000);
    });

    test("files are handed over as assets and as an archive, with the hashes that Pulumi gives them", () => {
      const { assets, archive } = outputs("files") as Record<string, Record<string, Record<string, unknown>>>;
      expect(Object.keys(assets!).sort()).toEqual(["sub/one.txt", "sub/two.txt"]);
      expect(assets!["sub/one.txt"]).toMatchObject({
        path: join(project.folder, "sub/one.txt"),
        hash: "2c8b08da5ce60398e1f19af0e5dccc744df274b826abe585eaba68c525434806",
      });
      expect(Object.keys(archive!.assets!).sort()).toEqual(["sub/one.txt", "sub/secret.txt", "sub/two.txt"]);
      const [handedOver, byPulumi] = outputs("consumer").triggers as { hash: string }[];
      expect(byPulumi!.hash).toMatch(/^[0-9a-f]{64}$/);
      expect(handedOver!.hash).toBe(byPulumi!.hash);
      expect(archive!.hash).toBe(byPulumi!.hash);
    });

    test("a function gives back its inputs and what the command wrote", async () => {
      const { ran, listed } = await project.outputs();
      expect(ran).toEqual({
        command: "echo $A; cat; echo ran >> run.log",
        environment: { A: "run" },
        stdin: "in",
        stdout: "run\nin",
        stderr: "",
      });
      expect(Object.keys(listed as object)).toEqual(["given.txt"]);
    });

    test("nothing changed: nothing is run, by `up` or by `refresh`", async () => {
      const before = outputs("lifecycle");
      const again = await project.run(...UP, ...(isOurs ? ["--refresh"] : []));
      succeeded(again);
      expect(again.output).toMatch(/\d+ unchanged/);
      expect(again.output).not.toMatch(/(created|updated|replaced|deleted)$/m);
      expect(outputs("lifecycle")).toEqual(before);
      expect(lines("lifecycle.log")).toEqual(["created"]);
    });

    test("(difference) files survive a refresh", (context) => {
      difference(context);
      const { assets, archive } = outputs("files") as Record<string, Record<string, Record<string, unknown>>>;
      expect(assets!["sub/one.txt"]!.path).toBe(join(project.folder, "sub/one.txt"));
      expect(Object.keys(archive!.assets!)).toHaveLength(3);
    });
  });

  describe("changed", () => {
    beforeAll(async () => {
      const second = first
        .replace('create: "echo out; echo err >&2", delete:', 'create: "echo changed", delete:')
        .replace(
          'echo $A $PASSED_ON; echo run >> environment.log", environment: { A: "1" }',
          'echo $A $PASSED_ON; echo run >> environment.log", environment: { A: "2" }',
        )
        .replace('stdin: "one\\ntwo"', 'stdin: "three"')
        .replace(
          'with $A >> lifecycle.log",\n      environment: { A: "1" }',
          'with $A >> lifecycle.log",\n      environment: { A: "2" }',
        )
        .replace('triggers: ["1"]', 'triggers: ["2"]')
        .replace(
          'environment: { A: "1" }, addPreviousOutputInEnv',
          'environment: { A: "2" }, addPreviousOutputInEnv',
        )
        .replace('delete: "echo old"', 'delete: "echo new", logging: "stdout", addPreviousOutputInEnv: true')
        .replace('tr \'\\\\0\' x", environment: { A: "1" }', 'tr \'\\\\0\' x", environment: { A: "2" }');
      project.program(second);
      const run = await project.run(...UP);
      succeeded(run);
      if (isOurs) expect(run.output).toContain("PULUMI_COMMAND_STDOUT is not set");
    });

    test("a changed text runs `create` again where there is no `update`", () => {
      expect(outputs("plain").stdout).toBe("changed");
    });

    test("a changed variable or input runs the command again", () => {
      expect(outputs("environment").stdout).toBe("2 by the CLI");
      expect(lines("environment.log")).toHaveLength(2);
      expect(outputs("stdin").stdout).toBe("three");
    });

    test("`update` runs with the output of the last run, unless that is not wanted", () => {
      expect(lines("lifecycle.log")).toEqual(["created", "updated after first"]);
      expect(outputs("lifecycle").stdout).toBe("second");
      expect(outputs("silent").stdout).toBe("[]");
    });

    test("a changed trigger replaces: the new one is created, then the old one deleted", () => {
      expect(lines("trigger.log")).toEqual(["created", "created", "deleted"]);
    });

    test("(difference) a change of `delete`, `logging` or `addPreviousOutputInEnv` runs nothing", (context) => {
      difference(context);
      expect(outputs("recorded")).toMatchObject({ delete: "echo new", logging: "stdout" });
      expect(lines("recorded.log")).toHaveLength(1);
    });

    test("(difference) more than 128 KiB of output do not stop the next run", (context) => {
      difference(context);
      expect(outputs("long")).toMatchObject({ environment: { A: "2" } });
    });
  });

  describe("failing", () => {
    let run: PulumiRun;
    beforeAll(async () => {
      const { folder } = project;
      project.program(`
        new local.Command("lifecycle", {
          create: "echo created >> lifecycle.log; echo first",
          update: "echo half >> lifecycle.log; exit 4",
          delete: "echo deleted after $PULUMI_COMMAND_STDOUT with $A >> lifecycle.log",
          environment: { A: "3" },
        });
        new local.Command("fails", { create: "echo on the way; exit 3" });
        new local.Command("noFolder", { create: "true", dir: "no/such/folder" });
        ${
          isOurs
            ? `new local.Command("secretFails", { create: "echo $TOKEN is wrong; exit 5", environment: { TOKEN: pulumi.secret("hunter22") } });
        new local.Command("slow", { create: "echo begun; sleep 361 & wait; echo late > ${folder}/late" }, { customTimeouts: { create: "1s" } });`
            : ""
        }
      `);
      run = await project.run("up", "--yes", "--skip-preview", "--continue-on-error");
      expect(run.status).not.toBe(0);
    });

    test("the error says how the command ended, quotes it and its output", () => {
      expect(run.output).toContain('exit status 3: running "echo on the way; exit 3":');
      expect(run.output).toMatch(/^ +on the way$/m);
      expect(project.resource("fails")).toBeUndefined();
      expect(project.resource("noFolder")).toBeUndefined();
    });

    test("a failed update leaves the state as it was", () => {
      expect(outputs("lifecycle")).toMatchObject({ environment: { A: "2" }, stdout: "second" });
    });

    test("(difference) the error of a command that is given secrets holds neither its text nor its output", (context) => {
      difference(context);
      expect(run.output).toContain("exit status 5: running a command that is given secrets");
      expect(run.output).not.toMatch(/hunter22|is wrong/);
    });

    test("(difference) a timeout ends the command and all that it started", async (context) => {
      difference(context);
      expect(run.output).toContain("timed out after 1 s: running");
      await until(() => processes("sleep 361").length === 0);
    });
  });

  describe("deleted", () => {
    test("`delete` runs from the state, with its variables and the last output", async () => {
      succeeded(await project.run("destroy", "--yes", "--skip-preview"));
      expect(lines("plain.log")).toEqual(["deleted"]);
      expect(lines("lifecycle.log").at(-1)).toBe("deleted after second with 2");
      expect(lines("trigger.log")).toEqual(["created", "created", "deleted", "deleted"]);
    });
  });
});

const noSshd = await requireDebian(["openssh-server"]);
if (noSshd) console.log(`skipped, commands on another machine: ${noSshd}`);

describe.skipIf(noSshd !== null)("commands on another machine", () => {
  let project: PulumiProject;
  let sshd: ScratchSshd;
  let remote = "";
  const outputs = (name: string) => project.resource(name)?.outputs ?? {};
  const on = (name: string) => join(remote, name);
  const read = (name: string) => readFileSync(on(name), "utf8");

  beforeAll(async () => {
    sshd = await scratchSshd();
    project = await pulumiProject(plugin);
    remote = join(project.folder, "machine");
    mkdirSync(join(project.folder, "site/deep"), { recursive: true });
    mkdirSync(remote);
    writeFileSync(join(project.folder, "site/index.html"), "index");
    writeFileSync(join(project.folder, "site/deep/large.bin"), "x".repeat(3_000_001));
  });
  afterAll(async () => {
    project.remove();
    await sshd.stop();
  });

  const connectionOf = () => {
    const { port, user, hostKey, privateKey } = sshd;
    return { host: "127.0.0.1", port, user, hostKey, privateKey };
  };
  const setUp = () => `
    const connection = ${JSON.stringify(connectionOf())};
    const encrypted = { privateKey: ${JSON.stringify(sshd.encryptedKey)}, privateKeyPassword: ${JSON.stringify(sshd.passphrase)} };
    const dir = ${JSON.stringify(remote)};
  `;
  const first = () => `${setUp()}
    new remote.Command("plain", { connection, create: "echo out; echo err >&2", delete: "echo deleted >> " + dir + "/plain.log" });
    new remote.Command("offered", {
      connection, create: "echo $OFFERED_A; cat", environment: { OFFERED_A: "it's \\"a\\" $HOME \`id\`" }, stdin: "one 'two'\\nthree",
    });
    new remote.Command("lifecycle", {
      connection, create: "echo created >> " + dir + "/lifecycle.log; echo first", update: "echo updated >> " + dir + "/lifecycle.log; echo second",
      delete: "echo deleted >> " + dir + "/lifecycle.log", triggers: ["1"],
    });
    new remote.Command("recorded", { connection, create: "echo run >> " + dir + "/recorded.log" });
    new remote.Command("throughProxy", { connection: { ...connection, proxy: { ...connection, ...encrypted } }, create: "echo by proxy" });
    new remote.Command("encryptedKey", { connection: { ...connection, ...encrypted }, create: "echo decrypted" });
    new remote.CopyToRemote("text", { connection, source: new pulumi.asset.StringAsset("hello"), remotePath: dir + "/made/hello.txt" });
    new remote.CopyToRemote("file", { connection, source: new pulumi.asset.FileAsset("site/index.html"), remotePath: dir });
    new remote.CopyToRemote("folder", { connection, source: new pulumi.asset.FileArchive("site"), remotePath: dir });
    new remote.CopyToRemote("content", { connection, source: new pulumi.asset.FileArchive("site/"), remotePath: dir + "/content" });
    ${
      isOurs
        ? `new remote.Command("unoffered", { connection, create: "echo $ANY", environment: { ANY: pulumi.secret("any name, hunter22") } });
    new remote.Command("long", { connection, create: "head -c 140000 /dev/zero | tr '\\\\0' x" });`
        : ""
    }
  `;

  describe("created", () => {
    let run: PulumiRun;
    beforeAll(async () => {
      project.program(first());
      run = await project.run(...UP);
      succeeded(run);
    });

    test("the state holds the inputs, the connection as a secret, and what the command wrote", () => {
      const { id, outputs } = project.resource("plain")!;
      expect(id).toMatch(/^plain[0-9a-f]{8}$/);
      expect(outputs).toMatchObject({ create: "echo out; echo err >&2", stdout: "out", stderr: "err" });
      expect(isSecret(outputs.connection)).toBe(true);
      expect(Object.keys(outputs).sort()).toEqual(["connection", "create", "delete", "stderr", "stdout"]);
    });

    test("variables that the machine offers to take, and input, reach the command unharmed", () => {
      expect(outputs("offered").stdout).toBe("it's \"a\" $HOME `id`\none 'two'\nthree");
    });

    test("(difference) so do variables that it does not offer to take", async (context) => {
      difference(context);
      expect(isSecret(outputs("unoffered").stdout)).toBe(true);
      expect(run.output).not.toContain("hunter22");
      expect(outputs("long").stdout).toHaveLength(140_000);
    });

    test("a proxy with a key of its own, and an encrypted key, lead to the machine", () => {
      expect(outputs("throughProxy").stdout).toBe("by proxy");
      expect(outputs("encryptedKey").stdout).toBe("decrypted");
    });

    test("texts, files and folders are copied", () => {
      expect(project.resource("text")?.id).toMatch(/^[0-9a-f]{8}$/);
      expect(isSecret(outputs("text").connection)).toBe(true);
      expect(read("made/hello.txt")).toBe("hello");
      expect(read("index.html")).toBe("index");
      expect(read("site/index.html")).toBe("index");
      expect(read("site/deep/large.bin")).toHaveLength(3_000_001);
      expect(read("content/index.html")).toBe("index");
      expect(existsSync(on("content/site"))).toBe(false);
    });

    test("no key is left behind in a file", () => {
      const folders = readdirSync(tmpdir()).filter((name) => name.startsWith("command-"));
      expect(folders.filter((name) => existsSync(join(tmpdir(), name, "file")))).toEqual([]);
    });
  });

  describe("changed", () => {
    beforeAll(async () => {
      project.program(
        first()
          .replace('create: "echo out;', 'create: "echo [$PULUMI_COMMAND_STDOUT];')
          .replace('triggers: ["1"]', 'triggers: ["2"]')
          .replace(
            '"recorded", { connection,',
            '"recorded", { connection: { ...connection, dialErrorLimit: 3 },',
          )
          .replace('StringAsset("hello")', 'StringAsset("changed")'),
      );
      writeFileSync(on("index.html"), "touched");
      succeeded(await project.run(...UP));
    });

    test("(difference) the command runs again with the last output, which the machine does not offer to take", (context) => {
      difference(context);
      expect(outputs("plain").stdout).toBe("[out]");
    });

    test("a changed trigger replaces: the new one is created, then the old one deleted", () => {
      expect(read("lifecycle.log")).toBe("created\ncreated\ndeleted\n");
    });

    test("(difference) a change of the connection to the same machine runs nothing", (context) => {
      difference(context);
      expect(read("recorded.log")).toBe("run\n");
    });

    test("what changed is copied again, and nothing else", () => {
      expect(read("made/hello.txt")).toBe("changed");
      expect(read("index.html")).toBe("touched");
    });
  });

  describe("failing", () => {
    let run: PulumiRun;
    beforeAll(async () => {
      project.program(`${first()}
        new remote.Command("fails", { connection, create: "echo on the way; exit 3" });
        new remote.Command("otherHostKey", { connection: { ...connection, hostKey: ${JSON.stringify(sshd.otherKey)} }, create: "echo reached > " + dir + "/reached" });
        new remote.Command("refused", { connection: { ...connection, port: 1, dialErrorLimit: 1 }, create: "true" });
        ${isOurs ? `new remote.Command("slow", { connection, create: "echo begun; sleep 362 & wait; echo late" }, { customTimeouts: { create: "6s" } });` : ""}
      `);
      run = await project.run("up", "--yes", "--skip-preview", "--continue-on-error");
      expect(run.status).not.toBe(0);
    });

    test("the error says how the command ended, quotes it and its output", () => {
      expect(run.output).toContain('Process exited with status 3: running "echo on the way; exit 3":');
      expect(run.output).toMatch(/^ +on the way$/m);
    });

    test("a machine with another host key is not trusted", () => {
      expect(existsSync(on("reached"))).toBe(false);
      expect(project.resource("otherHostKey")).toBeUndefined();
    });

    test("a machine that does not answer is tried again, as often as `dialErrorLimit` says", () => {
      expect(run.output).toContain("Dial 1/1 failed: retrying");
      expect(project.resource("refused")).toBeUndefined();
    });

    test("(difference) a timeout ends the command on the other machine", async (context) => {
      difference(context);
      expect(run.output).toContain("timed out after 6 s: running");
      await until(() => processes("sleep 362").length === 0);
    });
  });

  describe("ended from outside", () => {
    const program = () => `${setUp()}
      for (const [kind, command] of [["local", "sleep 363"], ["remote", "sleep 364"]]) {
        const create = "trap 'echo asked >> " + dir + "/" + kind + ".asked; exit 1' TERM; echo begun " + kind + "; sh -c '" + command + "; true' & wait";
        if (kind === "local") new local.Command(kind, { create });
        else new remote.Command(kind, { connection, create });
      }
    `;
    const left = () => processes("sleep 36[34]");

    test.for(["SIGINT", "SIGKILL"] as const)(
      "(difference) Pulumi ends by %s: so do the commands, here and there",
      async (signal, context) => {
        difference(context);
        execFileSync("rm", ["-f", on("local.asked"), on("remote.asked")]);
        project.program(program());
        const { child, output, ended } = project.start(...UP);
        await until(() => output().includes("begun local") && output().includes("begun remote"));
        await until(() => left().length === 4);
        child.kill(signal);
        await ended;
        await until(() => left().length === 0);
        await until(() => existsSync(on("local.asked")) && existsSync(on("remote.asked")));
        if (signal === "SIGKILL") await project.run("cancel", "--yes");
      },
    );
  });

  describe("deleted", () => {
    test("`delete` runs from the state; copies stay", async () => {
      project.program(first());
      succeeded(await project.run(...UP));
      succeeded(await project.run("destroy", "--yes", "--skip-preview"));
      expect(read("plain.log")).toContain("deleted");
      expect(read("lifecycle.log")).toMatch(/deleted\n$/);
      expect(read("content/index.html")).toBe("index");
    });
  });
});

/** Command lines of processes that match, without those that have ended and wait to be collected. */
function processes(pattern: string): string[] {
  const list = execFileSync("ps", ["-eo", "stat,args"], { encoding: "utf8" }).split("\n");
  return list.filter(
    (line) => new RegExp(`${pattern}(;|$)`).test(line) && !line.startsWith("Z") && !/trap/.test(line),
  );
}

async function until(condition: () => boolean, ms = 60_000): Promise<void> {
  const deadline = Date.now() + ms;
  while (!condition()) {
    if (Date.now() > deadline) throw new Error(`Waited ${ms} ms in vain for ${condition}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
