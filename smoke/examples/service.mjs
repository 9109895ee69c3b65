import { createServer } from "node:http";

// A service to try the examples against: node smoke/examples/service.mjs [port]. What goes wrong here goes
// wrong in the same way each time.

const version = "1.4.0";
const build = `sha256:${"4".repeat(64)}`;
const orders = new Map();
let lateSince = 0;
let lateAsked = 0;
let turn = 0;

const page = `<!doctype html><meta name="build" content="${version}"><script src="/app.js"></script><h1>Shop</h1>`;

/** Well 1.5 s after it was first asked; forgets it when nobody has asked for 3 s. */
function late() {
  const now = Date.now();
  if (now - lateAsked > 3_000) lateSince = now;
  lateAsked = now;
  return now - lateSince < 1_500 ? [503, { status: "starting" }] : [200, { status: "ok" }];
}

const paths = {
  "GET /healthz": () => [200, { status: "ok" }, { "x-version": `v${version}` }],
  "GET /readyz": () => [200, { status: "ready" }],
  "GET /meta": () => [200, { service: "shop", version, commit: "4".repeat(40), digest: build }],
  "GET /openapi.json": () => [200, { openapi: "3.1.0", info: { title: "shop", version }, paths: {} }],
  "GET /products": () => [
    200,
    [
      { id: 1, name: "Tea", price: 4.5 },
      { id: 2, name: "Cup", price: 9 },
    ],
  ],
  "GET /metrics": () => [200, 'http_requests_total{code="200"} 17\nhttp_requests_total{code="500"} 0\n'],
  "GET /": () => [200, page, { "content-type": "text/html" }],
  "GET /app.js": () => [200, "1", { "content-type": "text/javascript" }],
  "GET /late": late,
  // Every second request is refused for half a second.
  "GET /busy": () =>
    turn++ % 2 === 0 ? [503, { status: "busy" }, { "retry-after": "0.5" }] : [200, { status: "ok" }],
  "GET /unhealthy": () => [200, { status: "unhealthy" }],
  "GET /login-wall": () => [302, "", { location: "/login" }],
  "GET /whoami": (request) => [200, { authorization: request.headers.authorization ?? null }],
  "POST /orders": () => {
    const id = crypto.randomUUID();
    orders.set(id, { id, state: "new" });
    return [201, orders.get(id)];
  },
};

function answerTo(request) {
  const path = new URL(request.url, "http://shop.test").pathname;
  const id = /^\/orders\/(.+)$/.exec(path)?.[1];
  if (id !== undefined && request.method === "DELETE") return orders.delete(id) ? [204, ""] : [404, ""];
  return paths[`${request.method} ${path}`]?.(request) ?? [404, { error: "not found" }];
}

const server = createServer((request, response) => {
  const [status, body, headers = {}] = answerTo(request);
  const text = typeof body === "string";
  const reply = () => {
    response.writeHead(status, { "content-type": text ? "text/plain" : "application/json", ...headers });
    response.end(text ? body : JSON.stringify(body));
  };
  const wait = request.url === "/hangs" ? undefined : request.url.startsWith("/slow") ? 1_000 : 0;
  if (wait !== undefined) setTimeout(reply, wait);
});
paths["GET /slow"] = () => [200, { status: "ok" }];
server.listen(Number(process.argv[2] ?? 4711), "127.0.0.1", () => {
  console.log(`http://127.0.0.1:${server.address().port}`);
});
