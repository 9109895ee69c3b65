import type { SavedData } from "@slipway/ledger";
import { expect, test } from "vitest";
import { savedFinding } from "./saved-finding.ts";

const copy = (name: string, expired: boolean) =>
  ({ name, bytes: 1_000_000, expired, expiresAt: "2026-04-01T00:00:00Z", putBack: null }) as SavedData;

test("saved data is told with its size and its first expiry, and warns once some may go", () => {
  expect(savedFinding("dev", [])).toBe("none: no rollback dropped data");
  expect(savedFinding("dev", [copy("a", false)])).toBe(
    "1 copy in slipway_saved, 977 kB, the first expires on 2026-04-01",
  );
  expect(savedFinding("dev", [copy("a", false), copy("b", true)])).toEqual({
    status: "warn",
    detail: "2 copies in slipway_saved, 1.9 MB: 1 expired or put back",
    suggestion: "slipway migrate save remove --env dev",
  });
});
