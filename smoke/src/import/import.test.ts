import { describe, expect, test } from "vitest";
import { checkSuite } from "../schema/check-suite.ts";
import { importHurl } from "./hurl.ts";
import { importOpenapi } from "./openapi.ts";
import { importPostman } from "./postman.ts";

describe("an OpenAPI document", () => {
  const json = { content: { "application/json": {} } };
  const document = {
    openapi: "3.1.0",
    info: { title: "Shop", version: "1.2.0" },
    servers: [{ url: "https://shop.test/v1/" }],
    paths: {
      "/healthz": { get: { responses: { 200: json } } },
      "/products": {
        get: {
          summary: "List products",
          parameters: [{ name: "limit", in: "query", required: true, schema: { default: 10 } }],
          responses: { 200: json },
        },
        post: { responses: { 201: json } },
      },
      "/products/{id}": { get: { responses: { 200: json } } },
      "/search": {
        get: { parameters: [{ name: "q", in: "query", required: true }], responses: { 200: json } },
      },
      "/me": { get: { security: [{ bearer: [] }], responses: { 200: json } } },
      "/old": { get: { responses: { 204: {} } } },
    },
  };

  test("gives a check of every GET that needs nothing, and says what it left out", () => {
    const { suite, unmapped } = importOpenapi(document);
    expect(suite.services).toEqual({ api: { address: "https://shop.test/v1" } });
    expect(suite.checks).toEqual([
      { name: "GET /healthz", path: "/healthz", expect: { type: "application/json", health: true } },
      { name: "List products", path: "/products?limit=10", expect: { type: "application/json" } },
      { name: "GET /old", path: "/old", expect: { status: 204 } },
    ]);
    expect(unmapped.map(({ where, why }) => `${where}: ${why.split(":")[0]}`)).toEqual([
      "POST /products: it may change something",
      "GET /products/{id}: its path has parameters",
      "GET /search: it needs q, and the document gives no example",
      "GET /me: it needs a login",
    ]);
    expect(checkSuite(suite, "imported")).toBeDefined();
  });

  test("without a server of its own takes the address from the environment", () => {
    const { suite } = importOpenapi({ ...document, servers: [{ url: "/v1" }] });
    expect(suite).toMatchObject({
      env: { API_URL: "plain" },
      services: { api: { address: `\${API_URL}/v1` } },
    });
  });

  test("is not anything else", () => {
    expect(() => importOpenapi({ paths: {} })).toThrow("not an OpenAPI document");
  });
});

describe("a hurl file", () => {
  const file = `# smoke
GET {{base}}/healthz
Accept: application/json
[Options]
retry: 3
retry-interval: 500
location: true
HTTP 200
Content-Type: application/json
[Captures]
version: jsonpath "$.version"
[Asserts]
jsonpath "$.status" == "ok"
jsonpath "$.items" count >= 1
jsonpath "$.items[?(@.id==1)]" exists
header "x-served-by" exists
duration < 500
certificate "Expire-Date" daysAfterNow > 14

GET {{base}}/meta
HTTP 200
[Asserts]
jsonpath "$.version" == "{{version}}"

POST {{base}}/orders
Authorization: Bearer {{api-token}}
{
  "item": 1,
  "note": "{{note}}"
}
HTTP 201

GET {{base}}/search
[QueryStringParams]
q: a b
HTTP *
`;

  test("gives a check of every entry, and says what it left out", () => {
    const { suite, unmapped } = importHurl(file);
    expect(suite.env).toEqual({ BASE: "plain", API_TOKEN: "secret", NOTE: "plain" });
    expect(suite.checks).toEqual([
      {
        name: "GET {{base}}/healthz",
        url: `\${BASE}/healthz`,
        headers: { Accept: "application/json" },
        retry: { on: expect.arrayContaining(["assertion"]), limit: 3, every: "500ms" },
        expect: {
          headers: { "Content-Type": "application/json", "x-served-by": { exists: true } },
          json: { "$.status": "ok", "$.items": { length: { min: 1 } } },
          within: 500,
        },
      },
      {
        name: "POST {{base}}/orders",
        url: `\${BASE}/orders`,
        method: "POST",
        mutating: true,
        headers: { Authorization: `Bearer \${API_TOKEN}` },
        body: { item: 1, note: `\${NOTE}` },
        expect: { status: 201 },
      },
      { name: "GET {{base}}/search", url: `\${BASE}/search?q=a%20b` },
    ]);
    expect(unmapped.map(({ where }) => where)).toEqual([
      "line 11",
      "line 7",
      "line 15",
      "line 18",
      "line 20",
      "line 25",
    ]);
    expect(unmapped.find(({ where }) => where === "line 20")?.why).toContain(
      "uses what was captured: version",
    );
    expect(checkSuite(suite, "imported")).toBeDefined();
  });

  test("is not anything else", () => {
    expect(() => importHurl("hello there\n")).toThrow("line 1 is not a request");
  });
});

describe("a Postman collection", () => {
  const collection = {
    info: { name: "Shop" },
    variable: [
      { key: "base", value: "https://shop.test" },
      { key: "apiToken", value: "do-not-copy-me" },
    ],
    item: [
      {
        name: "Health",
        request: {
          method: "GET",
          url: { raw: "{{base}}/healthz" },
          auth: { type: "bearer", bearer: [{ value: "do-not-copy-me" }] },
        },
        event: [
          {
            listen: "test",
            script: {
              exec: [
                'pm.test("is well", function () {',
                "  pm.response.to.have.status(200);",
                "  const body = pm.response.json();",
                '  pm.expect(body.status).to.eql("ok");',
                "  pm.expect(pm.response.responseTime).to.be.below(300);",
                "  pm.environment.set('x', body.x);",
                "});",
              ],
            },
          },
        ],
      },
      {
        name: "Orders",
        item: [
          {
            name: "Create",
            request: {
              method: "POST",
              url: "{{base}}/orders",
              header: [{ key: "x-key", value: "{{apiToken}}" }],
              body: { mode: "raw", raw: '{"item":1}' },
            },
          },
        ],
      },
    ],
  };

  test("gives a check of every request with what its scripts expect, and copies no login", () => {
    const { suite, unmapped } = importPostman(collection);
    expect(suite.checks).toEqual([
      {
        name: "Health",
        url: "https://shop.test/healthz",
        expect: { status: 200, json: { "$.status": "ok" }, within: 300 },
      },
      {
        name: "Orders / Create",
        url: "https://shop.test/orders",
        method: "POST",
        mutating: true,
        headers: { "x-key": `\${APITOKEN}` },
        body: { item: 1 },
      },
    ]);
    expect(JSON.stringify({ suite, unmapped })).not.toContain("do-not-copy-me");
    expect(unmapped.map(({ where, why }) => `${where}: ${why}`)).toEqual([
      "Health: its login (bearer) is left out: add a header authorization whose value comes from env",
      "Health: the script's line is not understood: pm.environment.set('x', body.x)",
      "Orders / Create: POST may change something: write a cleanUp",
    ]);
    expect(checkSuite(suite, "imported")).toBeDefined();
  });
});
