import { describe, expect, test } from "vitest";
import { chooseBackend } from "./choose-backend.ts";
import { originForm, pathOf } from "./request-target.ts";
import { readRoutes, routeTable } from "./route-table.ts";

const backend = { instance: "i", address: "http://127.0.0.1:4711", weight: 1 };
const route = (service: string, path: string, backends = [{ ...backend, instance: service }]) => ({
  service,
  path,
  backends,
});

describe("the route of a request", () => {
  const table = routeTable([route("web", "/"), route("api", "/api"), route("admin", "/api/admin/")]);
  test.each([
    ["/", "web"],
    ["/apis", "web"],
    ["/api", "api"],
    ["/api?x=/api/admin", "api"],
    ["/api/x", "api"],
    ["/api/admin", "admin"],
    ["/api/admin/users", "admin"],
    ["/api/administrators", "api"],
  ])("%s is the one with the longest path: %s", (target, service) => {
    expect(chooseBackend(table, target).backend?.instance).toBe(service);
  });

  test("is a 404 when others exist and a 503 when none does or none has a backend", () => {
    expect(chooseBackend(routeTable([route("api", "/api")]), "/").refusal).toMatchObject({ status: 404 });
    expect(chooseBackend(routeTable([]), "/").refusal).toMatchObject({ status: 503 });
    const resting = routeTable([route("api", "/", [{ ...backend, weight: 0 }])]);
    expect(chooseBackend(resting, "/").refusal).toMatchObject({
      status: 503,
      message: expect.stringContaining('"api"'),
    });
  });
});

describe("routes from outside", () => {
  test("lose what is not theirs", () => {
    expect(readRoutes([{ ...route("api", "/"), extra: 1 }])).toEqual([route("api", "/")]);
  });

  test.each([
    ["no list", {}],
    ["no path", [{ ...route("api", "/"), path: "api" }]],
    ["no service", [route("", "/")]],
    ["one path twice", [route("api", "/x"), route("web", "/x/")]],
    ["an address with a path", [route("api", "/", [{ ...backend, address: "http://127.0.0.1:1/x" }])]],
    ["an address that is none", [route("api", "/", [{ ...backend, address: "" }])]],
    ["a negative weight", [route("api", "/", [{ ...backend, weight: -1 }])]],
    ["a weight that is no number", [route("api", "/", [{ ...backend, weight: Number.NaN }])]],
  ])("are refused with %s", (_what, routes) => {
    expect(() => readRoutes(routes)).toThrow(RangeError);
  });
});

test("a request target is read without its query, and without scheme and host", () => {
  expect(pathOf("/a/b?c#d")).toBe("/a/b");
  expect(originForm("http://example.org/a?b")).toBe("/a?b");
  expect(originForm("http://example.org?b")).toBe("/?b");
  expect(originForm("/a")).toBe("/a");
});
