import { describe, expect, test } from "vitest";
import { checkSuite } from "../schema/check-suite.ts";
import { importHurl } from "./hurl.ts";
import { importOpenapi } from "./openapi.ts";
import { importPostman } from "./postman.ts";

describe("an odd OpenAPI document", () => {
  test("is read through its references, ranges and examples; what it leaves open is told", () => {
    const { suite, unmapped } = importOpenapi({
      openapi: "3.0.3",
      servers: [{ url: "https://{where}.shop.test", variables: { where: { default: "eu" } } }],
      paths: {
        "/none": null,
        "/other": { $ref: "./other.yaml" },
        "/search": {
          get: {
            parameters: [{ $ref: "#/components/parameters/Words" }],
            responses: { 200: { $ref: "#/components/responses/Text" } },
          },
        },
        "/status": { get: { responses: { "2XX": { content: { "application/json; charset=utf-8": {} } } } } },
        "/old": { get: { responses: { 301: {} } } },
        "/loop": { $ref: "#/paths/~1loop" },
      },
      components: {
        parameters: {
          Words: { name: "q", in: "query", required: true, examples: { one: { value: "a b" } } },
        },
        responses: { Text: { content: { "text/plain": {} } } },
      },
    });
    expect(suite.services).toEqual({ api: { address: "https://eu.shop.test" } });
    expect(suite.checks).toEqual([
      { name: "GET /search", path: "/search?q=a+b", expect: { type: "text/plain" } },
      { name: "GET /status", path: "/status", expect: { type: "application/json", health: true } },
      { name: "GET /old", path: "/old", expect: { status: 301 } },
    ]);
    expect(unmapped.map(({ where }) => where)).toEqual(["/none", "/other", "/loop"]);
  });

  test("of version 2 has its address in three places", () => {
    const { suite } = importOpenapi({
      swagger: "2.0",
      host: "shop.test:8080",
      basePath: "/api",
      schemes: ["http"],
      produces: ["application/json"],
      paths: { "/products": { get: { responses: { 200: {} } } } },
    });
    expect(suite).toMatchObject({
      services: { api: { address: "http://shop.test:8080/api" } },
      checks: [{ path: "/products", expect: { type: "application/json" } }],
    });
  });
});

describe("a login that is written into a file", () => {
  // Made up here; what has to be true is that it is not in the suite.
  const login = ["open", "sesame", "42"].join("-");

  test("of hurl becomes a variable, wherever it stands", () => {
    const { suite, unmapped } = importHurl(
      [
        `GET https://shop.test/a?api_key=${login}&page=2`,
        `Authorization: Bearer ${login}`,
        "HTTP 200",
        "POST https://shop.test/login",
        "[Form]",
        "user: bob",
        `password: ${login}`,
        "POST https://shop.test/json",
        `{"user":"bob","password":"${login}","at":"{{when}}"}`,
      ].join("\n"),
    );
    expect(JSON.stringify(suite)).not.toContain(login);
    expect(suite.env).toEqual({
      API_KEY: "secret",
      AUTHORIZATION: "secret",
      PASSWORD: "secret",
      WHEN: "plain",
    });
    expect(suite.checks).toMatchObject([
      {
        url: `https://shop.test/a?api_key=\${API_KEY}&page=2`,
        headers: { Authorization: `\${AUTHORIZATION}` },
      },
      {
        body: `user=bob&password=\${PASSWORD}`,
        headers: { "content-type": "application/x-www-form-urlencoded" },
      },
      { body: { user: "bob", password: `\${PASSWORD}`, at: `\${WHEN}` } },
    ]);
    expect(unmapped.filter(({ why }) => why.includes("is left out: set"))).toHaveLength(4);
    expect(checkSuite(suite, "imported")).toBeDefined();
  });

  test("of Postman too, in headers, forms and inherited logins", () => {
    const { suite, unmapped } = importPostman({
      auth: { type: "bearer", bearer: [{ key: "token", value: "{{shopToken}}" }] },
      event: [{ listen: "prerequest", script: { exec: ["pm.sendRequest(x)"] } }],
      item: [
        {
          name: "form",
          request: {
            method: "POST",
            url: { raw: "https://shop.test/orders/:id/{{$guid}}", variable: [{ key: "id", value: "7" }] },
            header: [{ key: "X-Api-Key", value: login }],
            body: {
              mode: "urlencoded",
              urlencoded: [
                { key: "secret", value: login },
                { key: "a", value: "b c" },
              ],
            },
          },
        },
      ],
    });
    expect(JSON.stringify({ suite, unmapped })).not.toContain(login);
    expect(suite.checks).toMatchObject([
      {
        url: `https://shop.test/orders/7/\${run.id}`,
        headers: { authorization: `Bearer \${SHOPTOKEN}`, "X-Api-Key": `\${X_API_KEY}` },
        body: `secret=\${SECRET}&a=b%20c`,
      },
    ]);
    expect(unmapped[0]).toEqual({
      where: "the collection",
      why: "there is no place for a prerequest script of a folder",
    });
  });
});

describe("two tests of one value", () => {
  test("are both kept where they can be, and told where they cannot", () => {
    const hurl = importHurl(
      [
        "GET https://shop.test/",
        "HTTP 200",
        "[Asserts]",
        'jsonpath "$.a" exists',
        'jsonpath "$.a" contains "x"',
        'body contains "one"',
        'body contains "two"',
        'jsonpath "$.b" not exists',
        'certificate "Expire-Date" daysAfterNow > 15',
      ].join("\n"),
    );
    expect(hurl.suite.checks).toMatchObject([
      {
        expect: {
          json: { "$.a": { exists: true, contains: "x" }, "$.b": { exists: false } },
          text: { contains: "one" },
        },
      },
    ]);
    expect(hurl.unmapped.map(({ where }) => where)).toEqual(["line 7", "line 9"]);
    const exec = [
      "pm.test('short', () => pm.response.to.have.status(201));",
      "pm.expect(pm.response.text()).to.include('one');",
      "pm.expect(pm.response.text()).to.include('two');",
      "pm.expect(body.name).to.be.a('string');",
    ];
    const event = [{ listen: "test", script: { exec } }];
    const postman = importPostman({ item: [{ name: "a", request: "https://shop.test/", event }] });
    expect(postman.suite.checks).toMatchObject([
      { expect: { status: 201, text: { contains: "one" }, json: { "$.name": { type: "string" } } } },
    ]);
    expect(postman.unmapped).toEqual([
      { where: "a", why: expect.stringContaining("there is one test of this sort already") },
    ]);
  });
});

test("a text that would be a placeholder of a suite stays the text that it was", () => {
  const { suite } = importHurl(`GET https://shop.test/\nX-Cost: \${5}\nHTTP 200`);
  expect(suite.checks).toMatchObject([{ headers: { "X-Cost": `$\${5}` } }]);
});

test("hurl's pause between retries is a second, unless it says otherwise", () => {
  const { suite } = importHurl("GET https://shop.test/\n[Options]\nretry: 3\nHTTP 200");
  expect(suite.checks).toMatchObject([{ retry: { limit: 3, every: "1s" } }]);
});
