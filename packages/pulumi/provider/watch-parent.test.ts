import { createServer } from "node:net";
import { expect, test, vi } from "vitest";
import { watchParent } from "./watch-parent.ts";

test("a parent that ended before anybody looked is noticed by its silent engine", async () => {
  const server = createServer();
  const address = await new Promise<string>((resolve) =>
    server.listen(0, "127.0.0.1", () => resolve(`127.0.0.1:${(server.address() as { port: number }).port}`)),
  );
  const gone = vi.fn();
  watchParent(gone, address);
  await new Promise((resolve) => server.once("connection", resolve));
  await new Promise((resolve) => server.close(resolve));
  expect(gone).not.toHaveBeenCalled();
  watchParent(gone, address);
  await expect.poll(() => gone.mock.calls.length).toBe(1);
});
