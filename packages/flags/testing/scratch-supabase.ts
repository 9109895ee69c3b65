import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { bootstrapLedger, connect, type Database } from "@slipway/ledger";
import { freePort, type ScratchPostgres } from "@slipway/toolchain/testing";
import { App } from "@supabase/lite";
import { createPostgresConnection } from "@supabase/lite/postgres";
import { acceptWebSocket, type WebSocketPeer } from "./web-socket.ts";

/** How the stand-in misbehaves; each may be changed at any time. */
export interface Misbehaviour {
  /** Answers REST requests with a page and status 200. */
  page: boolean;
  /** Takes REST requests and never answers. */
  swallow: boolean;
  /** Leaves WebSockets open and is deaf and mute on them: half-open. */
  halfOpen: boolean;
  /** Lets no broadcast through. */
  mute: boolean;
}

/** Supabase's API in front of a real database: `@supabase/lite` for REST, a stand-in for Realtime, on one port. */
export interface ScratchSupabase {
  readonly url: string;
  readonly db: Database;
  readonly misbehave: Misbehaviour;
  readonly secretKey: string;
  readonly publishableKey: string;
  /** Makes another key the secret one: requests and joins with the one before are refused. */
  rotateKey(key: string): void;
  /** REST requests until now. */
  requests(): number;
  /** Subscribers of the channel now. */
  joined(): number;
  /** Sends a broadcast of any content to all subscribers. */
  broadcast(payload: unknown): void;
  /** Cuts every WebSocket. */
  cut(): void;
  /** Ends the server; `start` brings it back on the same port. */
  stop(): Promise<void>;
  start(): Promise<void>;
  remove(): Promise<void>;
}

const TOPIC = "realtime:slipway:flags";

export async function scratchSupabase(postgres: ScratchPostgres): Promise<ScratchSupabase> {
  const databaseUrl = await postgres.createDatabase();
  const db = await connect(databaseUrl);
  // As on the platform: its roles are there first. Lite takes on a role only where some table has row level security.
  await db.script(`do $$ begin create role anon nologin; create role authenticated nologin;
      create role service_role nologin bypassrls; exception when duplicate_object then null; end $$;
    create table public.notes (id integer); alter table public.notes enable row level security`);
  await bootstrapLedger(db, { project: "shop", environment: "production" });
  let secretKey = "sb_secret_scratch";
  const publishableKey = "sb_publishable_scratch";
  const connection = createPostgresConnection({
    url: databaseUrl,
    // Refusals of the database are wanted here, and not worth a line each.
    postgresOptions: { max: 20, onnotice: () => undefined },
  });
  const makeApp = () =>
    new App({
      connection,
      api: { schemas: ["public", "slipway_api"] },
      auth: { publishable_key: publishableKey, secret_key: secretKey, jwt_secret: "scratch".repeat(6) },
    } as never);
  let app = makeApp();
  let requests = 0;
  const misbehave: Misbehaviour = { page: false, swallow: false, halfOpen: false, mute: false };
  const peers = new Map<WebSocketPeer, { joinRef: unknown; array: boolean } | null>();

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    requests += 1;
    if (misbehave.swallow) return;
    if (misbehave.page) {
      response.writeHead(200, { "content-type": "text/html" }).end("<!doctype html><title>Studio</title>");
      return;
    }
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const result = await app.fetch(
      new Request(`http://supabase.test${request.url}`, {
        method: request.method ?? "GET",
        headers: request.headers as Record<string, string>,
        ...(chunks.length > 0 ? { body: Buffer.concat(chunks) } : {}),
      }),
    );
    const body = Buffer.from(await result.arrayBuffer());
    response.writeHead(result.status, Object.fromEntries(result.headers)).end(body);
  }

  function onMessage(peer: WebSocketPeer, text: string, key: string | null): void {
    if (misbehave.halfOpen) return;
    const message: unknown = JSON.parse(text);
    const array = Array.isArray(message);
    const [joinRef, ref, topic, event] = array
      ? message
      : ["join_ref", "ref", "topic", "event"].map((name) => (message as Record<string, unknown>)[name]);
    const allowed = topic === "phoenix" || key === secretKey;
    const payload = allowed
      ? { status: "ok", response: {} }
      : { status: "error", response: { reason: "Unauthorized" } };
    if (event === "phx_join" && allowed) peers.set(peer, { joinRef, array });
    const reply = array
      ? [joinRef, ref, topic, "phx_reply", payload]
      : { join_ref: joinRef, ref, topic, event: "phx_reply", payload };
    if (["phx_join", "heartbeat", "phx_leave"].includes(String(event))) peer.send(JSON.stringify(reply));
  }

  function broadcast(content: unknown): void {
    if (misbehave.mute || misbehave.halfOpen) return;
    const payload = { type: "broadcast", event: "changed", payload: content };
    for (const [peer, joined] of peers) {
      if (joined === null) continue;
      peer.send(
        JSON.stringify(
          joined.array
            ? [joined.joinRef, null, TOPIC, "broadcast", payload]
            : { topic: TOPIC, event: "broadcast", ref: null, payload },
        ),
      );
    }
  }

  // In the platform the database sends the broadcast itself; the notification of the same change stands in for that.
  await db.listen?.("slipway_flags", (notice) => broadcast(JSON.parse(notice)));

  const makeServer = () => {
    const server = createServer((request, response) => {
      answer(request, response).catch(() => response.destroy());
    });
    server.on("upgrade", (request, socket) => {
      const { searchParams } = new URL(request.url ?? "/", "http://supabase.test");
      const peer: WebSocketPeer = acceptWebSocket(
        request,
        socket,
        (text) => onMessage(peer, text, searchParams.get("apikey")),
        () => peers.delete(peer),
      );
      peers.set(peer, null);
    });
    return server;
  };
  const port = await freePort();
  let server = makeServer();
  const cut = () => {
    for (const peer of peers.keys()) peer.destroy();
  };
  const start = async () => {
    server = makeServer();
    await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
  };
  const stop = async () => {
    const closed = new Promise((resolve) => server.close(resolve));
    server.closeAllConnections();
    cut();
    await closed;
  };
  await start();
  return {
    url: `http://127.0.0.1:${port}`,
    db,
    misbehave,
    publishableKey,
    get secretKey() {
      return secretKey;
    },
    rotateKey(key) {
      secretKey = key;
      app = makeApp();
      cut();
    },
    requests: () => requests,
    joined: () => [...peers.values()].filter((joined) => joined !== null).length,
    broadcast,
    cut,
    start,
    stop,
    async remove() {
      await stop();
      await connection.close();
      await db.end();
    },
  };
}
