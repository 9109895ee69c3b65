import { type ScratchPostgres, scratchPostgres } from "@slipway/toolchain/testing";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { declared } from "../../testing/scratch-store.ts";
import { type ScratchSupabase, scratchSupabase } from "../../testing/scratch-supabase.ts";
import { until } from "../../testing/until.ts";
import type { FlagRevision } from "../document/flag-revision.ts";
import { parseFlagDocument } from "../document/parse-flag-document.ts";
import type { FlagSource } from "../source/flag-source.ts";
import { flagInstances, killFlag, setFlag } from "../store/index.ts";
import { type SupabaseSourceOptions, supabaseSource } from "./supabase-source.ts";

let postgres: ScratchPostgres;
let supabase: ScratchSupabase;
const sources: FlagSource[] = [];

beforeAll(async () => {
  process.env.LITE_TELEMETRY = "0";
  // Lite prints each refusal of the database; here they are wanted.
  vi.spyOn(console, "error").mockImplementation(() => undefined);
  postgres = await scratchPostgres();
  supabase = await scratchSupabase(postgres);
  await declared(supabase.db, "new-checkout");
});
beforeEach(() =>
  Object.assign(supabase.misbehave, { page: false, swallow: false, halfOpen: false, mute: false }),
);
afterEach(async () => {
  await Promise.all(sources.splice(0).map((source) => source.close()));
});
afterAll(async () => {
  await supabase.remove();
  postgres.remove();
});

function make(options: Partial<SupabaseSourceOptions> = {}): FlagSource {
  const source = supabaseSource({
    url: supabase.url,
    key: () => supabase.secretKey,
    backoffCapMs: 200,
    heartbeatMs: 300,
    ...options,
  });
  sources.push(source);
  return source;
}

/** A source whose hints are collected, once it has subscribed. */
async function listening(options: Partial<SupabaseSourceOptions> = {}) {
  const source = make(options);
  const hints: (FlagRevision | null)[] = [];
  source.subscribe((hint) => hints.push(hint));
  await until("the first hint", () => hints.length > 0);
  return { source, hints };
}

const soon = () => AbortSignal.timeout(20_000);

describe("questions", () => {
  test("are answered with position and document", async () => {
    const source = make();
    const position = await source.fetchRevision(null, soon());
    const document = parseFlagDocument(await source.fetchDocument(soon()));
    expect(document).toMatchObject(position);
    expect(document.flags.map(({ key }) => key)).toContain("new-checkout");
  });

  test.each([
    ["a wrong key", { key: "sb_secret_wrong" }, "Invalid API key"],
    ["a key without the right to read", { key: "sb_publishable_scratch" }, "permission denied"],
  ])("with %s are denied, and the key is not in the message", async (_, options, message) => {
    const error = await make(options)
      .fetchDocument(soon())
      .catch((reason: unknown) => reason);
    expect(error).toMatchObject({ failure: "denied", message: expect.stringContaining(message) });
    expect(String(error)).not.toContain(options.key);
  });

  test("that are answered by a page with status 200 have failed", async () => {
    supabase.misbehave.page = true;
    await expect(make().fetchRevision(null, soon())).rejects.toMatchObject({
      failure: "failed",
      message: expect.stringContaining("text/html, not JSON"),
    });
    await expect(
      make().acknowledge({ instance: "i", epoch: "e", revision: 1, at: 0, appliedMs: 1 }, soon()),
    ).rejects.toMatchObject({ failure: "failed" });
  });

  test("that are answered by nothing at all have failed", async () => {
    const empty: typeof fetch = async () => Response.json(null);
    await expect(make({ fetch: empty }).fetchRevision(null, soon())).rejects.toMatchObject({
      failure: "failed",
      message: expect.stringContaining("empty answer"),
    });
  });

  test("to a store that is not there end at once, to one that never answers in time", async () => {
    let asked = 0;
    const counted: typeof fetch = (...request) => {
      asked += 1;
      return fetch(...request);
    };
    const options = { fetch: counted };
    await expect(make({ ...options, url: "http://127.0.0.1:9" }).fetchDocument(soon())).rejects.toMatchObject(
      { failure: "unreachable" },
    );
    supabase.misbehave.swallow = true;
    await expect(make({ ...options, timeoutMs: 300 }).fetchDocument(soon())).rejects.toMatchObject({
      failure: "unreachable",
    });
    await expect(make(options).fetchDocument(AbortSignal.timeout(100))).rejects.toMatchObject({
      failure: "unreachable",
    });
    // The library's own retries would take seven seconds each: it asks once.
    expect(asked).toBe(3);
  });

  test("go on with a rotated key", async () => {
    let key = supabase.secretKey;
    const source = make({ key: () => key });
    await source.fetchRevision(null, soon());
    supabase.rotateKey("sb_secret_rotated");
    await expect(source.fetchRevision(null, soon())).rejects.toMatchObject({ failure: "denied" });
    key = supabase.secretKey;
    await source.fetchRevision(null, soon());
  });

  test("are not cut at a thousand flags", async () => {
    await supabase.db.query(
      `insert into slipway.flags (key, declaration, group_id, enabled, rollout, targeting)
       select 'bulk-' || n, '{"owner": "shop"}', 'bulk-' || n, true, 50, '{}' from generate_series(1, 1100) n`,
    );
    const { flags } = parseFlagDocument(await make().fetchDocument(soon()));
    expect(flags.filter(({ key }) => key.startsWith("bulk-"))).toHaveLength(1100);
  });

  test("acknowledge, and closing says goodbye", async () => {
    const source = make();
    const { epoch, revision } = await source.fetchRevision(null, soon());
    await source.acknowledge({ instance: "api-1", epoch, revision, at: 0, appliedMs: 12 }, soon());
    expect(await flagInstances(supabase.db, revision)).toMatchObject([
      { instance: "api-1", applied: true, appliedMs: 12 },
    ]);
    await source.close();
    expect(await flagInstances(supabase.db, revision)).toEqual([]);
  });
});

