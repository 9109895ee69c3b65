import { expect, test } from "vitest";
import { fakeOperation } from "../testing/fake-operation.ts";
import { isSecret, type Properties, secret, UNKNOWN } from "../wire/property-value.ts";
import { commandResource } from "./command-resource.ts";
import type { CommandRun } from "./operation.ts";

/** A command resource whose runs are noted down instead of run. */
function recorded() {
  const runs: CommandRun[] = [];
  const resource = commandResource(
    async (run) => {
      runs.push(run);
      return { stdout: `ran ${run.command}`, stderr: "" };
    },
    { fields: {} },
  );
  const update = (before: Properties, after: Properties, state: Properties = {}, preview = false) =>
    resource.update(
      {
        state: { ...before, stdout: "before", stderr: "", ...state },
        oldInputs: before,
        inputs: after,
      },
      fakeOperation({ preview }),
    );
  return { resource, runs, update, commands: () => runs.map(({ command }) => command) };
}

const connection = (overrides: Properties = {}) =>
  secret({ host: "app", port: 22, user: "root", ...overrides });

test("create runs `create`, names the resource after itself and stores inputs and output", async () => {
  const { resource, runs } = recorded();
  const { id, state } = await resource.create({ create: "make", stdin: "in" }, fakeOperation());
  expect(id).toMatch(/^step[0-9a-f]{8}$/);
  expect(state).toEqual({ create: "make", stdin: "in", stdout: "ran make", stderr: "" });
  expect(runs[0]).toMatchObject({ command: "make", stdin: "in", previous: undefined });
});

test("without `create` nothing is run, and the output is empty", async () => {
  const { resource, commands } = recorded();
  const { state } = await resource.create({ delete: "undo" }, fakeOperation());
  expect(state).toEqual({ delete: "undo", stdout: "", stderr: "" });
  expect(commands()).toEqual([]);
});

test("a preview runs nothing and knows no output", async () => {
  const { resource, update, commands } = recorded();
  const inputs = { create: "make", assetPaths: ["*"] };
  const { state } = await resource.create(inputs, fakeOperation({ preview: true }));
  expect(state).toEqual({ ...inputs, stdout: UNKNOWN, stderr: UNKNOWN, assets: UNKNOWN });
  expect(await update({ create: "a" }, { create: "b" }, {}, true)).toMatchObject({ stdout: UNKNOWN });
  expect(await update({ delete: "a" }, { delete: "b" }, {}, true)).toMatchObject({ stdout: "before" });
  expect(commands()).toEqual([]);
});

test("a changed environment, input, text or trigger runs `update`, and `create` where there is none", async () => {
  const { update, commands } = recorded();
  await update(
    { create: "make", update: "renew" },
    { create: "make", update: "renew", environment: { A: "1" } },
  );
  await update({ create: "make" }, { create: "make", stdin: "new" });
  await update({ create: "make" }, { create: "make again" });
  expect(commands()).toEqual(["renew", "make", "make again"]);
});

test("a change of only `delete`, `connection`, `logging` or `addPreviousOutputInEnv` is recorded without a run", async () => {
  const { update, commands } = recorded();
  const before = { create: "make", connection: connection({ password: "old" }) };
  const after = {
    create: "make",
    connection: connection({ password: "new", dialErrorLimit: 3 }),
    delete: "undo",
    logging: "none",
    addPreviousOutputInEnv: false,
  };
  expect(await update(before, after)).toEqual({ ...after, stdout: "before", stderr: "" });
  expect(commands()).toEqual([]);
});

test("a value that becomes a secret is stored as one, and so is the output, without a run", async () => {
  const { update, commands } = recorded();
  const after = { create: "make", environment: { TOKEN: secret("t") } };
  const state = await update({ create: "make", environment: { TOKEN: "t" } }, after);
  expect(state).toEqual({ ...after, stdout: secret("before"), stderr: secret("") });
  expect(commands()).toEqual([]);
});

test("a connection to another host or port is another machine, where the command has to run", async () => {
  const { update, commands } = recorded();
  const before = { create: "make", connection: connection() };
  await update(before, { create: "make", connection: connection({ host: "other" }) });
  await update(before, { create: "make", connection: connection({ port: 2222 }) });
  expect(commands()).toEqual(["make", "make"]);
});

test("update and delete are given the last output, unless the inputs forbid it", async () => {
  const { resource, update, runs } = recorded();
  await update({ create: "a" }, { create: "b" });
  await update({ create: "a" }, { create: "b", addPreviousOutputInEnv: false });
  await resource.delete({ delete: "undo", stdout: secret("before"), stderr: "e" }, fakeOperation());
  expect(runs.map(({ previous }) => previous)).toEqual([
    { stdout: "before", stderr: "" },
    undefined,
    { stdout: "before", stderr: "e" },
  ]);
});

test("delete runs `delete` as the state has it, and nothing where there is none", async () => {
  const { resource, runs } = recorded();
  const state = {
    create: "make",
    delete: "undo",
    environment: { A: secret("1") },
    stdin: "in",
    stdout: "",
    stderr: "",
  };
  await resource.delete(state, fakeOperation());
  await resource.delete({ create: "make", stdout: "", stderr: "" }, fakeOperation());
  expect(runs).toHaveLength(1);
  expect(runs[0]).toMatchObject({ command: "undo", environment: { A: "1" }, stdin: "in", secretive: true });
});

test("files that a run handed over stay until a run hands over others", async () => {
  const { update } = recorded();
  const assets = { "a.txt": {} };
  expect(await update({ create: "a" }, { create: "b" }, { assets })).toMatchObject({ assets });
});

test.each([
  ["create", { create: secret("make") }],
  ["environment", { create: "make", environment: { TOKEN: secret("t") } }],
  ["stdin", { create: "make", stdin: secret("t") }],
  ["interpreter", { create: "make", interpreter: ["sh", secret("-c")] }],
])("output is secret when %s is, and the run knows it", async (_name, inputs) => {
  const { resource, runs } = recorded();
  const { state } = await resource.create(inputs, fakeOperation());
  expect([isSecret(state.stdout), isSecret(state.stderr)]).toEqual([true, true]);
  expect(runs[0]!.secretive).toBe(true);
});

test("a secret connection, `delete` or trigger does not make the output secret", async () => {
  const { resource, runs } = recorded();
  const inputs = { create: "make", connection: connection(), delete: secret("undo"), triggers: [secret(1)] };
  const { state } = await resource.create(inputs, fakeOperation());
  expect(state).toMatchObject({ stdout: "ran make", stderr: "" });
  expect(runs[0]!.secretive).toBe(false);
});

test("output that the state holds as a secret is not shown by later runs", async () => {
  const { update, runs } = recorded();
  await update({ create: "a" }, { create: "b" }, { stdout: secret("before") });
  expect(runs[0]!.secretive).toBe(true);
});
