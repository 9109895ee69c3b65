import { defineConfig } from "vitest/config";

/** Tests that end in every way, for the test of the reporter; no run of the repository finds them. */
export default defineConfig({ test: { root: import.meta.dirname, include: ["*.fixture.ts"] } });