describe("hints", () => {
  test("come when a flag is killed, with where the store is then", async () => {
    const { hints } = await listening();
    await declared(supabase.db, "hinted");
    const { epoch, revision } = await killFlag(supabase.db, { actor: "ann", key: "hinted" });
    await until("the hint", () => hints.some((hint) => hint?.revision === revision));
    expect(hints.at(-1)).toEqual({ epoch, revision });
  });

  test("that nobody can read are hints all the same", async () => {
    const { hints } = await listening();
    const before = hints.length;
    supabase.broadcast("nonsense");
    supabase.broadcast({ epoch: 3 });
    await until("both", () => hints.length === before + 2);
    expect(hints.slice(before)).toEqual([null, null]);
  });

  test("come again after the connection was cut, and after the server was gone", async () => {
    const { hints } = await listening();
    supabase.cut();
    await until("the subscription after the cut", () => hints.length >= 2);
    await supabase.stop();
    await new Promise((resolve) => setTimeout(resolve, 300));
    const before = hints.length;
    await supabase.start();
    await until("the subscription after the restart", () => hints.length > before);
    await until("one subscriber", () => supabase.joined() === 1);
  });

  test("come again after a connection was half-open", async () => {
    const { hints } = await listening();
    const before = hints.length;
    supabase.misbehave.halfOpen = true;
    // Nobody answers its heartbeats, so it gives the connection up.
    await until("no subscriber", () => supabase.joined() === 0);
    supabase.misbehave.halfOpen = false;
    await until("another subscription", () => hints.length > before, 60_000);
  });

  test("are refused to whoever may not hear them, again and again, and the questions go on", async () => {
    const source = make({ key: "sb_publishable_scratch" });
    const hints: unknown[] = [];
    source.subscribe((hint) => hints.push(hint));
    await new Promise((resolve) => setTimeout(resolve, 500));
    expect(hints).toEqual([]);
    await expect(source.fetchRevision(null, soon())).rejects.toMatchObject({ failure: "denied" });
  });

  test("that never come leave the questions as they are", async () => {
    const { source } = await listening();
    supabase.misbehave.mute = true;
    await declared(supabase.db, "muted");
    const before = await source.fetchRevision(null, soon());
    await setFlag(supabase.db, { actor: "ann", key: "muted", change: { rollout: 1 }, expectedVersion: 1 });
    expect(await source.fetchRevision(null, soon())).toEqual({ ...before, revision: before.revision + 1 });
  });

  test("end with the subscription, and the connection with the source", async () => {
    const source = make();
    const hints: unknown[] = [];
    const unsubscribe = source.subscribe((hint) => hints.push(hint));
    await until("the first hint", () => hints.length > 0);
    unsubscribe();
    await until("no subscriber", () => supabase.joined() === 0);
    const heard = hints.length;
    const { hints: others } = await listening();
    const { revision } = await killFlag(supabase.db, { actor: "ann", key: "new-checkout" });
    await until("the hint elsewhere", () => others.some((hint) => hint?.revision === revision));
    expect(hints).toHaveLength(heard);
  });
});
